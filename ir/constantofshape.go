package ir

// ConstantOfShape is a tensor of the shape given by its input, filled with Value (one element).
type ConstantOfShape struct {
	Value *Tensor
}

// Kind implements Op.
func (ConstantOfShape) Kind() string { return "ConstantOfShape" }

// Infer implements Op.
func (ConstantOfShape) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
