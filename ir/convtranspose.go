package ir

import (
	"errors"
	"fmt"
)

// ConvTranspose is the transposed N-dimensional convolution of ONNX. OutputShape gives the
// spatial lengths of the output, from which the padding follows. Inputs: x [N,C,spatial...],
// w [C,M/Group,kernel...], optional bias [M].
type ConvTranspose struct {
	Window        Window
	Group         int
	OutputPadding []int
	OutputShape   []int
}

// Kind implements Op.
func (ConvTranspose) Kind() string { return "ConvTranspose" }

// Infer implements Op.
func (op ConvTranspose) Infer(in []Type) ([]Type, error) {
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
	axes, err := op.Resolve(w.Shape[2:].Ints(), x.Shape[2:].Ints())
	if err != nil {
		return nil, err
	}
	spatial := make([]int, len(axes))
	for i, a := range axes {
		spatial[i] = a.Out
	}
	return result(Float32, windowed(x.Shape, Dim{N: w.Shape[1].N * op.Group}, spatial))
}

func (op ConvTranspose) check(x, w Shape, bias Type) error {
	switch {
	case op.Window.Ceil:
		return errors.New("a convolution cannot round its output length up")
	case len(x) < 3 || len(w) != len(x):
		return fmt.Errorf("input %v and weight %v do not go together", x, w)
	case !w.Static():
		return fmt.Errorf("weight shape %v is not known", w)
	case op.Group < 1:
		return fmt.Errorf("group is %d, want at least 1", op.Group)
	case !x[1].fits(w[0]):
		return fmt.Errorf("input %v has other than the %d channels of weight %v", x, w[0].N, w)
	case w[0].N%op.Group != 0:
		return fmt.Errorf("%d input channels do not split into %d groups", w[0].N, op.Group)
	case w[1].N > MaxElems/op.Group:
		return fmt.Errorf("weight %v makes too many channels in %d groups", w, op.Group)
	case bias.Ranked && !bias.Shape.fits(Fixed(w[1].N*op.Group)):
		return fmt.Errorf("bias has shape %v, want [%d]", bias.Shape, w[1].N*op.Group)
	}
	return nil
}

// TransposedAxis says what a ConvTranspose makes of a spatial axis: input i times tap k goes
// to output Stride*i + Dilation*k - Begin.
type TransposedAxis struct {
	Stride, Dilation int
	Begin            int // outputs that are cut off at the begin
	Out              int // length, -1 where it is not known
}

// Resolve returns what becomes of spatial axes of lengths in.
func (op ConvTranspose) Resolve(kernel, in []int) ([]TransposedAxis, error) {
	w, err := op.Window.filled(kernel)
	if err != nil {
		return nil, err
	}
	extra, shape := orRepeat(op.OutputPadding, 0, len(kernel)), orRepeat(op.OutputShape, 0, len(kernel))
	if len(in) != len(kernel) || len(extra) != len(kernel) || len(shape) != len(kernel) {
		return nil, fmt.Errorf("a window of %v, output padding %v and output shape %v do not suit %d spatial axes",
			kernel, op.OutputPadding, op.OutputShape, len(in))
	}
	axes := make([]TransposedAxis, len(in))
	for i, n := range in {
		a := &axes[i]
		*a = TransposedAxis{Stride: w.Strides[i], Dilation: w.Dilations[i], Begin: w.Pads[i], Out: -1}
		if n < 0 {
			continue
		}
		if n == 0 || n > MaxElems/a.Stride || extra[i] < 0 || extra[i] > MaxElems || kernel[i] > MaxElems/a.Dilation {
			return nil, fmt.Errorf("spatial axis %d is empty or too long", i)
		}
		full := (n-1)*a.Stride + extra[i] + extent(kernel[i], a.Dilation)
		a.Out = full - w.Pads[i] - w.Pads[len(in)+i]
		same := op.Window.AutoPad == SameUpper || op.Window.AutoPad == SameLower
		if shape[i] > 0 || same {
			if a.Out = shape[i]; a.Out == 0 {
				a.Out = n * a.Stride
			}
			total := max(0, full-a.Out)
			if a.Begin = total - total/2; op.Window.AutoPad == SameUpper {
				a.Begin = total / 2
			}
		}
		if a.Out < 1 {
			return nil, fmt.Errorf("spatial axis %d: nothing is left of %d outputs after padding by %d and %d", i, full, w.Pads[i], w.Pads[len(in)+i])
		}
	}
	return axes, nil
}
