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
func (op Softmax) Infer(in []Type) ([]Type, error) { return inferAlongAxis(in, op.Axis) }

// inferAlongAxis is Infer for float functions that keep the shape and work along an axis.
func inferAlongAxis(in []Type, axis int) ([]Type, error) {
	out, err := inferFloatMap(in)
	if err != nil || !in[0].Ranked {
		return out, err
	}
	_, err = Axis(axis, len(in[0].Shape))
	return out, err
}
