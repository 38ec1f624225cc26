package ir

// GlobalMaxPool is the maximum over all spatial axes, which stay with length 1.
type GlobalMaxPool struct{}

// Kind implements Op.
func (GlobalMaxPool) Kind() string { return "GlobalMaxPool" }

// Infer implements Op.
func (GlobalMaxPool) Infer(in []Type) ([]Type, error) { return inferGlobalPool(in) }
