package ir

// Squeeze drops axes of length 1: those listed, or all. Inputs: x, optional axes [k] int64.
type Squeeze struct{}

// Kind implements Op.
func (Squeeze) Kind() string { return "Squeeze" }

// Infer implements Op.
func (Squeeze) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
