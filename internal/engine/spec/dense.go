package spec

import "ann2snn/snn"

// compileDense makes of a Dense layer a convolution over a map of one pixel.
func compileDense[S number](n *snn.Network, l *snn.Layer, o *snn.Dense, a *arithmetic[S]) op[S] {
	in := snn.Shape{H: 1, W: 1, C: n.Layers[l.In[0]].Shape.Len()}
	window := snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	return &weighted[S]{a.adder(in, l.Shape, window, 1, &o.W), a.bias(&o.W)}
}
