package fill

import "ann2snn/convert/internal/plan"

import "ann2snn/snn"

func (b *Builder) dense(d *plan.Dense, l *plan.Layer) (snn.Op, error) {
	f, bias := b.weightsOf(d, l)
	if value, ok := b.ownValue(l); ok {
		return snn.Dense{W: b.ownWeights(l, f, bias, value)}, nil
	}
	fold(f, b.elementValues(l.In[0]))
	w, err := b.weights(l, f, bias)
	return snn.Dense{W: w}, err
}
