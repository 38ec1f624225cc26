package ir

// LogSoftmax is the logarithm of Softmax, with the same attributes.
type LogSoftmax struct {
	Axis    int
	Flatten bool
}

// Kind implements Op.
func (LogSoftmax) Kind() string { return "LogSoftmax" }

// Infer implements Op.
func (op LogSoftmax) Infer(in []Type) ([]Type, error) { return inferAlongAxis(in, op.Axis) }
