package ir

// Reshape keeps the elements in order. In shape one -1 is computed; a 0 copies the input
// axis unless AllowZero is set. Inputs: x, shape [rank] int64.
type Reshape struct {
	AllowZero bool
}

// Kind implements Op.
func (Reshape) Kind() string { return "Reshape" }

// Infer implements Op.
func (Reshape) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
