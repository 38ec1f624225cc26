package ir

// PRelu is x for x >= 0 and slope*x below; slope broadcasts to x (unidirectionally). Inputs: x, slope.
type PRelu struct{}

// Kind implements Op.
func (PRelu) Kind() string { return "PRelu" }

// Infer implements Op.
func (PRelu) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
