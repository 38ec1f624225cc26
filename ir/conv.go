package ir

// Conv is the N-dimensional cross-correlation of ONNX.
// Inputs: x [N,C,spatial...], w [M,C/Group,kernel...], optional bias [M].
type Conv struct {
	Window Window
	Group  int
}

// Kind implements Op.
func (Conv) Kind() string { return "Conv" }

// Infer implements Op.
func (Conv) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
