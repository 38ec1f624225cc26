package onnx

import (
	"strconv"

	"ann2snn/snn"
)

// sum adds inputs, each times its factors, and a bias.
func (w *writer) sum(op *snn.Sum) step {
	s := w.layer.Shape
	factors := make([]string, len(op.Mult))
	for k, mult := range op.Mult {
		if len(mult) > 1 || mult[0] != 1 {
			factors[k] = w.integers("factor"+strconv.Itoa(k+1), mult, s)
		}
	}
	bias := ""
	if op.IntBias != nil {
		bias = w.integers("bias", op.IntBias, s)
	}
	return func(in []*value, biased bool) *value {
		total := ""
		for k, v := range in {
			if v == nil {
				continue
			}
			x := w.float(v)
			if factors[k] != "" {
				x = w.node("scaled"+strconv.Itoa(k+1), "Mul", []string{x, factors[k]})
			}
			total = w.plus("sum", total, x)
		}
		if biased {
			total = w.plus("biased", total, bias)
		}
		return w.made(total)
	}
}
