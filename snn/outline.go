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
	to.Host = slices.Clone(n.Host)
	to.Meta.Labels = slices.Clone(n.Meta.Labels)
	to.Meta.Preprocess, to.Meta.Record = slices.Clone(n.Meta.Preprocess), slices.Clone(n.Meta.Record)
	return &to
}

func (l *Layer) withoutWeights() Layer {
	to := *l
	to.In, to.Scale, to.Unit = slices.Clone(l.In), slices.Clone(l.Scale), slices.Clone(l.Unit)
	if l.Neuron != nil {
		neuron := *l.Neuron
		neuron.Threshold, neuron.IntThreshold = slices.Clone(neuron.Threshold), slices.Clone(neuron.IntThreshold)
		neuron.Act.Slope = slices.Clone(neuron.Act.Slope)
		to.Neuron = &neuron
	}
	switch op := l.Op.(type) {
	case Conv:
		op.W = op.W.biases()
		to.Op = op
	case Dense:
		to.Op = Dense{W: op.W.biases()}
	case Sum:
		to.Op = Sum{Factors: cloned(op.Factors), Mult: cloned(op.Mult), Bias: slices.Clone(op.Bias), IntBias: slices.Clone(op.IntBias)}
	case Gather:
		to.Op = Gather{Index: slices.Clone(op.Index)}
	}
	return to
}

// biases returns a copy of the biases alone.
func (w *Weights) biases() Weights {
	return Weights{Bias: slices.Clone(w.Bias), IntBias: slices.Clone(w.IntBias)}
}

func cloned[T any](lists [][]T) [][]T {
	to := slices.Clone(lists)
	for i := range to {
		to[i] = slices.Clone(to[i])
	}
	return to
}
