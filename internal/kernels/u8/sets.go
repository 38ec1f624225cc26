package u8

import "ann2snn/internal/kernels/cpu"

// kernelSet is one implementation of the kernels.
type kernelSet struct {
	needs cpu.Features

	conv    func(w *Worker, call *Call, part Part)
	wider   int // how often blockSums doubles for it
	fire    func(w *Worker, r *fireRows)
	mix     func(w *Worker, m *mixRows)
	maxPool func(w *Worker, m *MaxPool, dst, src []uint8, r innerRun)
	sparse  func(w *Worker, s *sparseRows)
	shifted func(w *Worker, s *shiftedBytes)

	winograd func(w *Worker, c *Winograd, call *Call, from, to int) // may be nil
	quantise func(q *Quantiser, dst []uint8, src []float32) int     // may be nil
	peak     func() (instruction string, ops float64)               // may be nil
}

// plain is the specification, written in Go.
var plain = kernelSet{
	conv: convPlain, fire: firePlain, mix: mixPlain, maxPool: maxPoolPlain, shifted: shiftedPlain, sparse: sparsePlain,
}

// kernelsOf returns the kernels of a set: the best ones whose instructions it has.
func kernelsOf(set *cpu.Set) *kernelSet {
	for i := range assembly {
		if set.Needs.Has(assembly[i].needs) {
			return &assembly[i]
		}
	}
	return &plain
}

// Peak runs the dot products of bytes that a set uses, on registers and as fast as the
// processor can. It returns their name and the number of operations; 0 where there is no
// loop for them.
func Peak(set *cpu.Set) (instruction string, ops float64) {
	if peak := kernelsOf(set).peak; peak != nil {
		return peak()
	}
	return "", 0
}

// HasWinograd reports whether a set has kernels for Winograd.
func HasWinograd(set *cpu.Set) bool { return kernelsOf(set).winograd != nil }
