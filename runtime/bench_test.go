package runtime_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// BenchmarkRun runs a network of ResNet-20's shape on random weights; about half of the
// emissions are zero.
func BenchmarkRun(b *testing.B) {
	for _, steps := range []int{1, 4} {
		for _, integer := range []bool{false, true} {
			for _, stats := range []bool{false, true} {
				b.Run("model=resnet20/T="+strconv.Itoa(steps)+"/integer="+strconv.FormatBool(integer)+
					"/stats="+strconv.FormatBool(stats), func(b *testing.B) {
					benchmarkRun(b, resnet20(steps, integer), stats)
				})
			}
		}
	}
}

func benchmarkRun(b *testing.B, n *snn.Network, stats bool) {
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		b.Fatal(err)
	}
	s := plan.NewSession(runtime.SessionOptions{Stats: stats})
	in, out := make([]float32, plan.InLen()), make([]float32, plan.OutLen())
	r := rand.New(rand.NewPCG(1, 2))
	for i := range in {
		in[i] = float32(r.NormFloat64())
	}
	b.ReportAllocs()
	var st runtime.Stats
	for b.Loop() {
		if st, err = s.Run(context.Background(), out, in); err != nil {
			b.Fatal(err)
		}
	}
	zeros, emissions := int64(0), int64(0)
	for _, l := range st.Layers {
		zeros, emissions = zeros+l.Zeros, emissions+l.Zeros+l.Spikes
	}
	if emissions > 0 {
		b.ReportMetric(100*float64(zeros)/float64(emissions), "%zeros")
	}
}

// resnet20 returns a network of ResNet-20's shape for 32 x 32 pixels.
func resnet20(steps int, integer bool) *snn.Network {
	b := &netBuilder{rand.New(rand.NewPCG(1, 2)), &snn.Network{Steps: steps, Rho: 1, Restim: snn.RestimSigned, Integer: integer}}
	input := snn.Layer{Name: "x", Op: snn.Input{ChannelsFirst: true}, Shape: snn.Shape{H: 32, W: 32, C: 3}}
	if integer {
		input.Op, input.Scale = snn.Input{ChannelsFirst: true, Levels: 127}, []float32{1. / 32}
	}
	top := b.add(input)
	top = b.conv(top, 16, 3, 1, true)
	for stage, width := range []int{16, 32, 64} {
		for block := range 3 {
			stride := 1
			if stage > 0 && block == 0 {
				stride = 2
			}
			skip := top
			if stride == 2 {
				skip = b.conv(top, width, 1, 2, false)
			}
			top = b.conv(b.conv(top, width, 3, stride, true), width, 3, 1, false)
			top = b.join(top, skip)
		}
	}
	pool := snn.SumPool{Window: snn.Window{Kernel: [2]int{8, 8}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}}
	top = b.add(snn.Layer{Name: "pool", In: []int{top}, Op: pool, Shape: snn.Shape{H: 1, W: 1, C: 64}, Scale: []float32{1. / 64}})
	b.net.Output = b.dense(top, 10)
	return b.net
}

// netBuilder builds networks of random weights for benchmarks.
type netBuilder struct {
	rand *rand.Rand
	net  *snn.Network
}

func (b *netBuilder) add(l snn.Layer) int {
	if _, moves := l.Op.(snn.SumPool); b.net.Integer && len(l.In) > 0 && !moves {
		for range l.Shape.C {
			l.Unit = append(l.Unit, 1./32)
		}
	}
	b.net.Layers = append(b.net.Layers, l)
	return len(b.net.Layers) - 1
}

func (b *netBuilder) conv(from, width, kernel, stride int, spiking bool) int {
	in := b.net.Layers[from].Shape
	w := snn.Window{Kernel: [2]int{kernel, kernel}, Stride: [2]int{stride, stride}, Dilation: [2]int{1, 1}}
	w.Pad = [4]int{kernel / 2, kernel / 2, kernel / 2, kernel / 2}
	h, wide := w.Out(in)
	l := snn.Layer{
		Name: "conv", In: []int{from}, Shape: snn.Shape{H: h, W: wide, C: width},
		Op: snn.Conv{Window: w, Groups: 1, W: b.weights(kernel*kernel*in.C, width)},
	}
	if spiking {
		b.neurons(&l)
	}
	return b.add(l)
}

func (b *netBuilder) join(top, skip int) int {
	l := snn.Layer{Name: "add", In: []int{top, skip}, Shape: b.net.Layers[top].Shape}
	if b.net.Integer {
		l.Op = snn.Sum{Mult: [][]int32{{1}, {4}}}
	} else {
		l.Op = snn.Sum{Factors: [][]float32{{1}, {0.5}}}
	}
	b.neurons(&l)
	return b.add(l)
}

func (b *netBuilder) dense(from, width int) int {
	n := b.net.Layers[from].Shape.Len()
	return b.add(snn.Layer{Name: "dense", In: []int{from}, Shape: snn.Shape{H: 1, W: 1, C: width}, Op: snn.Dense{W: b.weights(n, width)}})
}

// weights are scaled so that spikes of a few levels give currents of a few thresholds.
func (b *netBuilder) weights(fan, out int) snn.Weights {
	var w snn.Weights
	for range fan * out {
		x := b.rand.NormFloat64() / math.Sqrt(float64(fan))
		if b.net.Integer {
			w.Q = append(w.Q, int8(max(-127, min(32*x, 127))))
		} else {
			w.F = append(w.F, float32(x))
		}
	}
	if b.net.Integer {
		w.IntBias = make([]int32, out)
	} else {
		w.Bias = make([]float32, out)
	}
	return w
}

func (b *netBuilder) neurons(l *snn.Layer) {
	n := &snn.Neuron{Format: snn.Format{M: 2, N: 2}}
	for range l.Shape.C {
		n.Threshold = append(n.Threshold, 0.5)
		if b.net.Integer {
			n.IntThreshold = append(n.IntThreshold, 16)
		}
	}
	l.Neuron, l.Scale = n, []float32{0.5}
}
