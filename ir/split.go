package ir

// Split cuts x along Axis into the lengths of its second input, or into equal parts, the
// last one smaller, where that is absent; as many parts as the node has outputs.
// Inputs: x, optional sizes [parts] int64.
type Split struct {
	Axis  int
	Parts int // number of outputs
}

// Kind implements Op.
func (Split) Kind() string { return "Split" }

// Infer implements Op.
func (Split) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
