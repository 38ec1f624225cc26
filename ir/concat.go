package ir

// Concat joins its inputs along Axis, which may be negative.
type Concat struct {
	Axis int
}

// Kind implements Op.
func (Concat) Kind() string { return "Concat" }

// Infer implements Op.
func (Concat) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
