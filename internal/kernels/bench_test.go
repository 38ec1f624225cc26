package kernels

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// conv8Layer is a square layer of a well-known network.
type conv8Layer struct{ size, c, oc, kernel, stride, groups int }

var conv8Layers = []conv8Layer{
	{224, 3, 64, 7, 2, 1},
	{56, 64, 64, 3, 1, 1},
	{28, 128, 128, 3, 1, 1},
	{14, 256, 256, 3, 1, 1},
	{7, 512, 512, 3, 1, 1},
	{56, 64, 128, 1, 2, 1},
	{56, 64, 256, 1, 1, 1},
	{112, 16, 96, 1, 1, 1},
	{112, 32, 32, 3, 1, 32},
	{56, 24, 144, 1, 1, 1},
	{56, 144, 24, 1, 1, 1},
	{14, 96, 576, 1, 1, 1},
	{32, 16, 16, 3, 1, 1},
	{16, 32, 32, 3, 1, 1},
	{8, 64, 64, 3, 1, 1},
	{1, 512, 1000, 1, 1, 1},
	{56, 144, 144, 3, 1, 144},
	{14, 576, 576, 3, 1, 576},
	{14, 576, 576, 3, 2, 576},
}

func (l conv8Layer) String() string {
	return fmt.Sprintf("%dx%dx%d-%d-k%ds%dg%d", l.size, l.size, l.c, l.oc, l.kernel, l.stride, l.groups)
}

func (l conv8Layer) maps() (in, out Map8) {
	pad := l.kernel / 2
	n := (l.size+2*pad-l.kernel)/l.stride + 1
	in = Map8{SpikeMap: SpikeMap{l.size, l.size, l.c}, Halo: [4]int{pad, pad, pad, pad}, Top: 15}
	return in, Map8{SpikeMap: SpikeMap{n, n, l.oc}, Halo: [4]int{1, 1, 1, 1}}
}

func (l conv8Layer) ops() float64 {
	_, out := l.maps()
	return 2 * float64(out.SpikeMap.Len()) * float64(l.c/l.groups*l.kernel*l.kernel)
}

// prepare makes a layer; mode is fire, sums, or steps: four of them.
func (l conv8Layer) prepare(mode string) (*Conv8, *Call8) {
	in, out := l.maps()
	weights := make([]int8, l.oc*l.c/l.groups*l.kernel*l.kernel)
	for i := range weights {
		weights[i] = int8(rand.IntN(255) - 127)
	}
	window := SpikeWindow{
		Kernel: [2]int{l.kernel, l.kernel}, Stride: [2]int{l.stride, l.stride},
		Dilation: [2]int{1, 1}, Pad: in.Halo,
	}
	conv := NewConv8(in, out, window, l.groups, weights)
	conv.Pack(weights)
	call := &Call8{Conv: conv, Src: make([]uint8, in.Len()), Bias: conv.PackBias(make([]int32, l.oc), 0)}
	for i := range call.Src {
		call.Src[i] = uint8(rand.IntN(16))
	}
	if mode == "sums" {
		call.Sums = make([]int32, conv.Pixels()*conv.Lanes())
		return conv, call
	}
	theta := make([]int32, l.oc)
	for i := range theta {
		theta[i] = 1000 + rand.Int32N(1000)
	}
	call.Dst, call.Fire = make([]uint8, out.Len()), NewFire8(Neuron8{Theta: theta, Hi: 15}, conv.LaneChannels())
	if mode == "steps" {
		call.Time = Time8{Steps: 4, Rho: 1}
		call.Src, call.Dst = slices.Repeat(call.Src, 4), slices.Repeat(call.Dst, 4)
	}
	return conv, call
}

// BenchmarkConv8 reports the speed of the best run, for the machine may be shared, and
// its share of what the processor can do at most, measured in turn with it.
func BenchmarkConv8(b *testing.B) {
	for _, l := range conv8Layers {
		for _, set := range Sets() {
			for _, mode := range []string{"fire", "sums", "steps"} {
				if set.Name == "go" && l.ops() > 1e7 || mode != "fire" && set != Sets()[0] {
					continue
				}
				b.Run(l.String()+"/"+set.Name+"/"+mode, func(b *testing.B) {
					conv, call := l.prepare(mode)
					w := NewWorker8(set)
					reportShare(b, l.ops()*float64(call.Time.steps()), peakOf(set), func() {
						for p := range conv.Panels() {
							w.Conv(call, Part8{p, 0, conv.Pixels()})
						}
					})
				})
			}
		}
	}
}

// peakOf returns the loop of a set, or that of the best one.
func peakOf(set *Set) func() float64 {
	return func() float64 {
		_, ops := set.Peak8()
		return ops
	}
}

// reportShare runs f and peak, which returns its operations, in turn.
func reportShare(b *testing.B, ops float64, peak func() float64, f func()) {
	b.Helper()
	best, bestPeak := time.Hour, time.Hour
	peakOps := peak()
	for b.Loop() {
		t := time.Now()
		f()
		d := time.Since(t)
		peak()
		best, bestPeak = min(best, d), min(bestPeak, time.Since(t)-d)
	}
	b.ReportMetric(best.Seconds()*1e6, "best-us")
	b.ReportMetric(ops/best.Seconds()/1e9, "GOP/s")
	b.ReportMetric(100*ops/best.Seconds()/(peakOps/bestPeak.Seconds()), "%peak")
	b.ReportMetric(peakOps/bestPeak.Seconds()/1e9, "peak-GOP/s")
}

// reportRatio runs two ways to do the same in turn and reports how many times as fast the
// second one is.
func reportRatio(b *testing.B, first, second func()) {
	b.Helper()
	best, other := time.Hour, time.Hour
	for b.Loop() {
		t := time.Now()
		first()
		best = min(best, time.Since(t))
		t = time.Now()
		second()
		other = min(other, time.Since(t))
	}
	b.ReportMetric(best.Seconds()*1e6, "first-us")
	b.ReportMetric(other.Seconds()*1e6, "second-us")
	b.ReportMetric(best.Seconds()/other.Seconds(), "times-as-fast")
}
