package ann

import "ann2snn/internal/kernels/f32"

// outside marks an element that a pick does not take from its source.
const outside = -1

// pick describes a tensor by where its elements come from: element (i, j, ...) is
// element axes[0][i]+axes[1][j]+... of the source, or the fill value where one of the
// offsets is outside.
type pick struct {
	axes [][]int32
	fill *value // one element; nil stands for zero
}

// newPick returns the pick that takes every element of a row-major tensor; operators
// then change the axes.
func newPick(shape []int) pick {
	p := pick{axes: make([][]int32, len(shape))}
	for i, stride := range rowMajor(shape) {
		p.axes[i] = f32.Lattice(shape[i:i+1], []int{stride})
	}
	return p
}

// rowMajor returns the strides of a row-major tensor.
func rowMajor(shape []int) []int {
	strides := make([]int, len(shape))
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = step
		step *= shape[i]
	}
	return strides
}

// step makes the step that computes dst from src.
func (p pick) step(dst, src *value) step {
	p.dropTrivialAxes()
	last := len(p.axes) - 1
	inner := []int32{0}
	if last >= 0 {
		inner = p.axes[last]
		p.axes = p.axes[:last]
	}
	mv := moves{dst: dst, src: src, fill: p.fill, rows: combine(p.axes), inner: inner, run: isRun(inner)}
	return forElement(src.dtype, moveStep[float32], moveStep[int64], moveStep[bool])(mv)
}

// dropTrivialAxes drops the axes of length 1 that add nothing, so that rows get long.
func (p *pick) dropTrivialAxes() {
	kept := make([][]int32, 0, len(p.axes))
	for _, offsets := range p.axes {
		if len(offsets) != 1 || offsets[0] != 0 {
			kept = append(kept, offsets)
		}
	}
	p.axes = kept
}

// combine lists the sums of one offset from each axis in row-major order.
func combine(axes [][]int32) []int32 {
	sums := []int32{0}
	for _, offsets := range axes {
		next := make([]int32, 0, len(sums)*len(offsets))
		for _, s := range sums {
			for _, o := range offsets {
				if s == outside || o == outside {
					next = append(next, outside)
					continue
				}
				next = append(next, s+o)
			}
		}
		sums = next
	}
	return sums
}

// isRun reports whether offsets are those of neighbours.
func isRun(offsets []int32) bool {
	for i, o := range offsets {
		if o == outside || o != offsets[0]+int32(i) {
			return false
		}
	}
	return len(offsets) > 0
}

// moves is a pick split into rows along its last axis.
type moves struct {
	dst, src, fill *value
	rows, inner    []int32
	run            bool // inner are neighbours
}

func moveStep[T element](p moves) step {
	return func(m *memory) error {
		dst, src := elements[T](p.dst, m), elements[T](p.src, m)
		var fill T
		if p.fill != nil {
			fill = elements[T](p.fill, m)[0]
		}
		width := len(p.inner)
		for r, start := range p.rows {
			row := dst[r*width : (r+1)*width]
			switch {
			case start == outside:
				fillRow(row, fill)
			case p.run:
				copy(row, src[start+p.inner[0]:])
			default:
				gatherRow(row, src[start:], p.inner, fill)
			}
		}
		return nil
	}
}

func fillRow[T element](row []T, fill T) {
	for i := range row {
		row[i] = fill
	}
}

func gatherRow[T element](row, src []T, offsets []int32, fill T) {
	for i, o := range offsets {
		if o == outside {
			row[i] = fill
			continue
		}
		row[i] = src[o]
	}
}
