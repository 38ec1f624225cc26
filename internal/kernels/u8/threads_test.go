package u8

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/kerneltest"
	"ann2snn/internal/par"
)

// TestWorkersShareACall computes parts of a layer on several goroutines.
func TestWorkersShareACall(t *testing.T) {
	takeAllWays(t)
	for _, set := range cpu.Sets() {
		conv, call := prepare(kerneltest.Layer{Size: 16, In: 32, Out: 80, Kernel: 3, Stride: 1, Groups: 1}, "steps")
		one, two := *call, *call
		two.Dst = make([]uint8, len(one.Dst))
		NewWorker(set).convAll(&one)
		workers := []*Worker{NewWorker(set), NewWorker(set)}
		const cuts = 5
		par.For(cuts*conv.Panels(), len(workers), func(worker, i int) {
			cut := i % cuts
			part := Part{i / cuts, conv.Pixels() * cut / cuts, conv.Pixels() * (cut + 1) / cuts}
			workers[worker].Conv(&two, part)
		})
		if !slices.Equal(one.Dst, two.Dst) {
			t.Errorf("%s: two workers give other levels than one", set.Name)
		}
	}
}

// TestNoAllocations holds calls after the first to no garbage.
func TestNoAllocations(t *testing.T) {
	takeAllWays(t)
	for _, set := range cpu.Sets() {
		w := NewWorker(set)
		conv, call := prepare(kerneltest.Layer{Size: 8, In: 24, Out: 40, Kernel: 3, Stride: 1, Groups: 1}, "steps")
		win := newWinogradCase(rand.New(rand.NewPCG(1, 2)), 6, 6, 16, 16)
		direct := NewConv(win.in, win.out, win.window, 1, win.weights)
		direct.Pack(win.weights)
		winograd := NewWinograd(direct, win.window, win.weights)
		sums := &Call{Conv: direct, Src: win.src, Bias: direct.PackBias(win.bias, 0), Sums: make([]int32, direct.Pixels()*direct.Lanes())}
		pool := NewMaxPool(win.in, win.in, win.window)
		pooled := make([]uint8, win.in.Len())
		n := testing.AllocsPerRun(10, func() {
			w.Conv(call, Part{0, 0, conv.Pixels()})
			w.Winograd(winograd, sums, 0, winograd.Rows())
			w.MaxPool(pool, pooled, win.src, 0, pool.Pixels())
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", set.Name, n)
		}
	}
}
