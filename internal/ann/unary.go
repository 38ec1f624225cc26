package ann

import (
	"fmt"
	"math"

	"ann2snn/ir"
)

func buildUnary(op ir.Unary, n *node) (step, error) {
	if n.in[0].dtype == ir.Int64 {
		return buildUnaryInts(op, n)
	}
	if act, ok := Activation(op); ok {
		return n.mapFloats(act.Map)
	}
	switch op.Fn {
	case ir.Neg:
		return n.mapEach(func(x float32) float32 { return -x })
	case ir.Sqrt:
		return n.mapDouble(math.Sqrt)
	case ir.Exp:
		return n.mapDouble(math.Exp)
	case ir.Log:
		return n.mapDouble(math.Log)
	case ir.Floor:
		return n.mapDouble(math.Floor)
	case ir.Round:
		return n.mapDouble(math.RoundToEven)
	case ir.Reciprocal:
		return n.mapEach(func(x float32) float32 { return 1 / x })
	}
	return nil, fmt.Errorf("the executor has no function %v", op.Fn)
}

func buildUnaryInts(op ir.Unary, n *node) (step, error) {
	n.allowOverwrite(0)
	out, in := n.out[0], n.in[0]
	return func(m *memory) error {
		dst := elements[int64](out, m)
		for i, x := range elements[int64](in, m) {
			if op.Fn == ir.Neg || x < 0 {
				x = -x
			}
			dst[i] = x
		}
		return nil
	}, nil
}
