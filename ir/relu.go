package ir

// Relu is max(x, 0).
type Relu struct{}

// Kind implements Op.
func (Relu) Kind() string { return "Relu" }

// Infer implements Op.
func (Relu) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
