package ir

// Where picks a where cond is true, else b; all three broadcast. Inputs: cond, a, b.
type Where struct{}

// Kind implements Op.
func (Where) Kind() string { return "Where" }

// Infer implements Op.
func (Where) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 3, 3), wantInput(in, 0, Bool), sameDType(in, 1)); err != nil {
		return nil, err
	}
	return inferBroadcast(in, in[1].DType)
}
