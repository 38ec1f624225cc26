package fill

import "ann2snn/convert/internal/plan"

import "ann2snn/snn"

// gate builds the weights that are fitted to a gate; before the fit they are 0.
func (b *Builder) gate(g *plan.Gate, l *plan.Layer) (snn.Op, error) {
	f, values := make([]float32, l.Shape.C*g.Pool.Shape.C), b.channelValues(g.Pool)
	var bias []float32
	if fit := b.fitted[l.Index]; fit != nil {
		bias = fit.Bias
		for i, x := range fit.F {
			c := i / plan.GateTaps
			if from := g.Channel(c, i%plan.GateTaps, l.Shape.C); from >= 0 {
				f[c*g.Pool.Shape.C+from] = x * values[from]
			}
		}
	}
	w, err := b.weights(l, f, bias)
	return snn.Dense{W: w}, err
}
