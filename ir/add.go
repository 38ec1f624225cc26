package ir

// Add is a+b with numpy broadcasting. The importer turns Sum into a chain of Adds.
type Add struct{}

// Kind implements Op.
func (Add) Kind() string { return "Add" }

// Infer implements Op.
func (Add) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 2, 2), wantDType(in, Float32, Int64), sameDType(in, 0)); err != nil {
		return nil, err
	}
	return inferBroadcast(in, in[0].DType)
}
