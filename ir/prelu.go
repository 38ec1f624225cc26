package ir

// PRelu is x for x >= 0 and slope*x below; slope broadcasts to x (unidirectionally). Inputs: x, slope.
type PRelu struct{}

// Kind implements Op.
func (PRelu) Kind() string { return "PRelu" }

// Infer implements Op.
func (PRelu) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 2, 2), wantDType(in, Float32)); err != nil {
		return nil, err
	}
	if in[0].Ranked && in[1].Ranked {
		if err := broadcastTo(in[1].Shape, in[0].Shape); err != nil {
			return nil, err
		}
	}
	return like(in[0])
}
