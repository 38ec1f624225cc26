package target

import "ann2snn/snn"

// SampleShape is the shape of one sample as the ONNX model takes it.
func SampleShape(n *snn.Network) []int {
	s := n.Layers[0].Shape
	op, _ := n.Layers[0].Op.(snn.Input)
	switch {
	case s.H == 1 && s.W == 1:
		return []int{s.C}
	case op.ChannelsFirst:
		return []int{s.C, s.H, s.W}
	}
	return []int{s.H, s.W, s.C}
}
