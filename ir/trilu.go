package ir

import "fmt"

// Trilu keeps the lower triangle of each matrix in the last two axes, or the upper one, and
// makes the rest 0. Inputs: x, and k (int64, one element, may be absent): by so many diagonals the
// triangle's border lies above the main one.
type Trilu struct{ Upper bool }

// Kind implements Op.
func (Trilu) Kind() string { return "Trilu" }

// Infer implements Op.
func (Trilu) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 1, 2), wantDType(in[:1], Float32, Int64), wantInput(in, 1, Int64)); err != nil {
		return nil, err
	}
	if in[0].Ranked && len(in[0].Shape) < 2 {
		return nil, fmt.Errorf("%v is no matrix", in[0].Shape)
	}
	if k := at(in, 1); len(in) > 1 && k.Static() && k.Elems() != 1 {
		return nil, fmt.Errorf("the diagonal has %d elements, want 1", k.Elems())
	}
	return like(in[0])
}
