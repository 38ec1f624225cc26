package ir

// Foreign stands for a node that could not be read, so that the others can be described. It
// has no place in a network that is computed or converted, and none in the text form. What it
// gives is taken to be like its first input, which is a guess.
type Foreign struct {
	Op      string // in the file
	Reason  string // why it could not be read
	Outputs int
}

// Kind implements Op.
func (Foreign) Kind() string { return "Foreign" }

// Infer implements Op.
func (op Foreign) Infer(in []Type) ([]Type, error) {
	like := Type{DType: Float32}
	if t := at(in, 0); t.present() {
		like = Type{DType: t.DType, Ranked: t.Ranked, Shape: t.Shape}
	}
	out := make([]Type, op.Outputs)
	for i := range out {
		out[i] = like
	}
	return out, nil
}
