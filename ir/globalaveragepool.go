package ir

// GlobalAveragePool is the mean over all spatial axes, which stay with length 1.
type GlobalAveragePool struct{}

// Kind implements Op.
func (GlobalAveragePool) Kind() string { return "GlobalAveragePool" }

// Infer implements Op.
func (GlobalAveragePool) Infer(in []Type) ([]Type, error) { return inferGlobalPool(in) }
