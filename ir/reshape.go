package ir

import (
	"fmt"
	"slices"
)

// Reshape keeps the elements in order. In shape one -1 is computed; a 0 copies the input
// axis unless AllowZero is set. Inputs: x, shape [rank] int64.
type Reshape struct {
	AllowZero bool
}

// Kind implements Op.
func (Reshape) Kind() string { return "Reshape" }

// Infer implements Op.
func (op Reshape) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	x := in[0]
	list, err := constInts(in[1], "shape")
	if err != nil {
		return nil, err
	}
	out, computed, err := op.target(x, list)
	if err != nil {
		return nil, err
	}
	if computed >= 0 {
		out[computed] = missingDim(x, out, computed)
	}
	if x.Ranked && !mulDims(x.Shape).fits(mulDims(out)) || x.Static() && !out.Static() {
		return nil, fmt.Errorf("cannot reshape %v to %v", x.Shape, list)
	}
	return result(x.DType, out)
}

// target reads the list of a Reshape; computed is the axis that the list leaves open by -1, or -1.
func (op Reshape) target(x Type, list []int64) (out Shape, computed int, err error) {
	out, computed = make(Shape, len(list)), -1
	for i, d := range list {
		switch {
		case d == -1 && computed < 0:
			out[i].N, computed = -1, i
		case d == 0 && !op.AllowZero && !x.Ranked:
			out[i].N = -1
		case d == 0 && !op.AllowZero && i < len(x.Shape):
			out[i] = x.Shape[i]
		case d == 0 && op.AllowZero, d > 0 && d <= MaxElems:
			out[i].N = int(d)
		default:
			return nil, 0, fmt.Errorf("cannot reshape %v to %v: length %d of axis %d", x.Shape, list, d, i)
		}
	}
	return out, computed, nil
}

// missingDim is the length of axis i of out that keeps the number of elements of x. It
// is unknown if that number is, and where no length or every length would do.
func missingDim(x Type, out Shape, i int) Dim {
	rest := mulDims(slices.Concat(out[:i], out[i+1:]))
	if !x.Static() || rest.N <= 0 || mulDims(x.Shape).N%rest.N != 0 {
		return Dim{N: -1}
	}
	return Dim{N: mulDims(x.Shape).N / rest.N}
}
