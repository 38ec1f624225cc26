package ir

// Clip bounds x to [min, max]. Inputs: x, optional scalar min, optional scalar max.
type Clip struct{}

// Kind implements Op.
func (Clip) Kind() string { return "Clip" }

// Infer implements Op.
func (Clip) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 1, 3), wantDType(in, Float32, Int64), sameDType(in, 0),
		wantScalar(at(in, 1), "min"), wantScalar(at(in, 2), "max")); err != nil {
		return nil, err
	}
	return like(in[0])
}
