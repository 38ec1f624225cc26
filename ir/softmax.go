package ir

// Softmax normalises exp(x) to sum 1 along Axis, or along Axis and all later axes
// together where Flatten is set (ONNX before opset 13).
type Softmax struct {
	Axis    int
	Flatten bool
}

// Kind implements Op.
func (Softmax) Kind() string { return "Softmax" }

// Infer implements Op.
func (Softmax) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
