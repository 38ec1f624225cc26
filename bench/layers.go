package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// square is a 3x3 convolution with stride 1 of a well-known network.
type square struct {
	network            string
	size, in, channels int
}

var squares = []square{
	{"ResNet-20", 32, 16, 16},
	{"ResNet-20", 16, 32, 32},
	{"ResNet-20", 8, 64, 64},
	{"ResNet-18, 50", 56, 64, 64},
	{"ResNet-18, 50", 28, 128, 128},
	{"ResNet-18, 50", 14, 256, 256},
	{"ResNet-18, 50", 7, 512, 512},
	{"VGG-16", 224, 64, 64},
	{"VGG-16", 112, 128, 128},
	{"VGG-16", 56, 256, 256},
	{"VGG-16", 28, 512, 512},
	{"VGG-16", 14, 512, 512},
}

// thinShare is the share of groups of four channels that hold a spike in the layers on
// which the sparse kernels are timed.
const thinShare = 0.05

// trial is the times of a layer, round by round, by each way to compute it.
type trial struct {
	square
	direct, winograd  []float64 // milliseconds; winograd is empty without kernels for it
	dense, sparse     []float64 // on a thin input
	winogradPreferred bool
}

// tryLayers times all layers on one thread.
func tryLayers(rounds int) []*trial {
	set := cpu.Default()
	var trials []*trial
	for _, s := range squares {
		trials = append(trials, s.try(set, rounds))
	}
	return trials
}

func (s square) try(set *cpu.Set, rounds int) *trial {
	r := rand.New(rand.NewPCG(1, 2))
	in := u8.Map{Shape: snn.Shape{H: s.size, W: s.size, C: s.in}, Halo: [4]int{1, 1, 2, 2}, Top: 15}
	out := u8.Map{Shape: snn.Shape{H: s.size, W: s.size, C: s.channels}}
	window := snn.Window{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{1, 1, 1, 1}}
	weights, theta := make([]int8, 9*s.in*s.channels), make([]int32, s.channels)
	for i := range weights {
		weights[i] = int8(r.IntN(29) - 14)
	}
	for i := range theta {
		theta[i] = 1000
	}
	conv := u8.NewConv(in, out, window, 1, weights)
	conv.Pack(weights)
	call := u8.Call{
		Conv: conv, Src: make([]uint8, in.Len()), Bias: conv.PackBias(make([]int32, s.channels), 0),
		Dst: make([]uint8, out.Len()), Fire: u8.NewFire(u8.Neuron{Theta: theta, Hi: 15}, conv.LaneChannels()),
	}
	fillMap(in, call.Src, 1, r)
	worker, winograd := u8.NewWorker(set), u8.NewWinograd(conv, window, weights)
	thin := call
	thin.Src = make([]uint8, in.Len())
	fillMap(in, thin.Src, thinShare, r)
	listed, sparse := thin, u8.NewSparse(conv, 0)
	listed.Sparse, listed.Events = sparse, []*u8.Events{sparse.NewEvents(2 * thinShare)}
	t := &trial{square: s}
	for range rounds {
		t.direct = append(t.direct, milliseconds(func() { convolve(worker, &call) }))
		if u8.HasWinograd(set) {
			t.winograd = append(t.winograd, milliseconds(func() { worker.Winograd(winograd, &call, 0, winograd.Rows()) }))
		}
		t.dense = append(t.dense, milliseconds(func() { convolve(worker, &thin) }))
		t.sparse = append(t.sparse, milliseconds(func() {
			sparse.List(listed.Events[0], listed.Src)
			convolve(worker, &listed)
		}))
	}
	t.winogradPreferred = u8.HasWinograd(set) && worker.WinogradPays(winograd)
	return t
}

// fillMap puts spikes into a share of a map's groups of four channels.
func fillMap(m u8.Map, levels []uint8, share float64, r *rand.Rand) {
	for _, offset := range m.Offsets() {
		for group := 0; group < m.C; group += 4 {
			if r.Float64() >= share {
				continue
			}
			for i := range 4 {
				levels[int(offset)+group+i] = uint8(r.IntN(16))
			}
		}
	}
}

func convolve(w *u8.Worker, call *u8.Call) {
	for panel := range call.Conv.Panels() {
		w.Conv(call, u8.Part{Panel: panel, From: 0, To: call.Conv.Pixels()})
	}
}

// milliseconds returns the least time of a few runs: a round is short.
func milliseconds(f func()) float64 {
	best := time.Hour
	for range 3 {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best.Seconds() * 1000
}

// writeTrials adds the table of layers.
func writeTrials(b *strings.Builder, trials []*trial) {
	if len(trials) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## Ways to compute a layer\n\n"+
		"3x3 convolutions with stride 1, levels 0 to 15, weights of -14 to 14, one thread, firing included. Winograd's\n"+
		"method is exact within these bounds; a plan takes it where a trial on the machine says so (ANN2SNN_WINOGRAD=on\n"+
		"and off decide it). The sparse kernels, listing included, skip groups of four channels without a spike: here\n"+
		"%.0f %% of the groups hold some.\n\n", 100*thinShare)
	fmt.Fprint(b, "| network | size | channels | direct ms | Winograd ms | times as fast | taken | sparse ms | times as fast as dense |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, t := range trials {
		winograd, gain, taken := "no kernel", "", "no"
		if len(t.winograd) > 0 {
			winograd, gain = fmt.Sprintf("%.3f", middle(t.winograd)), fmt.Sprintf("%.2f", pairs(t.direct, t.winograd))
		}
		if t.winogradPreferred {
			taken = "yes"
		}
		fmt.Fprintf(b, "| %s | %dx%d | %d | %.3f | %s | %s | %s | %.3f | %.1f |\n", t.network, t.size, t.size, t.channels,
			middle(t.direct), winograd, gain, taken, middle(t.sparse), pairs(t.dense, t.sparse))
	}
}

// middle is the median of values, which it does not reorder.
func middle(values []float64) float64 { return median(slices.Clone(values)) }

// pairs is the median quotient of two ways' times of the same round.
func pairs(a, b []float64) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return median(ratios)
}
