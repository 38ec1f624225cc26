package ir

// ReduceFn names the function of a Reduce.
type ReduceFn uint8

// The functions of Reduce.
const (
	Mean ReduceFn = iota
	Sum
)

// Reduce folds the axes listed in its second input (all axes where it is absent or
// empty, none where NoopEmpty is set). Inputs: x, optional axes [k] int64.
type Reduce struct {
	Fn        ReduceFn
	KeepDims  bool
	NoopEmpty bool
}

// Kind implements Op.
func (Reduce) Kind() string { return "Reduce" }

// Infer implements Op.
func (Reduce) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
