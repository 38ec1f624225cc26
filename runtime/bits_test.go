package runtime_test

import (
	"context"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestSameBitsOnEveryMachine compares readouts of float networks, on weights that make
// every sum round, with those of an amd64 machine. Fused multiply-adds would show.
func TestSameBitsOnEveryMachine(t *testing.T) {
	for restim, want := range map[snn.Restim]uint64{
		snn.RestimNone:   0x3fad2c0964f93eec,
		snn.RestimSigned: 0x1c2926d21af5a0f2,
		snn.RestimRefine: 0xe4b88f276ae8fb7b,
	} {
		n := rounding(restim)
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(3, 4))
		sum := fnv.New64a()
		for range 20 {
			for _, x := range readout(plan, odd(r, plan.InLen())) {
				bits := math.Float32bits(x)
				sum.Write([]byte{byte(bits), byte(bits >> 8), byte(bits >> 16), byte(bits >> 24)})
			}
		}
		if got := sum.Sum64(); got != want {
			t.Errorf("mode %d: %#x, want %#x", restim, got, want)
		}
	}
}

// odd returns numbers that are no dyadic fractions.
func odd(r *rand.Rand, n int) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(r.IntN(2001)-1000) / 777
	}
	return values
}

// rounding returns a network of a convolution, a depthwise one, a sum and a readout.
func rounding(restim snn.Restim) *snn.Network {
	r := rand.New(rand.NewPCG(1, 2))
	n := &snn.Network{Steps: 3, Restim: restim, Rho: 1, Output: 4}
	if restim == snn.RestimRefine {
		n.Rho = 3
	}
	small, wide := snn.Shape{H: 6, W: 6, C: 3}, snn.Shape{H: 6, W: 6, C: 5}
	window := snn.Window{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{1, 1, 1, 1}}
	neuron := &snn.Neuron{Format: snn.Format{M: 4}, Threshold: []float32{0.3, 0.31, 0.32, 0.33, 0.34}}
	n.Layers = []snn.Layer{
		{Op: snn.Input{ChannelsFirst: true}, Shape: small},
		{
			Op: snn.Conv{Window: window, Groups: 1, W: snn.Weights{F: odd(r, 9*3*5), Bias: odd(r, 5)}},
			In: []int{0}, Shape: wide, Neuron: neuron, Scale: neuron.Threshold,
		},
		{
			Op: snn.Conv{Window: window, Groups: 5, W: snn.Weights{F: odd(r, 9*5), Bias: odd(r, 5)}},
			In: []int{1}, Shape: wide, Neuron: neuron, Scale: neuron.Threshold,
		},
		{
			Op: snn.Sum{Factors: [][]float32{odd(r, 5), odd(r, 1)}, Bias: odd(r, 5)},
			In: []int{1, 2}, Shape: wide, Scale: neuron.Threshold,
			Neuron: &snn.Neuron{
				Format: snn.Format{M: 4}, Threshold: neuron.Threshold, Signed: true,
				Act: snn.Activation{Fn: snn.LeakyRelu, A: 0.1},
			},
		},
		{
			Op: snn.Dense{W: snn.Weights{F: odd(r, 6*6*5*4), Bias: odd(r, 4)}},
			In: []int{3}, Shape: snn.Shape{H: 1, W: 1, C: 4},
		},
	}
	return n
}
