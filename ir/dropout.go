package ir

// Dropout in inference mode: output x and, where the node has a second output, a mask of true. Input: x.
type Dropout struct{}

// Kind implements Op.
func (Dropout) Kind() string { return "Dropout" }

// Infer implements Op.
func (Dropout) Infer(in []Type) ([]Type, error) {
	out, err := inferMap(in, Float32)
	if err != nil {
		return nil, err
	}
	mask := out[0]
	mask.DType = Bool
	return append(out, mask), nil
}
