package onnx

import (
	"strconv"

	"ann2snn/snn"
)

// sum adds inputs, each times its factors, and a bias; in float64 where that might leave
// float32's integers.
func (w *writer) sum(op *snn.Sum) step {
	s, wide := w.layer.Shape, w.sumBound(op) >= w.exact
	factors := make([]string, len(op.Mult))
	for k, mult := range op.Mult {
		if len(mult) > 1 || mult[0] != 1 {
			factors[k] = w.integers("factor"+strconv.Itoa(k+1), mult, s, wide)
		}
	}
	bias := ""
	if op.IntBias != nil {
		bias = w.integers("bias", op.IntBias, s, wide)
	}
	return func(in []*value, biased bool) *value {
		total := ""
		for k, v := range in {
			x := w.carried(v, wide)
			if x != "" && factors[k] != "" {
				x = w.node("scaled"+strconv.Itoa(k+1), "Mul", []string{x, factors[k]})
			}
			total = w.plus("sum", total, x)
		}
		if biased {
			total = w.plus("biased", total, bias)
		}
		if wide {
			return w.madeWide(total)
		}
		return w.made(total)
	}
}

// sumBound bounds what a Sum adds up to.
func (w *writer) sumBound(op *snn.Sum) int64 {
	most := int64(0)
	for k, mult := range op.Mult {
		most += largest(mult) * w.facts[w.layer.In[k]].Largest()
	}
	return most + largest(op.IntBias)
}

// largest returns the largest magnitude; 0 of none.
func largest(values []int32) int64 {
	most := int64(0)
	for _, x := range values {
		most = max(most, int64(x), -int64(x))
	}
	return most
}
