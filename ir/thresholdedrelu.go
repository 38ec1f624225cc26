package ir

// ThresholdedRelu is x for x > Alpha, else 0.
type ThresholdedRelu struct {
	Alpha float32
}

// Kind implements Op.
func (ThresholdedRelu) Kind() string { return "ThresholdedRelu" }

// Infer implements Op.
func (ThresholdedRelu) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
