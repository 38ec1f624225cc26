package ir

// Selu is Gamma times an Elu of Alpha; ir/passes rewrites it to these.
type Selu struct {
	Alpha, Gamma float32
}

// Kind implements Op.
func (Selu) Kind() string { return "Selu" }

// Infer implements Op.
func (Selu) Infer(in []Type) ([]Type, error) { return inferFloatMap(in) }
