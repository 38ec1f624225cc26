package ir

// MatMul is the matrix product of numpy.matmul, batch axes broadcast. Inputs: a, b.
type MatMul struct{}

// Kind implements Op.
func (MatMul) Kind() string { return "MatMul" }

// Infer implements Op.
func (MatMul) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
