package ir

// Expand broadcasts x to shape, numpy rules, both ways. Inputs: x, shape [rank] int64.
type Expand struct{}

// Kind implements Op.
func (Expand) Kind() string { return "Expand" }

// Infer implements Op.
func (Expand) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
