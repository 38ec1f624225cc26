package f32

import "ann2snn/internal/kernels/cpu"

// kernelSet is one implementation of the kernels.
type kernelSet struct {
	needs cpu.Features

	gemm  func(args *gemmArgs, g *gemmBlock)
	panel int // columns of a panel of the right factor; from 16 on, a multiple of that

	conv    func(w *Worker, c *convPart)
	vector  int                              // channels of the narrowest panel of a Conv
	vectors int                              // how many times as wide the widest one is
	fold    func(w *Worker, f *foldPart) int // folds the first channels and returns how many; may be nil

	transpose func(dst, src []float32, rows, cols, toStep, fromStep int)

	// These do some elements and return how many. They may be nil.
	add   func(w *Worker, dst, a, b []float32, limits Limits) int
	clamp func(w *Worker, dst, src []float32, limits Limits) int

	peak func() float64 // may be nil
}

// plain is the specification, written in Go.
var plain = kernelSet{
	gemm: gemmPlain, panel: plainPanel, conv: convPlain, vector: plainPanel, vectors: 1, transpose: transposePlain,
}

// kernelsOf returns the kernels of a set: the best ones whose instructions it has.
func kernelsOf(set *cpu.Set) *kernelSet { return kernelsFor(set.Needs) }

func kernelsFor(has cpu.Features) *kernelSet {
	for i := range assembly {
		if has.Has(assembly[i].needs) {
			return &assembly[i]
		}
	}
	return &plain
}

// Peak measures the peak throughput of VFMADD231PS: it runs a loop of them, in registers
// of the width that the processor has, and returns the number of operations; 0 where there
// is no such loop.
func Peak() float64 {
	if peak := kernelsFor(cpu.Detected()).peak; peak != nil {
		return peak()
	}
	return 0
}
