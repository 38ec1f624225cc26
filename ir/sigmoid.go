package ir

// Sigmoid is 1/(1+exp(-x)).
type Sigmoid struct{}

// Kind implements Op.
func (Sigmoid) Kind() string { return "Sigmoid" }

// Infer implements Op.
func (Sigmoid) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
