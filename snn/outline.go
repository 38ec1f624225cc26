package snn

import "slices"

// WithoutWeights returns a copy of a network that lacks the weights of its layers (F and Q
// of Weights) and shares no memory with it. It is what reading samples and answers takes;
// it does not pass Verify.
func (n *Network) WithoutWeights() *Network {
	to := *n
	to.Layers = make([]Layer, len(n.Layers))
	for i := range n.Layers {
		to.Layers[i] = n.Layers[i].withoutWeights()
	}
	to.Host = copied(n.Host)
	to.Meta.Labels = copied(n.Meta.Labels)
	to.Meta.Preprocess, to.Meta.Record = copied(n.Meta.Preprocess), copied(n.Meta.Record)
	to.Meta.Calibrated = nil // only comparing asks for it, which needs the weights
	return &to
}

func (l *Layer) withoutWeights() Layer {
	to := *l
	to.In, to.Scale, to.Unit = copied(l.In), copied(l.Scale), copied(l.Unit)
	if l.Neuron != nil {
		neuron := *l.Neuron
		neuron.Threshold, neuron.IntThreshold = copied(neuron.Threshold), copied(neuron.IntThreshold)
		neuron.Act.Slope = copied(neuron.Act.Slope)
		to.Neuron = &neuron
	}
	switch op := l.Op.(type) {
	case Conv:
		op.W = op.W.biases()
		to.Op = op
	case Dense:
		to.Op = Dense{W: op.W.biases()}
	case Sum:
		to.Op = Sum{Factors: cloned(op.Factors), Mult: cloned(op.Mult), Bias: copied(op.Bias), IntBias: copied(op.IntBias)}
	case Product:
		to.Op = Product{Factor: copied(op.Factor), Parts: op.Parts}
	case Gather:
		to.Op = Gather{Index: copied(op.Index)}
	}
	return to
}

// biases returns a copy of the biases alone.
func (w *Weights) biases() Weights {
	return Weights{Bias: copied(w.Bias), IntBias: copied(w.IntBias)}
}

// copied returns a copy of a list. As a call it keeps programs small: inlined at each of its
// places, the clone takes 5 KB.
//
//go:noinline
func copied[T any](list []T) []T { return slices.Clone(list) }

func cloned[T any](lists [][]T) [][]T {
	to := slices.Clone(lists)
	for i := range to {
		to[i] = copied(to[i])
	}
	return to
}
