package plan

import (
	"errors"
	"math"

	"ann2snn/ir"
)

// lowerBatchNorm plans a batch normalisation that could not be folded into weights.
func lowerBatchNorm(p *planner, n *ir.Node) error {
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	op, _ := n.Op.(ir.BatchNorm)
	var params [4]*ir.Tensor // scale, bias, mean, variance
	for k := range params {
		if params[k] = p.constant(n, k+1); params[k] == nil {
			return errors.New("its parameters are not constant")
		}
	}
	// An entry per channel of axis 1: trailing axes of length 1 make it broadcast.
	shape := make([]int, len(v.dims)-1)
	for i := range shape {
		shape[i] = 1
	}
	shape[0] = v.dims[1]
	gain, bias := ir.Floats(make([]float32, shape[0]), shape...), ir.Floats(make([]float32, shape[0]), shape...)
	for c := range shape[0] {
		deviation := math.Sqrt(float64(params[3].F[c]) + float64(op.Epsilon))
		g := float64(params[0].F[c]) / deviation
		gain.F[c] = float32(g)
		bias.F[c] = float32(float64(params[1].F[c]) - float64(params[2].F[c])*g)
	}
	return p.affine(n, 0, gain, bias)
}
