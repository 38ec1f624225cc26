package ir

// Identity is x.
type Identity struct{}

// Kind implements Op.
func (Identity) Kind() string { return "Identity" }

// Infer implements Op.
func (Identity) Infer(in []Type) ([]Type, error) { return inferMap(in, Float32, Int64, Bool) }
