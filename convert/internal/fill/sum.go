package fill

import (
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/snn"
)

func (b *Builder) sum(s *plan.Sum, l *plan.Layer) (snn.Op, error) {
	scales := make([][]float32, len(l.In))
	for k, in := range l.In {
		scales[k] = plan.Multiply(s.Gains[k], b.LevelValues(in), l.Shape)
	}
	if b.Net.Integer {
		return b.integerSum(l, scales, s.Bias)
	}
	return snn.Sum{Factors: scales, Bias: slices.Clone(s.Bias)}, nil
}
