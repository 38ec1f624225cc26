package ir

// LeakyRelu is x for x >= 0 and Alpha*x below.
type LeakyRelu struct {
	Alpha float32
}

// Kind implements Op.
func (LeakyRelu) Kind() string { return "LeakyRelu" }

// Infer implements Op.
func (LeakyRelu) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
