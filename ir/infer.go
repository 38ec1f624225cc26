package ir

import (
	"fmt"
	"slices"
)

// MaxElems is the largest number of elements, and the largest axis length, of a value.
const MaxElems = 1<<31 - 1

// present reports whether an optional input is there.
func (t Type) present() bool { return t.DType != Invalid }

// at returns input i, or the zero Type where trailing inputs are left out.
func at(in []Type, i int) Type {
	if i < len(in) {
		return in[i]
	}
	return Type{}
}

// arity checks that the first required inputs are there and that there are at most most.
func arity(in []Type, required, most int) error {
	if len(in) > most {
		return fmt.Errorf("has %d inputs, takes at most %d", len(in), most)
	}
	for i := range required {
		if !at(in, i).present() {
			return fmt.Errorf("input %d is missing", i)
		}
	}
	return nil
}

// wantDType checks that the inputs that are present have one of the element types.
func wantDType(in []Type, allowed ...DType) error {
	for i := range in {
		if err := wantInput(in, i, allowed...); err != nil {
			return err
		}
	}
	return nil
}

// wantInput checks that input i, where present, has one of the element types.
func wantInput(in []Type, i int, allowed ...DType) error {
	if t := at(in, i); t.present() && !slices.Contains(allowed, t.DType) {
		return fmt.Errorf("input %d is %v, want %v", i, t.DType, allowed)
	}
	return nil
}

// sameDType checks that input first and those after it, where present, agree in element type.
func sameDType(in []Type, first int) error {
	for i := first + 1; i < len(in); i++ {
		if in[i].present() && in[i].DType != in[first].DType {
			return fmt.Errorf("input %d is %v, but input %d is %v", i, in[i].DType, first, in[first].DType)
		}
	}
	return nil
}

// result is the single output of an operator, checked against MaxElems.
func result(d DType, s Shape) ([]Type, error) {
	if err := checkShape(s); err != nil {
		return nil, err
	}
	return []Type{{DType: d, Ranked: true, Shape: s}}, nil
}

// unranked is the single output of an operator whose input has unknown rank.
func unranked(d DType) ([]Type, error) { return []Type{{DType: d}}, nil }

// checkShape checks the axis lengths and the number of elements; unknown axes count 1.
func checkShape(s Shape) error {
	n, zero := 1, false
	for i, d := range s {
		switch {
		case d.N > MaxElems:
			return fmt.Errorf("axis %d of %v is longer than %d", i, s, MaxElems)
		case d.N == 0:
			zero = true
		case d.N > 0 && n > MaxElems/d.N:
			n = MaxElems + 1
		case d.N > 0 && n <= MaxElems:
			n *= d.N
		}
	}
	if n > MaxElems && !zero {
		return fmt.Errorf("%v has more than %d elements", s, MaxElems)
	}
	return nil
}

// inferFloatMap is Infer for elementwise functions of one float input.
func inferFloatMap(in []Type) ([]Type, error) { return inferMap(in, Float32) }

// inferMap is Infer for elementwise functions of one input of an allowed element type.
func inferMap(in []Type, allowed ...DType) ([]Type, error) {
	if err := firstErr(arity(in, 1, 1), wantDType(in, allowed...)); err != nil {
		return nil, err
	}
	return like(in[0])
}

// like is a single output with the element type and shape of t.
func like(t Type) ([]Type, error) {
	return []Type{{DType: t.DType, Ranked: t.Ranked, Shape: t.Shape}}, nil
}

// firstErr returns the first error.
func firstErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Axis returns axis a of rank axes counted from the front; negative a counts from the back.
func Axis(a, rank int) (int, error) {
	if a < -rank || a >= rank {
		return 0, fmt.Errorf("axis %d does not exist in %d axes", a, rank)
	}
	if a < 0 {
		a += rank
	}
	return a, nil
}

// resolveAxes resolves a list of axes of rank and refuses repeated ones.
func resolveAxes(list []int64, rank int) ([]int, error) {
	axes := make([]int, len(list))
	for i, a := range list {
		if a < int64(-rank) || a >= int64(rank) {
			return nil, fmt.Errorf("axis %d does not exist in %d axes", a, rank)
		}
		axes[i] = int((a + int64(rank)) % int64(rank))
		if slices.Contains(axes[:i], axes[i]) {
			return nil, fmt.Errorf("axes %v name axis %d twice", list, axes[i])
		}
	}
	return axes, nil
}

// constInts returns the elements of an integer input that must be known at load time.
func constInts(t Type, what string) ([]int64, error) {
	switch {
	case t.DType != Int64:
		return nil, fmt.Errorf("%s is %v, want %v", what, t.DType, Int64)
	case t.Ranked && len(t.Shape) > 1:
		return nil, fmt.Errorf("%s has shape %v, want a list", what, t.Shape)
	case t.Const == nil:
		return nil, fmt.Errorf("%s is not constant", what)
	}
	return t.Const.I, nil
}

// wantScalar checks that t, where present, has a single element.
func wantScalar(t Type, what string) error {
	if t.present() && t.Static() && t.Elems() != 1 {
		return fmt.Errorf("%s has shape %v, want one element", what, t.Shape)
	}
	return nil
}

// broadcast joins shapes by numpy's rules.
func broadcast(shapes ...Shape) (Shape, error) {
	rank := 0
	for _, s := range shapes {
		rank = max(rank, len(s))
	}
	out := Fixed(slices.Repeat([]int{1}, rank)...)
	for _, s := range shapes {
		for i, d := range s {
			o := &out[rank-len(s)+i]
			j, ok := broadcastDim(*o, d)
			if !ok {
				return nil, fmt.Errorf("shapes %v do not broadcast", shapes)
			}
			*o = j
		}
	}
	return out, nil
}

func broadcastDim(a, b Dim) (Dim, bool) {
	switch {
	case a == b, b.N == 1:
		return a, true
	case a.N == 1:
		return b, true
	case a.N < 0 && b.N < 0:
		return Dim{N: -1}, true
	case a.N < 0:
		return b, true
	case b.N < 0:
		return a, true
	}
	return a, a.N == b.N
}

// broadcastTo checks that from broadcasts to exactly to, adding no axis and lengthening none.
func broadcastTo(from, to Shape) error {
	if s, err := broadcast(from, to); err != nil || !s.fits(to) {
		return fmt.Errorf("shape %v does not broadcast to %v", from, to)
	}
	return nil
}

// fits reports whether s and t can be the same shape; unknown axes fit everything.
func (s Shape) fits(t Shape) bool {
	return slices.EqualFunc(s, t, Dim.fits)
}

func (d Dim) fits(e Dim) bool { return d.N == e.N || d.N < 0 || e.N < 0 }

// inferBroadcast is the common shape of the inputs under element type d.
func inferBroadcast(in []Type, d DType) ([]Type, error) {
	shapes := make([]Shape, len(in))
	for i, t := range in {
		if !t.Ranked {
			return unranked(d)
		}
		shapes[i] = t.Shape
	}
	s, err := broadcast(shapes...)
	if err != nil {
		return nil, err
	}
	return result(d, s)
}

// mulDims multiplies axis lengths; it is unknown if a factor is, unless another is 0.
func mulDims(s Shape) Dim {
	if len(s) == 1 {
		return s[0]
	}
	n, unknown := 1, false
	for _, d := range s {
		switch {
		case d.N == 0:
			return Dim{}
		case d.N < 0:
			unknown = true
		case n > MaxElems/d.N:
			n = MaxElems + 1
		default:
			n *= d.N
		}
	}
	if unknown {
		return Dim{N: -1}
	}
	return Dim{N: n}
}
