package ir

// HardSwish is x*max(0, min(1, x/6 + 1/2)).
type HardSwish struct{}

// Kind implements Op.
func (HardSwish) Kind() string { return "HardSwish" }

// Infer implements Op.
func (HardSwish) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
