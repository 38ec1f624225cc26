package ir

import "fmt"

// Transpose permutes axes: output axis i is input axis Perm[i]. Empty Perm reverses.
type Transpose struct {
	Perm []int
}

// Kind implements Op.
func (Transpose) Kind() string { return "Transpose" }

// Infer implements Op.
func (op Transpose) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	x := in[0]
	if !x.Ranked {
		return unranked(x.DType)
	}
	perm, err := op.Permutation(len(x.Shape))
	if err != nil {
		return nil, err
	}
	out := make(Shape, len(perm))
	for i, p := range perm {
		out[i] = x.Shape[p]
	}
	return result(x.DType, out)
}

// Permutation returns Perm, filled in where it is empty, for an input of rank axes.
func (op Transpose) Permutation(rank int) ([]int, error) {
	if len(op.Perm) == 0 {
		perm := make([]int, rank)
		for i := range perm {
			perm[i] = rank - 1 - i
		}
		return perm, nil
	}
	seen := make([]bool, rank)
	for _, p := range op.Perm {
		if p < 0 || p >= rank || seen[p] || len(op.Perm) != rank {
			return nil, fmt.Errorf("%v does not permute %d axes", op.Perm, rank)
		}
		seen[p] = true
	}
	return op.Perm, nil
}
