package kernels

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestWinograd8(t *testing.T) {
	for _, set := range Sets() {
		r := rand.New(rand.NewPCG(9, 10))
		w := NewWorker8(set)
		for _, k := range []struct{ h, w, c, oc int }{{1, 1, 1, 1}, {4, 6, 8, 16}, {7, 5, 70, 40}, {14, 13, 64, 130}, {2, 100, 6, 64}} {
			c := newWinograd8Case(r, k.h, k.w, k.c, k.oc)
			c.testWinograd(t, w, r)
		}
	}
}

// newWinograd8Case makes a layer of extreme and other weights and any bias.
func newWinograd8Case(r *rand.Rand, h, w, channels, outputs int) *conv8Case {
	c := &conv8Case{
		name: fmt.Sprint(h, w, channels, outputs), groups: 1, zero: uint8(r.IntN(64)),
		window: SpikeWindow{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{1, 1, 1, 1}},
		in:     Map8{SpikeMap: SpikeMap{h, w, channels}, Halo: [4]int{1, 2, 2, 2}, Top: 63},
		out:    Map8{SpikeMap: SpikeMap{h, w, outputs}, Halo: [4]int{0, 1, 1, 0}}, bias: make([]int32, outputs),
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

func (c *conv8Case) testWinograd(t *testing.T, w *Worker8, r *rand.Rand) {
	t.Helper()
	conv := NewConv8(c.in, c.out, c.window, 1, c.weights)
	conv.Pack(c.weights)
	win := NewWinograd8(conv, c.window, c.weights)
	theta := make([]int32, c.out.C)
	for i := range theta {
		theta[i] = 1 + r.Int32N(5000)
	}
	states := func() *State8 {
		return &State8{V: make([]int32, conv.Pixels()*conv.Lanes()), N: make([]int32, conv.Pixels()*conv.Lanes())}
	}
	call := Call8{Conv: conv, Src: slices.Repeat(c.src, 2), Bias: conv.PackBias(c.bias, c.zero), Time: Time8{Steps: 2, Input: Input8(r.IntN(3)), Rho: 2, Totals: true, State: states()}}
	call.Fire = NewFire8(Neuron8{Theta: theta, Lo: -15, Hi: 15}, conv.LaneChannels())
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
			t.Fatalf("%s: %s: differs from the direct convolution (call %d)", w.set.Name, c.name, cut)
		}
	}
}

func BenchmarkWinograd8(b *testing.B) {
	for _, l := range conv8Layers {
		if l.kernel != 3 || l.stride != 1 || l.groups != 1 {
			continue
		}
		b.Run(l.String(), func(b *testing.B) {
			in, out := l.maps()
			in.Halo[2], in.Halo[3] = 2, 2
			window := SpikeWindow{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{1, 1, 1, 1}}
			weights := make([]int8, 9*l.c*l.oc)
			for i := range weights {
				weights[i] = int8(rand.IntN(29) - 14)
			}
			conv := NewConv8(in, out, window, 1, weights)
			conv.Pack(weights)
			win := NewWinograd8(conv, window, weights)
			_, call := l.prepare("fire")
			call.Conv = conv
			call.Src = slices.Repeat(call.Src, 2)
			w := NewWorker8(Sets()[0])
			reportShare(b, l.ops(), func() float64 {
				for p := range conv.Panels() {
					w.Conv(call, Part8{p, 0, conv.Pixels()})
				}
				return l.ops()
			}, func() { w.Winograd(win, call, 0, win.Rows()) })
		})
	}
}
