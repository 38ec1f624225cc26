package ir

// Transpose permutes axes: output axis i is input axis Perm[i]. Empty Perm reverses.
type Transpose struct {
	Perm []int
}

// Kind implements Op.
func (Transpose) Kind() string { return "Transpose" }

// Infer implements Op.
func (Transpose) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
