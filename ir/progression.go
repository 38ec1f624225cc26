package ir

import (
	"fmt"
	"math"
)

// Progression gives start, start+delta, ... up to limit, which is not reached. ONNX: Range.
// Inputs: start, limit, delta, scalars of one type.
type Progression struct{}

// Kind implements Op.
func (Progression) Kind() string { return "Range" }

// Infer implements Op.
func (Progression) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 3, 3), wantDType(in, Float32, Int64), sameDType(in, 0)); err != nil {
		return nil, err
	}
	var v [3]float64
	for i, what := range []string{"start", "limit", "delta"} {
		if err := wantScalar(in[i], what); err != nil {
			return nil, err
		}
		switch c := in[i].Const; {
		case c == nil:
			return result(in[0].DType, Shape{{N: -1}})
		case c.DType == Int64:
			v[i] = float64(c.I[0])
		default:
			v[i] = float64(c.F[0])
		}
	}
	n := math.Ceil((v[1] - v[0]) / v[2])
	if v[2] == 0 || math.IsNaN(n) || n > MaxElems {
		return nil, fmt.Errorf("there is no range from %v to %v in steps of %v", v[0], v[1], v[2])
	}
	return result(in[0].DType, Fixed(max(int(n), 0)))
}
