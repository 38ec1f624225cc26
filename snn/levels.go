package snn

// LevelValue returns the value of 1 in the layer's output: Unit for the current of a
// layer without neurons in an integer network, otherwise Scale. Like Scale it has one
// entry for all elements, one per channel or one per element, and nil means 1.
func (l *Layer) LevelValue() []float32 {
	if l.Neuron == nil && l.Unit != nil {
		return l.Unit
	}
	return l.Scale
}

// levelValueAt returns the value of 1 in element i.
func (l *Layer) levelValueAt(i int) float32 {
	values := l.LevelValue()
	switch len(values) {
	case 0:
		return 1
	case 1:
		return values[0]
	}
	return values[i%len(values)]
}

// perChannel reports whether all elements of a channel share the value of a level.
func (l *Layer) perChannel() bool { return len(l.LevelValue()) <= max(1, l.Shape.C) }
