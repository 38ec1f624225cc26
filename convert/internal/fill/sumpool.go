package fill

import "ann2snn/convert/internal/plan"

import "ann2snn/snn"

func (b *Builder) sumPool(s plan.SumPool, l *plan.Layer) snn.Op {
	values := b.channelValues(l.In[0])
	scale := make([]float32, l.Shape.Len())
	for i := range scale {
		scale[i] = values[i%l.Shape.C] / s.Divisor[i/l.Shape.C%len(s.Divisor)]
	}
	b.current.Scale = plan.Condense(scale, l.Shape.C)
	return snn.SumPool{Window: s.Window}
}
