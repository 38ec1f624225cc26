package u8

import (
	"math/rand/v2"
	"time"
)

// trials is how many times both ways are timed.
const trials = 5

// WinogradPays times a layer on this machine, by Winograd's method and directly in turn,
// and reports whether Winograd's method is faster. The weights of c.Conv have to be packed.
// Both give the same bits.
func (w *Worker) WinogradPays(c *Winograd) bool {
	call := c.trialCall()
	return firstIsFaster(
		func() { w.Winograd(c, call, 0, c.Rows()) },
		func() { w.convAll(call) },
	)
}

// SparsePays times a layer from lists of spikes and directly in turn, on maps in which a
// share of the groups of four channels hold spikes. It reports whether lists are faster,
// counting the time to make them.
func (w *Worker) SparsePays(s *Sparse, share float64) bool {
	dense := s.conv.trialCall()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range dense.Src {
		dense.Src[i] = s.zero
	}
	for group := 0; group+4 <= len(dense.Src); group += 4 {
		if r.Float64() < share {
			dense.Src[group] ^= 1
		}
	}
	listed := *dense
	listed.Sparse, listed.Events = s, []*Events{s.NewEvents(1)}
	return firstIsFaster(
		func() {
			s.List(listed.Events[0], listed.Src)
			w.convAll(&listed)
		},
		func() { w.convAll(dense) },
	)
}

// trialCall returns a call of one step with buffers of its own.
func (c *Conv) trialCall() *Call {
	theta := make([]int32, c.out.C)
	for i := range theta {
		theta[i] = 1 << 10
	}
	return &Call{
		Conv: c, Src: make([]uint8, c.in.Len()), Bias: make([]int32, c.Lanes()),
		Dst: make([]uint8, c.out.Len()), Fire: NewFire(Neuron{Theta: theta, Hi: 15}, c.lanes),
	}
}

func (w *Worker) convAll(call *Call) {
	for panel := range call.Conv.panels {
		w.Conv(call, Part{panel, 0, call.Conv.Pixels()})
	}
}

func firstIsFaster(first, second func()) bool {
	best, other := time.Hour, time.Hour
	for range trials {
		start := time.Now() //nolint:forbidigo // no result depends on it
		first()
		between := time.Now() //nolint:forbidigo // no result depends on it
		second()
		best, other = min(best, between.Sub(start)), min(other, time.Since(between))
	}
	return best < other
}
