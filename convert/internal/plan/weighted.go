package plan

// Weighted is a planned operator with weights.
type Weighted interface {
	Op
	// Trained returns the weights of the trained network, f having a row of inputs for each
	// output channel, in the order of the inputs in snn.Weights.
	Trained(l *Layer) (f, bias []float32, groups int)
	// Patch copies the inputs of the neurons at output position at, from a map of the
	// layer's input in C, H, W order, to dst: all groups, one after the other, each in the
	// order of a row of weights.
	Patch(l *Layer, dst, in []float32, at int)
}
