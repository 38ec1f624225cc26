package ann_test

import (
	"math/rand/v2"

	"ann2snn/internal/onnxfile"
)

// drawNormalized draws an input of several positions and an epsilon.
func drawNormalized(r *rand.Rand, op string, opset, channels int64) nodeCase {
	c := nodeCase{op: op, opset: opset, dims: []int64{1, channels, int64(3 + r.IntN(3)), int64(1 + r.IntN(4))}[:3+r.IntN(2)]}
	c.attributes = append(c.attributes, float("epsilon", pick[float32](r, 1e-5, 1e-2, 0.5)))
	return c
}

// parameters adds a scale and a bias of so many elements each.
func (c nodeCase) parameters(r *rand.Rand, dims ...int64) nodeCase {
	n := 1
	for _, d := range dims {
		n *= int(d)
	}
	for range 2 {
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(r.NormFloat64())
		}
		c.constants = append(c.constants, onnxfile.Floats("", values, dims...))
	}
	return c
}

func drawInstanceNorm(r *rand.Rand) nodeCase {
	channels := int64(1 + r.IntN(4))
	return drawNormalized(r, "InstanceNormalization", 13, channels).parameters(r, channels)
}

func drawGroupNorm(r *rand.Rand) nodeCase {
	groups := int64(1 + r.IntN(3))
	channels := groups * int64(1+r.IntN(3))
	c := drawNormalized(r, "GroupNormalization", 21, channels)
	c.attributes = append(c.attributes, onnxfile.Int("num_groups", groups))
	if r.IntN(2) == 0 {
		c.opset = 18
		return c.parameters(r, groups)
	}
	return c.parameters(r, channels)
}

func drawLayerNorm(r *rand.Rand) nodeCase {
	c := drawNormalized(r, "LayerNormalization", 17, int64(3+r.IntN(3)))
	axis := 1 + r.IntN(2)
	c.attributes = append(c.attributes, onnxfile.Int("axis", int64(axis)))
	c = c.parameters(r, c.dims[axis:]...)
	if r.IntN(2) == 0 {
		c.constants = c.constants[:1]
	}
	return c
}
