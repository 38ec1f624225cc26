package runtime

import (
	"math/bits"

	"ann2snn/snn"
)

// signal is what the elements of a layer's output are.
type signal uint8

const (
	signalAnalog  signal = iota // the input, or what an analog neuron passes
	signalCurrent               // of a Conv, Dense or Sum without neurons
	signalSpikes
)

// signals returns the signal of each layer. What moves or adds several signals is as far
// from spikes as the farthest of them.
func signals(n *snn.Network) []signal {
	all := make([]signal, len(n.Layers))
	for i := range n.Layers {
		all[i] = signalOf(&n.Layers[i], all)
	}
	return all
}

// signalOf returns the signal of l; those of earlier layers are known.
func signalOf(l *snn.Layer, earlier []signal) signal {
	if l.Neuron != nil {
		if l.Neuron.Format == (snn.Format{}) {
			return signalAnalog
		}
		return signalSpikes
	}
	switch l.Op.(type) {
	case snn.Input:
		return signalAnalog
	case snn.Conv, snn.Dense, snn.Sum:
		return signalCurrent
	}
	least := signalSpikes
	for _, from := range l.In {
		least = min(least, earlier[from])
	}
	return least
}

// tally counts what a layer puts out, by pixel, over all steps of a run.
type tally struct {
	signal       signal
	shape        snn.Shape
	steps        int64   // in which a consumer has to compute with it
	events, bits []int64 // per pixel; for spikes only
}

func newTally(s snn.Shape, signal signal) *tally {
	t := &tally{signal: signal, shape: s}
	if signal == signalSpikes {
		t.events, t.bits = make([]int64, s.H*s.W), make([]int64, s.H*s.W)
	}
	return t
}

// countLevels tallies the output of all steps.
func countLevels[S number](t *tally, out []S) {
	t.steps = int64(len(out) / t.shape.Len())
	if t.signal != signalSpikes {
		return
	}
	clear(t.events)
	clear(t.bits)
	at := 0
	for ; len(out) > 0; out = out[t.shape.C:] {
		if at == len(t.events) {
			at = 0
		}
		events, set := 0, 0
		for _, k := range out[:t.shape.C] {
			size := uint32(max(int32(k), -int32(k)))
			events += int(-size >> 31) // 1 unless size is 0, without a branch
			set += bits.OnesCount32(size)
		}
		t.events[at] += int64(events)
		t.bits[at] += int64(set)
		at++
	}
}

// addCost adds the operations that the inputs of a layer cost it. work holds a row and a
// column of any layer.
func addCost(st *LayerStats, l *snn.Layer, in []*tally, work []int64) {
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
			if from.signal != signalCurrent {
				f.cost(st, from, work)
			}
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
func (f *fanOut) cost(st *LayerStats, in *tally, work []int64) {
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
			if in.signal == signalSpikes {
				st.SOPs += in.events[p] * reach
				st.BitSOPs += in.bits[p] * reach
			} else {
				st.MACs += reach * in.steps * int64(in.shape.C)
			}
			p++
		}
	}
}
