package ir

// Unsqueeze inserts axes of length 1 at the listed places of the result. Inputs: x, axes [k] int64.
type Unsqueeze struct{}

// Kind implements Op.
func (Unsqueeze) Kind() string { return "Unsqueeze" }

// Infer implements Op.
func (Unsqueeze) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
