package ir

import "slices"

// Unsqueeze inserts axes of length 1 at the listed places of the result. Inputs: x, axes [k] int64.
type Unsqueeze struct{}

// Kind implements Op.
func (Unsqueeze) Kind() string { return "Unsqueeze" }

// Infer implements Op.
func (Unsqueeze) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	x := in[0]
	list, err := constInts(in[1], "axes")
	if err != nil {
		return nil, err
	}
	if !x.Ranked {
		return unranked(x.DType)
	}
	axes, err := resolveAxes(list, len(x.Shape)+len(list))
	if err != nil {
		return nil, err
	}
	out, rest := make(Shape, 0, len(x.Shape)+len(axes)), x.Shape
	for i := range cap(out) {
		if slices.Contains(axes, i) {
			out = append(out, Dim{N: 1})
			continue
		}
		out, rest = append(out, rest[0]), rest[1:]
	}
	return result(x.DType, out)
}
