package ir

import "fmt"

// Celu is x for x >= 0 and Alpha*(exp(x/Alpha)-1) below; ir/passes rewrites it to an Elu of
// x/Alpha.
type Celu struct {
	Alpha float32
}

// Kind implements Op.
func (Celu) Kind() string { return "Celu" }

// Infer implements Op.
func (op Celu) Infer(in []Type) ([]Type, error) {
	if !(op.Alpha > 0) {
		return nil, fmt.Errorf("alpha is %v, want more than 0", op.Alpha)
	}
	return inferFloatMap(in)
}
