package grad

import "ann2snn/snn"

// sum adds its inputs, each with factors, and a bias. Neither is trained.
type sum struct {
	factors [][]float32 // per input; 1, C or H*W*C entries
	bias    []float32   // nil or per channel
}

// newSum takes the level values of the inputs out of the factors.
func (g *Network) newSum(l *snn.Layer, op *snn.Sum) *sum {
	o := &sum{bias: op.Bias}
	if op.Mult != nil {
		o.bias = nil
		for c, x := range op.IntBias {
			o.bias = append(o.bias, float32(x)*l.Unit[c])
		}
	}
	for k, from := range l.In {
		in := &g.source.Layers[from]
		n := max(len(in.LevelValue()), 1)
		if op.Mult != nil {
			n = max(n, len(op.Mult[k]), l.Shape.C)
		} else {
			n = max(n, len(op.Factors[k]))
		}
		f := make([]float32, n)
		for i := range f {
			if op.Mult != nil {
				f[i] = float32(op.Mult[k][i%len(op.Mult[k])]) * l.Unit[i%l.Shape.C]
			} else {
				f[i] = op.Factors[k][i%len(op.Factors[k])]
			}
			f[i] /= in.LevelValueAt(i)
		}
		o.factors = append(o.factors, f)
	}
	return o
}

func (o *sum) forward(dst []float32, in [][]float32, biased bool, _ *Session) {
	clear(dst)
	if biased && o.bias != nil {
		addBias(dst, o.bias)
	}
	for k, x := range in {
		addScaled(dst, x, o.factors[k])
	}
}

func (o *sum) backward(dout []float32, _, din [][]float32, _ *Session) {
	for k, d := range din {
		if d != nil {
			addScaled(d, dout, o.factors[k])
		}
	}
}

// addScaled adds x to dst, each element times its factor; factors repeat.
func addScaled(dst, x, factors []float32) {
	if len(factors) == 1 {
		scaleAdd(dst, x, factors[0])
		return
	}
	n := len(factors)
	for at := 0; at < len(dst); at += n {
		mulAdd(dst[at:][:n], x[at:], factors)
	}
}
