package onnx

import (
	"math"
	"strconv"

	"ann2snn/snn"
)

// maxPool writes a maximum of levels; of several steps it emits by how much the maximum
// of the running sums has grown.
func (w *writer) maxPool(op *snn.MaxPool) step {
	if w.net.Steps == 1 || w.facts[w.index].Steady {
		return func(in []*value, _ bool) *value { return w.maximum(op, in[0]) }
	}
	if most := w.net.SumOverSteps(w.facts[w.layer.In[0]].Largest()); most >= w.exact {
		w.lose("the maximum compares sums over the steps, which may reach "+strconv.FormatFloat(float64(most), 'g', 3, 64)+"; float32 holds integers exactly below 2^24",
			"fewer bits or steps, or a smaller rho")
	}
	sums, best := "", ""
	return func(in []*value, _ bool) *value {
		if sums != "" && w.net.Rho > 1 {
			rho := w.scalar(float32(w.net.Rho))
			sums = w.node("raised", "Mul", []string{sums, rho})
			best = w.node("raisedbest", "Mul", []string{best, rho})
		}
		sums = w.plus("sums", sums, w.float(in[0]))
		last := best
		best = w.pool(op, sums, w.scalar(math.MinInt32))
		if last == "" {
			return w.made(best)
		}
		return w.made(w.node("growth", "Sub", []string{best, last}))
	}
}

// maximum is that of the outputs of one step, of bytes where they are bytes.
func (w *writer) maximum(op *snn.MaxPool, in *value) *value {
	switch {
	case in == nil:
		return nil
	case in.bytes == "" || overhangs(&op.Window):
		return w.made(w.pool(op, w.float(in), w.scalar(math.MinInt32)))
	}
	v := *in
	v.shape, v.float, v.wide = w.layer.Shape, "", ""
	v.bytes = w.pool(op, in.bytes, "")
	return &v
}

// pool writes the operator. Runtimes refuse windows that lie on padding alone or may do;
// then the map is padded before, with a number below all others.
func (w *writer) pool(op *snn.MaxPool, x, least string) string {
	if !overhangs(&op.Window) {
		return w.node("maximum", "MaxPool", []string{x}, window(&op.Window)...)
	}
	p := int64s(op.Window.Pad[:])
	pads := w.dims([]int64{0, 0, p[0], p[1], 0, 0, p[2], p[3]})
	x = w.node("padded", "Pad", []string{x, pads, least})
	return w.node("maximum", "MaxPool", []string{x}, unpadded(&op.Window)...)
}

// overhangs reports whether the padding is as large as the kernel.
func overhangs(w *snn.Window) bool {
	return w.Kernel[0] <= max(w.Pad[0], w.Pad[2]) || w.Kernel[1] <= max(w.Pad[1], w.Pad[3])
}
