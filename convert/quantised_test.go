package convert

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
	"ann2snn/snn"
)

// ownLevels are the options that keep a quantised model's levels.
func ownLevels() Options {
	o := options(8)
	o.Weights, o.OwnLevels = Int8, true
	return o
}

// quantisedNet draws a quantised network: its scales are powers of two, so that the reference
// executor rounds nothing, and many sums lie halfway between two levels.
func quantisedNet(t *rapid.T) *ir.Graph {
	r := nettest.NewRandom(t, uint64(rapid.IntRange(1, 1<<30).Draw(t, "seed")), 1, 2, 6, 6)
	power := func(label string, low, high int) float32 {
		x := float32(1)
		for e := rapid.IntRange(low, high).Draw(t, label); e != 0; {
			if e > 0 {
				x, e = x*2, e-1
			} else {
				x, e = x/2, e+1
			}
		}
		return x
	}
	steps := map[ir.ValueID]float32{}
	quantise := func() {
		bits := rapid.IntRange(2, 8).Draw(t, "bits")
		low := rapid.SampledFrom([]int{0, -1 << (bits - 1), -rapid.IntRange(0, 1<<bits-1).Draw(t, "zero point")}).Draw(t, "lowest level")
		step := power("step", -4, 0)
		r.Quantise(step, low, low+1<<bits-1)
		steps[r.Last()] = step
	}
	weights := func(channels int, dims ...int) (w, bias *ir.Tensor) {
		units, products := make([]float32, channels), make([]float32, channels)
		for c := range units {
			units[c] = power("unit", -8, -5)
			products[c] = units[c] * steps[r.Last()]
		}
		return r.Whole(127, units, dims...), r.Whole(500, products, channels)
	}
	conv := func(out, kernel int) {
		pad := kernel / 2
		w, bias := weights(out, out, r.Dims()[1], kernel, kernel)
		r.Node(ir.Conv{Window: ir.Window{Pads: []int{pad, pad, pad, pad}}, Group: 1}, w, bias)
	}
	quantise()
	conv(4, 3)
	quantise()
	if rapid.Bool().Draw(t, "pool") {
		r.Node(ir.MaxPool{Kernel: []int{2, 2}, Window: ir.Window{Strides: []int{2, 2}}})
		steps[r.Last()] = power("step of the pool", 0, 0) // stands for no scale of its own
		quantise()
	}
	if rapid.Bool().Draw(t, "residual") {
		skip := r.Last()
		conv(4, 3)
		quantise()
		r.Add(skip)
		quantise()
	}
	if rapid.Bool().Draw(t, "mean") {
		r.Node(ir.AveragePool{Kernel: []int{2, 2}})
		quantise()
	}
	r.Node(ir.Flatten{Axis: 1})
	steps[r.Last()] = steps[r.G.Nodes[len(r.G.Nodes)-1].In[0]]
	w, bias := weights(3, 3, r.Dims()[1])
	r.Node(ir.Gemm{Alpha: 1, Beta: 1, TransB: true}, w, bias)
	if rapid.Bool().Draw(t, "quantised output") {
		quantise()
	}
	return r.G
}

// TestOwnLevels: the network of a quantised model answers exactly as the model does, halves
// included, without samples to calibrate on.
func TestOwnLevels(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := quantisedNet(t)
		if ok, why := Quantised(t.Context(), g); !ok {
			t.Fatal(why)
		}
		n, report := lowered(t, g, nil, ownLevels())
		if len(report.Warnings) > 0 {
			t.Fatalf("%v", report.Warnings)
		}
		size := g.Type(g.Inputs[0]).Elems()
		in := make([]float32, size)
		for i, x := range rapid.SliceOfN(rapid.IntRange(-2000, 2000), size, size).Draw(t, "sample") {
			in[i] = float32(x) / 32
		}
		_, want := nettest.RunTrained(t, g, nil, in)
		if _, got := nettest.RunSpiking(t, n, in); !slices.Equal(got, want) {
			t.Fatalf("answers %v, the model %v", got, want)
		}
	})
}

// TestOwnLevelsRefused: a model that does not quantise all that neurons would stand for keeps no
// levels, and the error says where; weights and biases that are no whole numbers are told.
func TestOwnLevelsRefused(t *testing.T) {
	t.Parallel()
	whole := func(r *nettest.Random, out, in int, unit float32) *nettest.Random {
		return r.Node(ir.Gemm{Alpha: 1, Beta: 1, TransB: true}, r.Whole(9, []float32{unit}, out, in), r.Whole(9, []float32{unit}, out))
	}
	input := whole(nettest.NewRandom(t, 1, 1, 4), 3, 4, 0.5).Quantise(1, 0, 255)
	inner := whole(whole(nettest.NewRandom(t, 1, 1, 4).Quantise(1, 0, 255), 3, 4, 0.5).Relu(), 3, 3, 0.5)
	for want, g := range map[string]*ir.Graph{"it does not quantise its input": input.G, "it does not quantise what n1 computes": inner.G} {
		if _, _, err := Lower(t.Context(), g, nil, ownLevels()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for want, tensors := range map[string][2]*ir.Tensor{
		"weights are not whole numbers": {ir.Floats([]float32{0.1, 0.23, 0.457, 0.9}, 1, 4), ir.Floats([]float32{0}, 1)},
		"bias is no whole number":       {ir.Floats([]float32{1, 2, 3, 4}, 1, 4), ir.Floats([]float32{0.31830987}, 1)},
	} {
		r := nettest.NewRandom(t, 1, 1, 4).Quantise(1, 0, 255)
		r.Node(ir.Gemm{Alpha: 1, Beta: 1, TransB: true}, tensors[0], tensors[1]).Quantise(1, 0, 255)
		_, report := lowered(t, r.G, nil, ownLevels())
		if !strings.Contains(strings.Join(report.Warnings, "\n"), want) {
			t.Errorf("warnings %q, want %s", report.Warnings, want)
		}
	}
}

// TestQuantisedOtherwise: a quantised model converts to other bits and steps as any other does.
func TestQuantisedOtherwise(t *testing.T) {
	t.Parallel()
	r := nettest.NewRandom(t, 3, 1, 3, 8, 8).Quantise(1./32, -128, 127)
	r.Conv(8, 3).Quantise(1./32, 0, 255).Conv(8, 3).Quantise(1./16, -100, 155)
	r.Node(ir.GlobalAveragePool{}).Quantise(1./64, -128, 127).Node(ir.Flatten{Axis: 1}).Dense(5)
	p := profileOf(t, r.G, 32)
	for _, c := range []struct {
		bits, steps int
		restim      snn.Restim
		most        float64
	}{{8, 1, snn.RestimNone, 0.03}, {4, 4, snn.RestimRefine, 0.05}} {
		o := options(c.bits)
		o.Steps, o.Restim, o.Weights = c.steps, c.restim, Int8
		if c.restim == snn.RestimRefine {
			o.Rho = 4
		}
		n, _ := lowered(t, r.G, p, o)
		if e := outputError(t, r.G, n, 10_000, 20); e > c.most {
			t.Errorf("%d bits, %d steps: error %.3f, at most %v", c.bits, c.steps, e, c.most)
		}
	}
}
