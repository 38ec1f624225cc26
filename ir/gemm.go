package ir

import "fmt"

// Gemm is Alpha*op(a)*op(b) + Beta*c for matrices a and b; c broadcasts to the result.
// Inputs: a, b, optional c.
type Gemm struct {
	Alpha, Beta    float32
	TransA, TransB bool
}

// Kind implements Op.
func (Gemm) Kind() string { return "Gemm" }

// Infer implements Op.
func (op Gemm) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 2, 3), wantDType(in, Float32)); err != nil {
		return nil, err
	}
	a, err := matrix(in[0], op.TransA)
	if err != nil {
		return nil, err
	}
	b, err := matrix(in[1], op.TransB)
	if err != nil {
		return nil, err
	}
	if !a[1].fits(b[0]) {
		return nil, fmt.Errorf("cannot multiply %v by %v", a, b)
	}
	out := Shape{a[0], b[1]}
	if c := at(in, 2); c.Ranked {
		if err := broadcastTo(c.Shape, out); err != nil {
			return nil, err
		}
	}
	return result(Float32, out)
}

// matrix is the shape of t as a matrix, transposed if transpose is set.
func matrix(t Type, transpose bool) (Shape, error) {
	switch {
	case !t.Ranked:
		return Shape{{N: -1}, {N: -1}}, nil
	case len(t.Shape) != 2:
		return nil, fmt.Errorf("%v is not a matrix", t.Shape)
	case transpose:
		return Shape{t.Shape[1], t.Shape[0]}, nil
	}
	return t.Shape, nil
}
