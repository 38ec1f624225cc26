package ir

// Flatten makes a matrix: the axes before Axis, and those from Axis on.
type Flatten struct {
	Axis int
}

// Kind implements Op.
func (Flatten) Kind() string { return "Flatten" }

// Infer implements Op.
func (Flatten) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
