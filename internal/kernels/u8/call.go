package u8

import (
	"sync/atomic"

	"ann2snn/internal/kernels/cpu"
)

// Call is one evaluation of a convolution. Its currents are, by step, pixel and lane,
//
//	Mult*(weighted sum of Src + Bias) + Offset + PlusMult*Plus
//
// modulo 2^32. They are stored in Sums, or else the neurons of Fire turn them into levels in
// Dst. Goroutines may share a Call.
type Call struct {
	Conv  *Conv
	Src   []uint8
	Bias  []int32 // from PackBias
	Later []int32 // the same for steps after the first; nil: Bias

	// Mult and PlusMult are multipliers by lane; nil: 1. Offset is by lane and takes effect
	// only with Mult or Plus; nil: 0. Plus holds the Sums of another convolution whose lanes
	// have the same channels, which is so if both have one group and as many output channels;
	// nil: 0.
	Mult, Offset, Plus, PlusMult []int32

	Sums []int32

	Dst  []uint8 // laid out as the output map
	Fire *Fire
	Time Time

	// Cut grows by the number of levels that were cut to Lo..Hi, as Neuron defines it; nil:
	// they are not counted. With Cut, Offset and Plus are 0 in lanes that have no channel.
	Cut *atomic.Int64

	Res    []uint8 // residual levels; their zero times Mult is in the bias. May be nil
	ResOff []int64 // from the Offsets of the residual's map
	ResLen int     // its Len

	// Sparse, of the same Conv, computes the sums of those steps that have a list. May be nil.
	Sparse *Sparse
	Events []*Events // per step of Src, its list or nil
}

// steps returns how many steps there are to store or to fire.
func (call *Call) steps() int {
	if call.Sums != nil {
		return call.Time.Inputs()
	}
	return call.Time.steps()
}

// bias returns the biases of a step.
func (call *Call) bias(step int) []int32 {
	if step+call.Time.Past > 0 && call.Later != nil && call.Time.Input == EveryStep {
		return call.Later
	}
	return call.Bias
}

// place returns where the sums of a panel's pixels from pixel on are stored, in the call or
// else in the worker, and the distance from one row of sums to the next.
func (w *Worker) place(call *Call, p *panel, pixel, step int) (sums []int32, stride int) {
	if call.Sums == nil {
		return w.sums[(step-w.rows.step)*w.rows.sumsStep:], 16 * p.vecs
	}
	lanes := call.Conv.Lanes()
	return call.Sums[(step*call.Conv.Pixels()+pixel)*lanes+p.lane:], lanes
}

// Part is a part of a convolution that can be computed alone.
type Part struct{ Panel, From, To int } // pixels From..To-1 of a panel

// blockSums is how many currents are computed before they fire, counting all steps that
// fire together: as many as leave room for weights in a first-level cache.
const blockSums = 8192

// Worker is what one goroutine needs to run kernels: their choice and working memory.
type Worker struct {
	set     *kernelSet
	conv    convArgs
	rows    fireRows
	mixed   mixRows
	shifted shiftedBytes
	sparsed sparseRows

	// Sums, membrane potentials and totals of a block. Go's allocator starts arrays of this
	// size on a cache line.
	sums, v, n []int32
	start      [64]int32 // what a row of sums starts from
}

// NewWorker returns a worker that runs the kernels of set.
func NewWorker(set *cpu.Set) *Worker {
	kernels := kernelsOf(set)
	n := blockSums << kernels.wider
	return &Worker{set: kernels, sums: make([]int32, n), v: make([]int32, n), n: make([]int32, n)}
}

// Conv computes a part of a convolution.
func (w *Worker) Conv(call *Call, part Part) {
	call.check()
	if part.From < part.To {
		w.set.conv(w, call, part)
	}
}

// check panics if a buffer is too short: the kernels in assembly check no bounds.
func (call *Call) check() {
	c, steps, inputs := call.Conv, call.Time.steps(), call.Time.Inputs()
	_ = call.Src[:inputs*c.in.Len()]
	_, _ = call.bias(0)[:len(c.lanes)], call.bias(steps - 1)[:len(c.lanes)]
	if call.Mult != nil {
		_ = call.Mult[:len(c.lanes)]
	}
	if call.Offset != nil {
		_ = call.Offset[:len(c.lanes)]
	}
	if call.Plus != nil {
		_ = call.Plus[:inputs*len(c.outOff)*len(c.lanes)]
	}
	if call.PlusMult != nil {
		_ = call.PlusMult[:len(c.lanes)]
	}
	if call.Sparse != nil {
		_ = call.Events[:inputs]
	}
	if call.Sums != nil {
		_ = call.Sums[:inputs*len(c.outOff)*len(c.lanes)]
		return
	}
	_ = call.Dst[:steps*c.out.Len()]
	if call.Res != nil {
		_, _ = call.Res[:steps*call.ResLen], call.ResOff[:len(c.outOff)]
	}
	if state := call.Time.State; state != nil {
		_ = state.V[:len(c.outOff)*len(c.lanes)]
	}
}
