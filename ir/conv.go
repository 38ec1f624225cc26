package ir

import (
	"errors"
	"fmt"
)

// Conv is the N-dimensional cross-correlation of ONNX.
// Inputs: x [N,C,spatial...], w [M,C/Group,kernel...], optional bias [M].
type Conv struct {
	Window Window
	Group  int
}

// Kind implements Op.
func (Conv) Kind() string { return "Conv" }

// Infer implements Op.
func (op Conv) Infer(in []Type) ([]Type, error) {
	if err := firstErr(arity(in, 2, 3), wantDType(in, Float32)); err != nil {
		return nil, err
	}
	x, w := in[0], in[1]
	if !x.Ranked || !w.Ranked {
		return unranked(Float32)
	}
	if err := op.check(x.Shape, w.Shape, at(in, 2)); err != nil {
		return nil, err
	}
	_, spatial, err := op.Window.Resolve(w.Shape[2:].Ints(), x.Shape[2:].Ints())
	if err != nil {
		return nil, err
	}
	return result(Float32, windowed(x.Shape, w.Shape[0], spatial))
}

func (op Conv) check(x, w Shape, bias Type) error {
	switch {
	case op.Window.Ceil:
		return errors.New("a convolution cannot round its output length up")
	case len(x) < 3 || len(w) != len(x):
		return fmt.Errorf("input %v and weight %v do not go together", x, w)
	case !w.Static():
		return fmt.Errorf("weight shape %v is not known", w)
	case op.Group < 1:
		return fmt.Errorf("group is %d, want at least 1", op.Group)
	case w[1].N > MaxElems/op.Group || !x[1].fits(Dim{N: w[1].N * op.Group}):
		return fmt.Errorf("input %v has other than %d groups of %d channels (weight %v)", x, op.Group, w[1].N, w)
	case w[0].N%op.Group != 0:
		return fmt.Errorf("%d output channels do not split into %d groups", w[0].N, op.Group)
	case bias.Ranked && !bias.Shape.fits(w[:1]):
		return fmt.Errorf("bias has shape %v, want [%d]", bias.Shape, w[0].N)
	}
	return nil
}
