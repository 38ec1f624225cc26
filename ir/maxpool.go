package ir

// MaxPool is the maximum over windows of Kernel lengths; padding never wins.
// Input [N,C,spatial...].
type MaxPool struct {
	Kernel []int
	Window Window
}

// Kind implements Op.
func (MaxPool) Kind() string { return "MaxPool" }

// Infer implements Op.
func (op MaxPool) Infer(in []Type) ([]Type, error) { return inferPool(in, op.Kernel, op.Window) }
