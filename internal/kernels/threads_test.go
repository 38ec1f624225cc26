package kernels

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ann2snn/internal/par"
)

// TestWorkersShareACall computes parts of a layer on several goroutines.
func TestWorkersShareACall(t *testing.T) {
	takeAllWays(t)
	for _, set := range Sets() {
		conv, call := conv8Layer{16, 32, 80, 3, 1, 1}.prepare("steps")
		one, two := *call, *call
		two.Dst = make([]uint8, len(one.Dst))
		NewWorker8(set).convAll(&one)
		workers := []*Worker8{NewWorker8(set), NewWorker8(set)}
		const cuts = 5
		par.For(cuts*conv.Panels(), len(workers), func(worker, i int) {
			cut := i % cuts
			part := Part8{i / cuts, conv.Pixels() * cut / cuts, conv.Pixels() * (cut + 1) / cuts}
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
	for _, set := range Sets() {
		w, g := NewWorker8(set), NewGemmF32(set)
		conv, call := conv8Layer{8, 24, 40, 3, 1, 1}.prepare("steps")
		win := newWinograd8Case(rand.New(rand.NewPCG(1, 2)), 6, 6, 16, 16)
		direct := NewConv8(win.in, win.out, win.window, 1, win.weights)
		direct.Pack(win.weights)
		winograd := NewWinograd8(direct, win.window, win.weights)
		sums := &Call8{Conv: direct, Src: win.src, Bias: direct.PackBias(win.bias, 0), Sums: make([]int32, direct.Pixels()*direct.Lanes())}
		pool := NewMaxPool8(win.in, win.in, win.window)
		pooled := make([]uint8, win.in.Len())
		float := newConvF32Cases(rand.New(rand.NewPCG(1, 2)))[6]
		convF32 := NewConvF32(set, float.padded, float.out, float.window, float.groups, float.filters)
		poolF32 := NewMaxPoolF32(set, float.padded, SpikeMap{float.out.H, float.out.W, float.in.C}, float.window)
		f, to, from := NewWorkerF32(set), float.output(), make([]float32, win.in.SpikeMap.Len())
		square := make([]float32, 256)
		n := testing.AllocsPerRun(10, func() {
			w.Conv(call, Part8{0, 0, conv.Pixels()})
			w.Winograd(winograd, sums, 0, winograd.Rows())
			w.MaxPool(pool, pooled, win.src, 0, pool.Pixels())
			convF32.Run(f, to, float.src, limitsF32[0])
			poolF32.Run(f, to, float.src, limitsF32[0])
			f.AddF32(from, from, from, limitsF32[0])
			g.Mul(RowMajor(square, 16), RowMajor(from, 16).T(), RowMajor(from, 16), true)
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", set.Name, n)
		}
	}
}

func TestChoose(t *testing.T) {
	best, err := choose("")
	if err != nil || best != Sets()[0] {
		t.Errorf("the best set is %v, %v", best, err)
	}
	if set, err := choose("go"); err != nil || set != &plain {
		t.Errorf("go is %v, %v", set, err)
	}
	if _, err := choose("abacus"); err == nil {
		t.Error("an unknown set is no error")
	}
}
