package spec

import (
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// adder adds the weighted sums of src to dst.
type adder[S number] interface {
	Add(dst, src []S, events *spike.Events[S], w *spike.Watch)
}

// weighted is a layer of weights and biases.
type weighted[S number] struct {
	adder[S]
	bias []S
}

func compileConv[S number](n *snn.Network, l *snn.Layer, o *snn.Conv, a *arithmetic[S]) op[S] {
	in := n.Layers[l.In[0]].Shape
	return &weighted[S]{a.adder(in, l.Shape, o.Window, o.Groups, &o.W), a.bias(&o.W)}
}

func (w *weighted[S]) step(dst []S, in [][]S, m *moment[S]) {
	begin(dst, w.bias, m.biased)
	w.Add(dst, in[0], m.events, m.watch)
}

// begin sets dst to the biases, one per channel, where the step takes them and there
// are any, and to zero otherwise.
func begin[S number](dst, bias []S, biased bool) {
	if !biased || len(bias) == 0 {
		clear(dst)
		return
	}
	spike.FillRows(dst, bias)
}
