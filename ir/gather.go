package ir

// Gather takes the slices of x along Axis that indices (int64, may be negative) name. Inputs: x, indices.
type Gather struct {
	Axis int
}

// Kind implements Op.
func (Gather) Kind() string { return "Gather" }

// Infer implements Op.
func (Gather) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
