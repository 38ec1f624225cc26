package onnx

import "ann2snn/snn"

// bounds returns what the levels or units that layer i puts out lie between; 0 does too.
func (w *writer) bounds(i int) (low, high int64) {
	l := &w.net.Layers[i]
	if n := l.Neuron; n != nil {
		q := int64(n.Format.Max())
		if n.Act.Fn == snn.Rectify && w.net.Steps == 1 {
			return 0, q
		}
		return -q, q
	}
	most := w.ranges[i].Output
	switch op := l.Op.(type) {
	case snn.MaxPool, snn.Concat, snn.Gather:
		for _, from := range l.In {
			a, b := w.bounds(from)
			low, high = min(low, a), max(high, b)
		}
		return max(low, -most), min(high, most)
	case snn.SumPool:
		taps := int64(op.Window.Kernel[0]) * int64(op.Window.Kernel[1])
		low, high = w.bounds(l.In[0])
		return max(low*taps, -most), min(high*taps, most)
	}
	return -most, most
}
