package u8

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/kerneltest"
	"ann2snn/snn"
)

func TestWinograd(t *testing.T) {
	for _, set := range cpu.Sets() {
		r := rand.New(rand.NewPCG(9, 10))
		w := NewWorker(set)
		for _, k := range []struct{ h, w, c, oc int }{{1, 1, 1, 1}, {4, 6, 8, 16}, {7, 5, 70, 40}, {14, 13, 64, 130}, {2, 100, 6, 64}} {
			c := newWinogradCase(r, k.h, k.w, k.c, k.oc)
			c.testWinograd(t, w, r)
		}
	}
}

// newWinogradCase makes a layer of extreme and other weights and any bias.
func newWinogradCase(r *rand.Rand, h, w, channels, outputs int) *convCase {
	c := &convCase{
		name: fmt.Sprint(h, w, channels, outputs), groups: 1, zero: uint8(r.IntN(64)),
		window: snn.Window{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{1, 1, 1, 1}},
		in:     Map{Shape: snn.Shape{H: h, W: w, C: channels}, Halo: [4]int{1, 2, 2, 2}, Top: 63},
		out:    Map{Shape: snn.Shape{H: h, W: w, C: outputs}, Halo: [4]int{0, 1, 1, 0}}, bias: make([]int32, outputs),
		weights: make([]int8, 9*channels*outputs),
	}
	for i := range c.weights {
		c.weights[i] = int8([]int{-14, 14, r.IntN(29) - 14}[r.IntN(3)])
	}
	for i := range c.bias {
		c.bias[i] = r.Int32()
	}
	c.src = c.fill(r)
	return c
}

func (c *convCase) testWinograd(t *testing.T, w *Worker, r *rand.Rand) {
	t.Helper()
	conv := NewConv(c.in, c.out, c.window, 1, c.weights)
	conv.Pack(c.weights)
	win := NewWinograd(conv, c.window, c.weights)
	theta := make([]int32, c.out.C)
	for i := range theta {
		theta[i] = 1 + r.Int32N(5000)
	}
	states := func() *State {
		return &State{V: make([]int32, conv.Pixels()*conv.Lanes()), N: make([]int32, conv.Pixels()*conv.Lanes())}
	}
	call := Call{Conv: conv, Src: slices.Repeat(c.src, 2), Bias: conv.PackBias(c.bias, c.zero), Time: Time{Steps: 2, Input: Input(r.IntN(3)), Rho: 2, Totals: true, State: states()}}
	call.Fire = NewFire(Neuron{Theta: theta, Lo: -15, Hi: 15}, conv.LaneChannels())
	call.Dst = make([]uint8, 2*c.out.Len())
	call.mixAtRandom(r)
	direct := call
	direct.Time.State, direct.Dst = states(), make([]uint8, 2*c.out.Len())
	sums, directSums := call, call
	sums.Sums, directSums.Sums = make([]int32, 2*conv.Pixels()*conv.Lanes()), make([]int32, 2*conv.Pixels()*conv.Lanes())
	for cut := range 3 {
		for i, j := range []int{0, win.Rows() / 2, win.Rows()}[:2] {
			to := []int{win.Rows() / 2, win.Rows()}[i]
			w.Winograd(win, &call, j, to)
			w.Winograd(win, &sums, j, to)
		}
		c.run(w, &direct)
		c.run(w, &directSums)
		if !slices.Equal(call.Dst, direct.Dst) || !slices.Equal(sums.Sums, directSums.Sums) {
			t.Fatalf("%s: %s: differs from the direct convolution (call %d)", w.set.needs, c.name, cut)
		}
	}
}

func BenchmarkWinograd(b *testing.B) {
	for _, l := range kerneltest.Layers {
		if l.Kernel != 3 || l.Stride != 1 || l.Groups != 1 {
			continue
		}
		b.Run(l.String(), func(b *testing.B) {
			in, out := maps(l)
			in.Halo[2], in.Halo[3] = 2, 2
			window := snn.Window{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{1, 1, 1, 1}}
			weights := make([]int8, 9*l.In*l.Out)
			for i := range weights {
				weights[i] = int8(rand.IntN(29) - 14)
			}
			conv := NewConv(in, out, window, 1, weights)
			conv.Pack(weights)
			win := NewWinograd(conv, window, weights)
			_, call := prepare(l, "fire")
			call.Conv = conv
			call.Src = slices.Repeat(call.Src, 2)
			w := NewWorker(cpu.Sets()[0])
			kerneltest.ReportShare(b, l.Ops(), func() float64 {
				for p := range conv.Panels() {
					w.Conv(call, Part{p, 0, conv.Pixels()})
				}
				return l.Ops()
			}, func() { w.Winograd(win, call, 0, win.Rows()) })
		})
	}
}
