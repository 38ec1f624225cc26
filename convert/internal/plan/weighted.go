package plan

// Weighted is a planned operator with weights.
type Weighted interface {
	Op
	// Fan returns how many inputs a neuron has, and how many groups of channels there are that
	// share their inputs.
	Fan(l *Layer) (inputs, groups int)
	// Trained returns the weights of the trained network, f having a row of inputs for each
	// output channel, in the order of the inputs in snn.Weights. F is the caller's, bias is
	// not, and may be nil.
	Trained(l *Layer) (f, bias []float32)
	// Patch copies the inputs of the neurons at output position at, from a map of the
	// layer's input in C, H, W order, to dst: all groups, one after the other, each in the
	// order of a row of weights.
	Patch(l *Layer, dst, in []float32, at int)
}
