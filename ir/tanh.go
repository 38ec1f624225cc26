package ir

// Tanh is the hyperbolic tangent.
type Tanh struct{}

// Kind implements Op.
func (Tanh) Kind() string { return "Tanh" }

// Infer implements Op.
func (Tanh) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
