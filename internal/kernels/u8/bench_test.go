package u8

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/kerneltest"
	"ann2snn/snn"
)

func maps(l kerneltest.Layer) (in, out Map) {
	pad, n := l.Pad(), l.OutSize()
	in = Map{Shape: snn.Shape{H: l.Size, W: l.Size, C: l.In}, Halo: [4]int{pad, pad, pad, pad}, Top: 15}
	return in, Map{Shape: snn.Shape{H: n, W: n, C: l.Out}, Halo: [4]int{1, 1, 1, 1}}
}

// prepare makes a layer; mode is fire, sums, or steps: four of them.
func prepare(l kerneltest.Layer, mode string) (*Conv, *Call) {
	in, out := maps(l)
	weights := make([]int8, l.Out*l.In/l.Groups*l.Kernel*l.Kernel)
	for i := range weights {
		weights[i] = int8(rand.IntN(255) - 127)
	}
	window := snn.Window{
		Kernel: [2]int{l.Kernel, l.Kernel}, Stride: [2]int{l.Stride, l.Stride},
		Dilation: [2]int{1, 1}, Pad: in.Halo,
	}
	conv := NewConv(in, out, window, l.Groups, weights)
	conv.Pack(weights)
	call := &Call{Conv: conv, Src: make([]uint8, in.Len()), Bias: conv.PackBias(make([]int32, l.Out), 0)}
	for i := range call.Src {
		call.Src[i] = uint8(rand.IntN(16))
	}
	if mode == "sums" {
		call.Sums = make([]int32, conv.Pixels()*conv.Lanes())
		return conv, call
	}
	theta := make([]int32, l.Out)
	for i := range theta {
		theta[i] = 1000 + rand.Int32N(1000)
	}
	call.Dst, call.Fire = make([]uint8, out.Len()), NewFire(Neuron{Theta: theta, Hi: 15}, conv.LaneChannels())
	if mode == "steps" {
		call.Time = Time{Steps: 4, Rho: 1}
		call.Src, call.Dst = slices.Repeat(call.Src, 4), slices.Repeat(call.Dst, 4)
	}
	return conv, call
}

// BenchmarkConv reports the speed of the best run, for the machine may be shared, and
// its share of what the processor can do at most, measured in turn with it.
func BenchmarkConv(b *testing.B) {
	for _, l := range kerneltest.Layers {
		for _, set := range cpu.Sets() {
			for _, mode := range []string{"fire", "sums", "steps"} {
				if set.Name == "go" && l.Ops() > 1e7 || mode != "fire" && set != cpu.Sets()[0] {
					continue
				}
				b.Run(l.String()+"/"+set.Name+"/"+mode, func(b *testing.B) {
					conv, call := prepare(l, mode)
					w := NewWorker(set)
					kerneltest.ReportShare(b, l.Ops()*float64(call.Time.steps()), peakOf(set), func() {
						for p := range conv.Panels() {
							w.Conv(call, Part{p, 0, conv.Pixels()})
						}
					})
				})
			}
		}
	}
}

// peakOf returns the loop of a set, or that of the best one.
func peakOf(set *cpu.Set) func() float64 {
	return func() float64 {
		_, ops := Peak(set)
		return ops
	}
}
