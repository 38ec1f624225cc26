package snn_test

import (
	"math"
	"strings"
	"testing"

	"ann2snn/snn"
)

// gated returns a network that multiplies a map by a gate per channel.
func gated(integer bool) *snn.Network {
	n := &snn.Network{Steps: 3, Restim: snn.RestimRefine, Rho: 4, Integer: integer, Output: 3}
	v := vectorBuilder{n}
	square := snn.Shape{H: 4, W: 4, C: 2}
	input := snn.Layer{Name: "x", Op: snn.Input{}, Shape: square}
	if integer {
		input.Op, input.Scale = snn.Input{Levels: 127}, []float32{0.0625}
	}
	v.add(input)
	pointwise := snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	v.neurons("map", []int{0}, square, snn.Conv{Window: pointwise, Groups: 1, W: v.weights(4, 2)}, snn.Activation{})
	v.neurons("gate", []int{1}, snn.Shape{H: 1, W: 1, C: 2}, snn.Dense{W: v.weights(64, 2)}, snn.Activation{Fn: snn.Sigmoid})
	op := snn.Product{Factor: []float32{0.25}}
	if integer {
		op = snn.Product{Parts: 16}
	}
	v.neurons("product", []int{1, 2}, square, op, snn.Activation{})
	return n
}

func TestVerifyProduct(t *testing.T) {
	change := func(f func(o *snn.Product)) func(n *snn.Network) {
		return func(n *snn.Network) {
			op, _ := n.Layers[3].Op.(snn.Product)
			f(&op)
			n.Layers[3].Op = op
		}
	}
	for _, integer := range []bool{false, true} {
		if err := gated(integer).Verify(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		integer bool
		want    string
		spoil   func(n *snn.Network)
	}{
		{true, "exactly two inputs", func(n *snn.Network) { n.Layers[3].In = []int{1} }},
		{true, "exactly two inputs", func(n *snn.Network) { n.Layers[3].In = []int{1, 2, 2} }},
		{true, "have the output's shape", func(n *snn.Network) { n.Layers[3].Shape.H = 1 }},
		{true, "have the output's shape", func(n *snn.Network) { n.Layers[2].Shape.C = 3 }},
		{true, "have the output's shape", func(n *snn.Network) { n.Layers[3].In = []int{2, 2} }},
		{true, "multiple of Rho^(Steps-1)", change(func(o *snn.Product) { o.Parts = 8 })},
		{true, "multiple of Rho^(Steps-1)", change(func(o *snn.Product) { o.Parts = 0 })},
		{true, "multiple of Rho^(Steps-1)", change(func(o *snn.Product) { o.Parts = -16 })},
		{true, "Rho must be 1 to", func(n *snn.Network) { n.Rho = 0 }},
		{true, "Rho must be 1 to", func(n *snn.Network) { n.Rho = -4 }},
		{true, "Factor is for float", change(func(o *snn.Product) { o.Factor = []float32{1} })},
		{true, "Unit must have", func(n *snn.Network) { n.Layers[3].Unit = nil }},
		{false, "finite entries", change(func(o *snn.Product) { o.Factor = nil })},
		{false, "finite entries", change(func(o *snn.Product) { o.Factor = make([]float32, 3) })},
		{false, "finite entries", change(func(o *snn.Product) { o.Factor = []float32{float32(math.NaN())} })},
		{false, "has no Parts", change(func(o *snn.Product) { o.Parts = 16 })},
		{false, "a current has no Scale", func(n *snn.Network) { n.Layers[3].Neuron = nil }},
	} {
		n := gated(c.integer)
		c.spoil(n)
		if err := n.Verify(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestProductRange: levels of at most 7, in three steps of a ratio of 4, add up to 7*(1+4+16)
// in units of the last step; the current of a step is bounded by that of its last levels.
func TestProductRange(t *testing.T) {
	n := gated(true)
	n.Layers[3].Neuron, n.Layers[3].Scale = nil, nil
	ranges, err := n.Ranges()
	if err != nil {
		t.Fatal(err)
	}
	most := int64(0)
	for step, sum := 1, int64(0); step <= n.Steps; step++ {
		before := 4 * sum
		sum = before + 1
		part := int64(16) >> (2 * (step - 1))
		most = max(most, part*7*7*(sum+before))
	}
	if ranges[3].Output != most {
		t.Errorf("a current may reach %d, want %d", ranges[3].Output, most)
	}
	n.Layers[3].Op = snn.Product{Parts: 1 << 26}
	if err := n.Verify(); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Ranges(); err == nil || !strings.Contains(err.Error(), `"product": a value may reach`) {
		t.Errorf("parts of 2^-26: %v", err)
	}
}
