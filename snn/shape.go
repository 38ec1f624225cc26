package snn

// Shape is the extent of a map whose channels lie last in memory; a vector is 1 x 1 x C.
type Shape struct{ H, W, C int }

// Len returns the number of elements.
func (s Shape) Len() int { return s.H * s.W * s.C }

// ChannelsLast returns the index in H, W, C order of the element that has index i in
// C, H, W order.
func (s Shape) ChannelsLast(i int) int {
	pixels := s.H * s.W
	return i%pixels*s.C + i/pixels
}

// ChannelsFirst returns the index in C, H, W order of the element that has index i in
// H, W, C order.
func (s Shape) ChannelsFirst(i int) int { return i%s.C*s.H*s.W + i/s.C }

// InputShape returns the shape of one sample as the ONNX model takes it, without the batch;
// an axis of height 1 between channels and width is left out.
func (n *Network) InputShape() []int {
	s := n.Layers[0].Shape
	op, _ := n.Layers[0].Op.(Input)
	switch {
	case s.H == 1 && s.W == 1:
		return []int{s.C}
	case op.ChannelsFirst && s.H == 1:
		return []int{s.C, s.W}
	case op.ChannelsFirst:
		return []int{s.C, s.H, s.W}
	}
	return []int{s.H, s.W, s.C}
}

// InputIndex returns where element i of a sample, as the ONNX model takes it, lies in the
// output of layer 0.
func (n *Network) InputIndex(i int) int {
	if op, _ := n.Layers[0].Op.(Input); op.ChannelsFirst {
		return n.Layers[0].Shape.ChannelsLast(i)
	}
	return i
}
