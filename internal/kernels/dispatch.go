package kernels

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
)

// KernelVariable is the environment variable that names the kernels to use.
const KernelVariable = "ANN2SNN_KERNEL"

// Set is one implementation of all kernels. All sets give the same bits in integer
// arithmetic.
type Set struct {
	Name   string
	usable func() bool

	conv8    func(w *Worker8, call *Call8, part Part8)
	wider    int // how often blockSums doubles for it
	fire8    func(w *Worker8, r *rows8)
	mix8     func(w *Worker8, m *mixed8)
	maxPool8 func(w *Worker8, m *MaxPool8, dst, src []uint8, r innerRun)
	sparse8  func(w *Worker8, s *sparsed8)
	shifted8 func(w *Worker8, s *shifted8)

	winograd8 func(w *Worker8, c *Winograd8, call *Call8, from, to int) // may be nil

	quantise8 func(q *Quantiser8, dst []uint8, src []float32) int // may be nil

	gemm  func(args *gemmArgs, g *gemmBlock)
	panel int // columns of a panel of the right factor; from 16 on, a multiple of that

	convF32   func(w *WorkerF32, c *convPartF32)
	vector    int                                      // channels of the narrowest panel of a ConvF32
	vectors   int                                      // how many times as wide the widest one is
	windowF32 func(w *WorkerF32, f *windowPartF32) int // folds the first channels and returns how many; may be nil

	transpose func(dst, src []float32, rows, cols, toStep, fromStep int)

	// These do some elements and return how many. They may be nil.
	addF32   func(w *WorkerF32, dst, a, b []float32, limits LimitsF32) int
	clampF32 func(w *WorkerF32, dst, src []float32, limits LimitsF32) int
}

// plain is the specification, written in Go.
var plain = Set{
	Name: "go", usable: func() bool { return true },
	conv8: convPlain, fire8: firePlain, mix8: mixPlain, maxPool8: maxPoolPlain, shifted8: shiftedPlain, sparse8: sparsePlain,
	gemm: gemmPlain, panel: plainPanel, convF32: convF32Plain, vector: plainPanel, vectors: 1, transpose: transposePlain,
}

// Sets lists the sets that this processor can run, best first.
func Sets() []*Set {
	var usable []*Set
	for i := range assembly {
		if assembly[i].usable() {
			usable = append(usable, &assembly[i])
		}
	}
	return append(usable, &plain)
}

// Best returns the set to use: the one that KernelVariable names, or else the fastest.
// It is an error if the variable names a set that this processor cannot run.
var Best = sync.OnceValues(func() (*Set, error) { return choose(os.Getenv(KernelVariable)) })

func choose(name string) (*Set, error) {
	sets := Sets()
	if name == "" {
		return sets[0], nil
	}
	i := slices.IndexFunc(sets, func(s *Set) bool { return s.Name == name })
	if i < 0 {
		names := make([]string, len(sets))
		for j, s := range sets {
			names[j] = s.Name
		}
		return nil, errors.New("kernels: " + KernelVariable + "=" + name + " does not run here (possible: " + strings.Join(names, ", ") + ")")
	}
	return sets[i], nil
}
