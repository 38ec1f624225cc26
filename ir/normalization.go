package ir

import "fmt"

// InstanceNorm normalises every channel over its positions. Inputs: x [N,C,...], scale [C],
// bias [C]. ONNX: InstanceNormalization.
type InstanceNorm struct {
	Epsilon float32
}

// Kind implements Op.
func (InstanceNorm) Kind() string { return "InstanceNormalization" }

// Infer implements Op.
func (InstanceNorm) Infer(in []Type) ([]Type, error) { return inferNormalization(in, 3, 3) }

// GroupNorm normalises groups of channels over their positions. Inputs: x [N,C,...], scale and
// bias, [C], or [Groups] where PerGroup is set. ONNX: GroupNormalization.
type GroupNorm struct {
	Groups   int
	Epsilon  float32
	PerGroup bool
}

// Kind implements Op.
func (GroupNorm) Kind() string { return "GroupNormalization" }

// Infer implements Op.
func (op GroupNorm) Infer(in []Type) ([]Type, error) {
	if s := at(in, 0).Shape; len(s) > 1 && (op.Groups < 1 || max(s[1].N, 0)%op.Groups != 0) {
		return nil, fmt.Errorf("%v channels do not divide into %d groups", s[1], op.Groups)
	}
	return inferNormalization(in, 3, 3)
}

// LayerNorm normalises over Axis and all axes behind it. Inputs: x, scale and optional bias,
// which broadcast to these axes. ONNX: LayerNormalization.
type LayerNorm struct {
	Axis    int
	Epsilon float32
}

// Kind implements Op.
func (LayerNorm) Kind() string { return "LayerNormalization" }

// Infer implements Op.
func (op LayerNorm) Infer(in []Type) ([]Type, error) {
	if x := at(in, 0); x.Ranked {
		if _, err := Axis(op.Axis, len(x.Shape)); err != nil {
			return nil, err
		}
	}
	return inferNormalization(in, 2, 3)
}

// inferNormalization is Infer for float functions of x and parameters that keep the shape.
func inferNormalization(in []Type, required, most int) ([]Type, error) {
	if err := firstErr(arity(in, required, most), wantDType(in, Float32)); err != nil {
		return nil, err
	}
	return like(in[0])
}
