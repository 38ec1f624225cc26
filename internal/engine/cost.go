package engine

import (
	"ann2snn/internal/facts"
	"ann2snn/snn"
)

// addCost adds the operations that the inputs of a layer cost it. work holds a row and a
// column of any layer.
func addCost(st *Counts, l *snn.Layer, in []*Tally, work []int64) {
	switch op := l.Op.(type) {
	case snn.Conv:
		f := windowFanOut(l.Shape, op.Window, l.Shape.C/op.Groups)
		f.cost(st, in[0], work)
	case snn.SumPool:
		f := windowFanOut(l.Shape, op.Window, 1)
		f.cost(st, in[0], work)
	case snn.Dense:
		f := fanOut{perWindow: int64(l.Shape.C)}
		f.cost(st, in[0], work)
	case snn.Sum:
		f := fanOut{perWindow: 1}
		for _, from := range in {
			if from.signal != facts.Current {
				f.cost(st, from, work)
			}
		}
	case snn.Product:
		for _, from := range in {
			f := fanOut{perWindow: int64(l.Shape.Len() / from.shape.Len())}
			f.cost(st, from, work)
		}
	}
}

// fanOut is the number of connections of every element of an input.
type fanOut struct {
	windowed  bool // otherwise every element has perWindow connections
	window    snn.Window
	windows   [2]int // vertically, horizontally
	perWindow int64  // outputs of a window that an element reaches
}

func windowFanOut(out snn.Shape, window snn.Window, perWindow int) fanOut {
	return fanOut{true, window, [2]int{out.H, out.W}, int64(perWindow)}
}

// cover sets dst to how many of the windows along an axis cover each position. A window
// adds 1 to every position from its first to its last in strides of the dilation: marks
// at both ends, summed up in those strides, give all windows in one pass.
func (f *fanOut) cover(dst []int64, axis int) {
	clear(dst)
	step := f.window.Dilation[axis]
	for o := range f.windows[axis] {
		from, to, start := f.window.Taps(axis, o, len(dst))
		if from >= to {
			continue
		}
		dst[start+from*step]++
		if end := start + to*step; end < len(dst) {
			dst[end]--
		}
	}
	for i := step; i < len(dst); i++ {
		dst[i] += dst[i-step]
	}
}

// cost adds the operations that an input costs a layer. work holds a row and a column of
// the input.
func (f *fanOut) cost(st *Counts, in *Tally, work []int64) {
	rows, columns := work[:in.shape.H], work[in.shape.H:][:in.shape.W]
	for i := range work[:in.shape.H+in.shape.W] {
		work[i] = 1
	}
	if f.windowed {
		f.cover(rows, 0)
		f.cover(columns, 1)
	}
	p := 0
	for _, r := range rows {
		for _, c := range columns {
			reach := r * c * f.perWindow
			if in.Spikes() {
				st.SOPs += in.Events[p] * reach
				st.BitSOPs += in.Bits[p] * reach
			} else {
				st.MACs += reach * in.Steps * int64(in.shape.C)
			}
			p++
		}
	}
}
