package ir

// Where picks a where cond is true, else b; all three broadcast. Inputs: cond, a, b.
type Where struct{}

// Kind implements Op.
func (Where) Kind() string { return "Where" }

// Infer implements Op.
func (Where) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
