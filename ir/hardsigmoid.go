package ir

// HardSigmoid is max(0, min(1, Alpha*x + Beta)).
type HardSigmoid struct {
	Alpha, Beta float32
}

// Kind implements Op.
func (HardSigmoid) Kind() string { return "HardSigmoid" }

// Infer implements Op.
func (HardSigmoid) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
