package ir

// Clip bounds x to [min, max]. Inputs: x, optional scalar min, optional scalar max.
type Clip struct{}

// Kind implements Op.
func (Clip) Kind() string { return "Clip" }

// Infer implements Op.
func (Clip) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
