package nir_test

import (
	"strings"
	"testing"

	"ann2snn/export/nir"
	"ann2snn/snn"
)

// small is a network that NIR has all of: a convolution with neurons of 4 bits over 2 x 2
// pixels, a pool, and a readout.
func small() *snn.Network {
	one := [2]int{1, 1}
	window := func(kernel int) snn.Window {
		return snn.Window{Kernel: [2]int{kernel, kernel}, Stride: one, Dilation: one}
	}
	return &snn.Network{
		Steps: 1, Rho: 1, Integer: true, Output: 3,
		Layers: []snn.Layer{
			{Name: "image", Op: snn.Input{Levels: 127}, Shape: snn.Shape{H: 2, W: 2, C: 1}, Scale: []float32{0.25}},
			{
				Name: "conv", In: []int{0}, Shape: snn.Shape{H: 2, W: 2, C: 1}, Scale: []float32{1}, Unit: []float32{0.5},
				Op:     snn.Conv{Window: window(1), Groups: 1, W: snn.Weights{Q: []int8{3}, IntBias: []int32{0}}},
				Neuron: &snn.Neuron{Format: snn.Format{N: 4}, Threshold: []float32{1}, IntThreshold: []int32{2}},
			},
			{Name: "pool", In: []int{1}, Shape: snn.Shape{H: 1, W: 1, C: 1}, Scale: []float32{1}, Op: snn.MaxPool{Window: window(2)}},
			{
				Name: "fc", In: []int{2}, Shape: snn.Shape{H: 1, W: 1, C: 2}, Unit: []float32{1, 1},
				Op: snn.Dense{W: snn.Weights{Q: []int8{1, -1}, IntBias: []int32{0, 0}}},
			},
		},
	}
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name  string
		alter func(n *snn.Network)
		layer string
		want  string // nothing is lost if empty
		fatal bool
	}{
		{"as it is", func(*snn.Network) {}, "", "", false},
		{"refined in one step", func(n *snn.Network) { n.Restim, n.Rho = snn.RestimRefine, 4 }, "", "", false},
		{"refined", func(n *snn.Network) { n.Steps, n.Restim, n.Rho = 2, snn.RestimRefine, 4 }, "", "correct earlier spikes", true},
		{"signed", func(n *snn.Network) { n.Steps, n.Restim = 2, snn.RestimSigned }, "", "correct earlier spikes", true},
		{"waiting", func(n *snn.Network) { n.Steps, n.Restim = 2, snn.RestimWaiting }, "", "wait", true},
		{"unknown mode", func(n *snn.Network) { n.Restim = 77 }, "", "correct earlier spikes", true},
		{"8 bits", func(n *snn.Network) { n.Layers[1].Neuron.Format.N = 8 }, "conv", "spikes of 8 bits", false},
		{"18 steps", func(n *snn.Network) { n.Steps = 18 }, "pool", "270 levels", true},
		{"sigmoid", func(n *snn.Network) { n.Layers[1].Neuron.Act.Fn, n.Layers[1].Neuron.Signed = snn.Sigmoid, true }, "conv", "activation", true},
		{"maximum of signed", func(n *snn.Network) { n.Layers[1].Neuron.Act.Fn, n.Layers[1].Neuron.Signed = snn.Linear, true }, "pool", "maximum", true},
		{"reshape", func(n *snn.Network) {
			n.Layers[2].Op, n.Layers[2].Shape = snn.Gather{Index: []int32{3, 2}}, snn.Shape{H: 2, W: 1, C: 1}
			n.Layers[3].Op = snn.Dense{W: snn.Weights{Q: make([]int8, 4), IntBias: []int32{0, 0}}}
		}, "pool", "no node", true},
		{"large integers", func(n *snn.Network) { n.Layers[3].Op.(snn.Dense).W.IntBias[0] = 1 << 23 }, "fc", "float32 may round", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := small()
			test.alter(n)
			losses := nir.Target.Check(n)
			if test.want == "" {
				if len(losses) > 0 {
					t.Error(losses)
				}
				return
			}
			if len(losses) == 0 {
				t.Fatal("no loss")
			}
			l := losses[0]
			if l.Layer != test.layer || !strings.Contains(l.What, test.want) || l.Fatal != test.fatal || l.Way == "" {
				t.Errorf("%+v", l)
			}
		})
	}
}
