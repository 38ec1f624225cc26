package ir

import "fmt"

// Tile repeats x along each axis. Inputs: x, repeats [rank] int64.
type Tile struct{}

// Kind implements Op.
func (Tile) Kind() string { return "Tile" }

// Infer implements Op.
func (Tile) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	x := in[0]
	repeats, err := constInts(in[1], "repeats")
	if err != nil {
		return nil, err
	}
	if !x.Ranked {
		return unranked(x.DType)
	}
	if len(repeats) != len(x.Shape) {
		return nil, fmt.Errorf("%d repeats for %d axes", len(repeats), len(x.Shape))
	}
	out := make(Shape, len(repeats))
	for i, r := range repeats {
		if r < 0 || r > MaxElems {
			return nil, fmt.Errorf("repeats axis %d %d times", i, r)
		}
		out[i] = x.Shape[i]
		if r != 1 {
			out[i] = mulDims(Shape{x.Shape[i], {N: int(r)}})
		}
	}
	return result(x.DType, out)
}
