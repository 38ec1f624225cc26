package ir

// Slice takes a strided box, with numpy rules for negative and out-of-range bounds.
// Inputs: x, starts, ends, optional axes, optional steps, all int64 [k].
type Slice struct{}

// Kind implements Op.
func (Slice) Kind() string { return "Slice" }

// Infer implements Op.
func (Slice) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
