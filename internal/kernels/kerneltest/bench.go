// Package kerneltest serves the tests and benchmarks of the packages of kernels: it has
// layers to test and to measure, reports speeds as shares of what the processor can do, and
// runs tests on an emulated processor.
package kerneltest

import (
	"fmt"
	"testing"
	"time"
)

// Layer is a square layer of a well-known network.
type Layer struct{ Size, In, Out, Kernel, Stride, Groups int }

// Layers are those that benchmarks measure.
var Layers = []Layer{
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

// String returns a name for benchmarks.
func (l Layer) String() string {
	return fmt.Sprintf("%dx%dx%d-%d-k%ds%dg%d", l.Size, l.Size, l.In, l.Out, l.Kernel, l.Stride, l.Groups)
}

// Pad returns the padding on each side of the layer's map.
func (l Layer) Pad() int { return l.Kernel / 2 }

// OutSize returns the height and the width of the layer's output.
func (l Layer) OutSize() int { return (l.Size+2*l.Pad()-l.Kernel)/l.Stride + 1 }

// Ops returns the number of multiplications and additions of the layer.
func (l Layer) Ops() float64 {
	return 2 * float64(l.OutSize()*l.OutSize()*l.Out) * float64(l.In/l.Groups*l.Kernel*l.Kernel)
}

// ReportShare runs f and peak, which returns its operations, in turn.
func ReportShare(b *testing.B, ops float64, peak func() float64, f func()) {
	b.Helper()
	best, bestPeak := time.Hour, time.Hour
	peakOps := peak()
	for b.Loop() {
		t := time.Now() //nolint:forbidigo // benchmarks measure it
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

// ReportRatio runs two ways to do the same in turn and reports how many times as fast the
// second one is.
func ReportRatio(b *testing.B, first, second func()) {
	b.Helper()
	best, other := time.Hour, time.Hour
	for b.Loop() {
		t := time.Now() //nolint:forbidigo // benchmarks measure it
		first()
		best = min(best, time.Since(t))
		t = time.Now() //nolint:forbidigo // benchmarks measure it
		second()
		other = min(other, time.Since(t))
	}
	b.ReportMetric(best.Seconds()*1e6, "first-us")
	b.ReportMetric(other.Seconds()*1e6, "second-us")
	b.ReportMetric(best.Seconds()/other.Seconds(), "times-as-fast")
}
