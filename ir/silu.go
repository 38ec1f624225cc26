package ir

// SiLU is x*sigmoid(x); ir/passes makes it of Mul and Sigmoid.
type SiLU struct{}

// Kind implements Op.
func (SiLU) Kind() string { return "SiLU" }

// Infer implements Op.
func (SiLU) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
