package ir

// Elu is x for x >= 0 and Alpha*(exp(x)-1) below.
type Elu struct {
	Alpha float32
}

// Kind implements Op.
func (Elu) Kind() string { return "Elu" }

// Infer implements Op.
func (Elu) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
