package ir

import (
	"fmt"
	"math"
)

// Slice takes a strided box, with numpy rules for negative and out-of-range bounds.
// Inputs: x, starts, ends, optional axes, optional steps, all int64 [k].
type Slice struct{}

// Kind implements Op.
func (Slice) Kind() string { return "Slice" }

// Infer implements Op.
func (op Slice) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 3, 5); err != nil {
		return nil, err
	}
	x := in[0]
	if !x.Ranked {
		return unranked(x.DType)
	}
	box, err := op.Box(in)
	if err != nil {
		return nil, err
	}
	out := make(Shape, len(x.Shape))
	for i, r := range box {
		out[i] = x.Shape[i]
		if r != (Range{Step: 1, Len: x.Shape[i].N}) {
			out[i] = Dim{N: r.Len}
		}
	}
	return result(x.DType, out)
}

// Range is the elements Start, Start+Step, ... of an axis, Len of them; Start and
// Len are -1 where the length of the axis is not known.
type Range struct{ Start, Step, Len int }

// Box returns the range that is taken of each axis of the ranked input x. It takes the
// types that Infer takes; all but x must be constant.
func (Slice) Box(in []Type) ([]Range, error) {
	shape := in[0].Shape
	axes, starts, ends, steps, err := sliceLists(in)
	if err != nil {
		return nil, err
	}
	box := make([]Range, len(shape))
	for i, d := range shape {
		box[i] = Range{Step: 1, Len: d.N}
	}
	for i, a := range axes {
		step := int64(1)
		if steps != nil {
			step = steps[i]
		}
		if step == 0 || step == math.MinInt64 {
			return nil, fmt.Errorf("step of axis %d is %d", a, step)
		}
		box[a] = rangeOf(shape[a].N, starts[i], ends[i], step)
	}
	return box, nil
}

// sliceLists reads the constant inputs of a Slice; steps is nil where absent.
func sliceLists(in []Type) (axes []int, starts, ends, steps []int64, err error) {
	if starts, err = constInts(in[1], "starts"); err != nil {
		return
	}
	if ends, err = constInts(in[2], "ends"); err != nil {
		return
	}
	if axes, err = axesOrAll(at(in, 3), len(in[0].Shape)); err != nil {
		return
	}
	if !at(in, 3).present() {
		axes = axes[:min(len(axes), len(starts))]
	}
	if at(in, 4).present() {
		if steps, err = constInts(in[4], "steps"); err != nil {
			return
		}
	}
	if len(starts) != len(axes) || len(ends) != len(axes) || steps != nil && len(steps) != len(axes) {
		err = fmt.Errorf("%d starts, %d ends and %d steps for %d axes", len(starts), len(ends), len(steps), len(axes))
	}
	return
}

// rangeOf clamps a slice of an axis of length n as ONNX does: going forward to [0, n],
// going backward the start to [0, n-1] and the end to [-1, n-1].
func rangeOf(n int, start, end, step int64) Range {
	if n < 0 {
		return Range{Start: -1, Step: int(step), Len: -1}
	}
	length, low, high := int64(n), int64(0), int64(n)
	if step < 0 {
		low, high = -1, length-1
	}
	clamp := func(i int64) int64 {
		if i < 0 {
			i = max(i, -length-1) + length
		}
		return min(max(i, low), high)
	}
	start, end = clamp(start), clamp(end)
	if step < 0 {
		start = max(start, min(0, high))
		return Range{int(start), int(step), int(ceilDiv(max(start-end, 0), -step))}
	}
	return Range{int(start), int(step), int(ceilDiv(max(end-start, 0), step))}
}

// ceilDiv is a/b rounded up, for a >= 0 and b > 0.
func ceilDiv[I int | int64](a, b I) I {
	if a == 0 {
		return 0
	}
	return (a-1)/b + 1
}
