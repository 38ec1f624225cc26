package snn

import "math"

// LevelValue returns the value of 1 in the layer's output: Unit for the current of a
// layer without neurons in an integer network, otherwise Scale. Like Scale it has one
// entry for all elements, one per channel or one per element, and nil means 1.
func (l *Layer) LevelValue() []float32 {
	if l.Neuron == nil && l.Unit != nil {
		return l.Unit
	}
	return l.Scale
}

// LevelValueAt returns the value of 1 in element i, in H, W, C order.
func (l *Layer) LevelValueAt(i int) float32 {
	values := l.LevelValue()
	switch len(values) {
	case 0:
		return 1
	case 1:
		return values[0]
	}
	return values[i%len(values)]
}

// QuantisedRange returns the bounds of the levels of neurons that quantise; ok is false for others.
func (n *Neuron) QuantisedRange() (low, high int64, ok bool) {
	if n.Act.Fn != Quantise {
		return 0, 0, false
	}
	most := float64(n.Format.Max())
	level := func(x float32) int64 {
		return int64(max(-most, min(math.RoundToEven(float64(x)/float64(n.Threshold[0])), most)))
	}
	return level(n.Act.A), level(n.Act.B), true
}

// sized reports whether there are as many values of levels as there may be.
func (l *Layer) sized() bool {
	n := len(l.LevelValue())
	return n <= 1 || n == l.Shape.C || n == l.Shape.Len()
}

// perChannel reports whether all elements of a channel share the value of a level.
func (l *Layer) perChannel() bool { return len(l.LevelValue()) <= max(1, l.Shape.C) }

// Weights returns the weights and biases of a Conv or Dense layer; ok is false for other
// operators. The slices are those of the layer.
func (l *Layer) Weights() (w Weights, ok bool) {
	switch op := l.Op.(type) {
	case Conv:
		return op.W, true
	case Dense:
		return op.W, true
	}
	return Weights{}, false
}

// Biases returns the biases of a Conv, Dense or Sum layer, of which a float network has
// the first and an integer network the second list. A Sum may have none.
func (l *Layer) Biases() (floats []float32, ints []int32) {
	if op, ok := l.Op.(Sum); ok {
		return op.Bias, op.IntBias
	}
	w, _ := l.Weights()
	return w.Bias, w.IntBias
}

// Parameters returns how many weights and biases a layer with weights has.
func (l *Layer) Parameters() int {
	w, _ := l.Weights()
	return len(w.F) + len(w.Q) + len(w.Bias) + len(w.IntBias)
}
