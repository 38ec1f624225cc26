package ir

// ArgMax gives the places of the largest elements along Axis as int64, the first ones where
// several are as large, or the last ones.
type ArgMax struct {
	Axis     int
	KeepDims bool
	Last     bool
}

// Kind implements Op.
func (ArgMax) Kind() string { return "ArgMax" }

// Infer implements Op.
func (op ArgMax) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 1, 1), wantDType(in, Float32, Int64)); err != nil {
		return nil, err
	}
	x := in[0]
	if !x.Ranked {
		return unranked(Int64)
	}
	axis, err := Axis(op.Axis, len(x.Shape))
	if err != nil {
		return nil, err
	}
	var out Shape
	for i, d := range x.Shape {
		switch {
		case i != axis:
			out = append(out, d)
		case op.KeepDims:
			out = append(out, Dim{N: 1})
		}
	}
	return result(Int64, out)
}
