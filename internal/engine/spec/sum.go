package spec

import (
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// sum adds scaled inputs and a bias.
type sum[S number] struct {
	factors [][]S
	bias    []S
}

func compileSum[S number](o *snn.Sum, a *arithmetic[S]) op[S] {
	factors, bias := a.sum(o)
	return &sum[S]{factors, bias}
}

func (s *sum[S]) step(dst []S, in [][]S, m *moment[S]) {
	begin(dst, s.bias, m.biased)
	for k, src := range in {
		spike.Scale(dst, src, s.factors[k])
	}
}
