package ir

// Add is a+b with numpy broadcasting. The importer turns Sum into a chain of Adds.
type Add struct{}

// Kind implements Op.
func (Add) Kind() string { return "Add" }

// Infer implements Op.
func (Add) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
