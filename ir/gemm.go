package ir

// Gemm is Alpha*op(a)*op(b) + Beta*c for matrices a and b; c broadcasts to the result.
// Inputs: a, b, optional c.
type Gemm struct {
	Alpha, Beta    float32
	TransA, TransB bool
}

// Kind implements Op.
func (Gemm) Kind() string { return "Gemm" }

// Infer implements Op.
func (Gemm) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
