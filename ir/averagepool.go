package ir

// AveragePool is the mean over windows of Kernel lengths. CountPad counts padding
// (but not what Ceil adds beyond it) in the divisor. Input [N,C,spatial...].
type AveragePool struct {
	Kernel   []int
	Window   Window
	CountPad bool
}

// Kind implements Op.
func (AveragePool) Kind() string { return "AveragePool" }

// Infer implements Op.
func (op AveragePool) Infer(in []Type) ([]Type, error) { return inferPool(in, op.Kernel, op.Window) }
