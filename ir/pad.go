package ir

import (
	"fmt"
	"slices"
)

// PadMode is how Pad fills.
type PadMode uint8

// The modes of Pad.
const (
	PadConstant PadMode = iota
	PadReflect
	PadEdge
	PadWrap
)

// Pad adds elements at both ends of axes; negative pads cut. Inputs: x, pads (all
// begins, then all ends) int64, optional scalar value, optional axes [k] int64.
type Pad struct{ Mode PadMode }

// Kind implements Op.
func (Pad) Kind() string { return "Pad" }

// Infer implements Op.
func (op Pad) Infer(in []Type) ([]Type, error) {
	if !validEnum(op.Mode) {
		return nil, fmt.Errorf("unknown mode %v", op.Mode)
	}
	if err := firstErr(arity(in, 2, 4), wantScalar(at(in, 2), "value")); err != nil {
		return nil, err
	}
	x := in[0]
	if v := at(in, 2); v.present() && v.DType != x.DType {
		return nil, fmt.Errorf("value is %v, but the input %v", v.DType, x.DType)
	}
	if !x.Ranked {
		return unranked(x.DType)
	}
	begin, end, err := op.Ends(in)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(x.Shape)
	for i, d := range x.Shape {
		if out[i], err = op.padDim(d, begin[i], end[i]); err != nil {
			return nil, fmt.Errorf("axis %d of %v: %w", i, x.Shape, err)
		}
	}
	return result(x.DType, out)
}

// Ends returns how many elements are added before and after each axis of the ranked
// input x. It takes the types that Infer takes; pads and axes must be constant.
func (Pad) Ends(in []Type) (begin, end []int, err error) {
	rank := len(in[0].Shape)
	axes, err := axesOrAll(at(in, 3), rank)
	if err != nil {
		return nil, nil, err
	}
	pads, err := constInts(at(in, 1), "pads")
	if err != nil {
		return nil, nil, err
	}
	if len(pads) != 2*len(axes) {
		return nil, nil, fmt.Errorf("%d pads for %d axes", len(pads), len(axes))
	}
	begin, end = make([]int, rank), make([]int, rank)
	for i, a := range axes {
		b, e := pads[i], pads[len(axes)+i]
		if min(b, e) < -MaxElems || max(b, e) > MaxElems {
			return nil, nil, fmt.Errorf("pads %d and %d of axis %d are out of range", b, e, a)
		}
		begin[a], end[a] = int(b), int(e)
	}
	return begin, end, nil
}

// padDim is the padded length of an axis. The modes that copy elements can copy no more
// than there are after cutting.
func (op Pad) padDim(d Dim, begin, end int) (Dim, error) {
	if begin == 0 && end == 0 {
		return d, nil
	}
	if d.N < 0 {
		return Dim{N: -1}, nil
	}
	kept, widest := d.N+min(begin, 0)+min(end, 0), max(begin, end, 0)
	switch {
	case kept < 0:
		return d, fmt.Errorf("cannot cut %d and %d elements off", -min(begin, 0), -min(end, 0))
	case op.Mode == PadReflect && widest > 0 && widest >= kept,
		op.Mode == PadWrap && widest > kept,
		op.Mode == PadEdge && widest > 0 && kept == 0:
		return d, fmt.Errorf("cannot pad %d elements by %d in %v mode", kept, widest, op.Mode)
	}
	return Dim{N: d.N + begin + end}, nil
}

// axesOrAll resolves a constant list of axes in the order given, or lists all axes
// where it is absent.
func axesOrAll(t Type, rank int) ([]int, error) {
	axes := make([]int, rank)
	for i := range axes {
		axes[i] = i
	}
	if !t.present() {
		return axes, nil
	}
	list, err := constInts(t, "axes")
	if err != nil {
		return nil, err
	}
	return resolveAxes(list, rank)
}
