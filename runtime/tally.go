package runtime

import (
	"math/bits"

	"ann2snn/internal/kernels"
	"ann2snn/snn"
)

// signal is what the elements of a layer's output are.
type signal uint8

const (
	analog  signal = iota // the input, or what an analog neuron passes
	current               // of a Conv, Dense or Sum without neurons
	spikes
)

// signalOf returns the signal of layer i; those of earlier layers are known. What moves
// or adds several signals is as far from spikes as the farthest of them.
func (p *program[S]) signalOf(i int) signal {
	l := &p.net.Layers[i]
	if l.Neuron != nil {
		if l.Neuron.Format == (snn.Format{}) {
			return analog
		}
		return spikes
	}
	switch l.Op.(type) {
	case snn.Input:
		return analog
	case snn.Conv, snn.Dense, snn.Sum:
		return current
	}
	least := spikes
	for _, from := range l.In {
		least = min(least, p.layers[from].signal)
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
	if signal == spikes {
		t.events, t.bits = make([]int64, s.H*s.W), make([]int64, s.H*s.W)
	}
	return t
}

// countLevels tallies the output of all steps.
func countLevels[S number](t *tally, out []S) {
	t.steps = int64(len(out) / t.shape.Len())
	if t.signal != spikes {
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
			if k != 0 {
				events++
				set += bits.OnesCount32(uint32(max(k, -k)))
			}
		}
		t.events[at] += int64(events)
		t.bits[at] += int64(set)
		at++
	}
}

// fanOut is the number of connections of every element of an input: rows[y]*columns[x]
// windows cover the pixel (y, x), each with perWindow outputs.
type fanOut struct {
	rows, columns []int64 // nil: 1
	perWindow     int64
}

func evenFanOut(n int) fanOut { return fanOut{perWindow: int64(n)} }

func windowFanOut(in, out snn.Shape, window snn.Window, perWindow int) fanOut {
	w := kernels.SpikeWindow(window)
	return fanOut{coverage(&w, 0, out.H, in.H), coverage(&w, 1, out.W, in.W), int64(perWindow)}
}

// coverage returns how many of the windows along an axis cover each of n positions.
func coverage(w *kernels.SpikeWindow, axis, windows, n int) []int64 {
	covered := make([]int64, n)
	for o := range windows {
		from, to, start := w.Taps(axis, o, n)
		for k := from; k < to; k++ {
			covered[start+k*w.Dilation[axis]]++
		}
	}
	return covered
}

// cost adds the operations that an input costs a layer.
func (f fanOut) cost(st *LayerStats, in *tally) {
	if in.signal != spikes {
		st.MACs += f.total(in.shape) * in.steps
		return
	}
	for p := range in.events {
		reach := f.at(p, in.shape.W)
		st.SOPs += in.events[p] * reach
		st.BitSOPs += in.bits[p] * reach
	}
}

// at returns the fan-out of the elements of pixel p of a map of the given width.
func (f fanOut) at(p, width int) int64 {
	if f.rows == nil {
		return f.perWindow
	}
	return f.rows[p/width] * f.columns[p%width] * f.perWindow
}

// total returns the fan-out of all elements of a map.
func (f fanOut) total(s snn.Shape) int64 {
	sum := int64(0)
	for p := range s.H * s.W {
		sum += f.at(p, s.W)
	}
	return sum * int64(s.C)
}

// free operators cost no arithmetic.
type free struct{}

func (free) cost(*LayerStats, []*tally) {}
