package ir

// Expand broadcasts x to shape, numpy rules, both ways. Inputs: x, shape [rank] int64.
type Expand struct{}

// Kind implements Op.
func (Expand) Kind() string { return "Expand" }

// Infer implements Op.
func (Expand) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	dims, err := constInts(in[1], "shape")
	if err != nil {
		return nil, err
	}
	to, err := fixedShape(dims)
	if err != nil {
		return nil, err
	}
	return inferBroadcast([]Type{in[0], {DType: in[0].DType, Ranked: true, Shape: to}}, in[0].DType)
}
