package convert

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/snn"
)

// mobile is a small network in the manner of MobileNetV3 and EfficientNet.
func mobile(t *testing.T, act, gate ir.Op) *ir.Graph {
	t.Helper()
	r := nettest.NewRandom(t, 11, 1, 3, 12, 12)
	r.Conv(8, 3).Node(act).Bottleneck(24, act, gate).Bottleneck(24, act, gate)
	r.Node(ir.GlobalAveragePool{}).Node(ir.Flatten{Axis: 1}).Dense(10)
	return r.G
}

// TestGates: networks with squeeze-and-excitation say in 8 bits what they say trained, in one
// step and in several ones, in every mode. An error of 0.14 is a cosine of 0.99.
func TestGates(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]*ir.Graph{
		"MobileNetV3":  mobile(t, ir.HardSwish{}, ir.HardSigmoid{Alpha: 1. / 6, Beta: 0.5}),
		"EfficientNet": mobile(t, ir.SiLU{}, ir.Sigmoid{}),
		"ReLU":         mobile(t, ir.Relu{}, ir.Sigmoid{}),
	} {
		p := profileOf(t, g, 32)
		for _, c := range []struct {
			restim      snn.Restim
			bits, steps int
			most        float64
		}{
			{snn.RestimNone, 8, 1, 0.02},
			{snn.RestimNone, 4, 1, 0.07},
			{snn.RestimRefine, 8, 2, 0.02},
			{snn.RestimRefine, 4, 4, 0.02},
			{snn.RestimWaiting, 6, 4, 0.02},
			{snn.RestimNone, 6, 4, 0.03},
			{snn.RestimSigned, 6, 4, 0.03},
		} {
			for _, weights := range []Weights{Float32, Int8} {
				o := options(c.bits)
				o.Steps, o.Restim, o.Weights = c.steps, c.restim, weights
				if c.restim == snn.RestimRefine {
					o.Rho = 4
				}
				n, report := lowered(t, g, p, o)
				e := outputError(t, g, n, 10_000, 20)
				t.Logf("%s, %d bits, %d steps of %v, %v: error %.3f %v", name, c.bits, c.steps, c.restim, weights, e, report.Warnings)
				if e > c.most {
					t.Errorf("%s, %d bits, %d steps of %v, %v: error %.3f, at most %v", name, c.bits, c.steps, c.restim, weights, e, c.most)
				}
			}
		}
	}
}

// TestProductsBroadcast: two signals multiply whatever axes one of them is broadcast along, and
// a gate of a map takes no table of its places. Gathers of "pixels" turn its map, others
// arrange both signals alike.
func TestProductsBroadcast(t *testing.T) {
	t.Parallel()
	const prelude = `
input %x float32[1,3,4,5]
const %minus float32[1,3,1,1] = {-1, 1, 1}
const %shape int64[3] = {3, 1, 1}
const %row int64[4] = {1, 1, 1, 5}
const %two int64[4] = {3, 4, 5, 1}
const %column int64[4] = {1, 4, 5, 1}
const %zeros int64[4] = {0, 0, 0, 0}
const %axes int64[1] = {1}
%relu = Relu(%x) "relu"
%signed = Binary(%x, %minus) "signed" {fn=mul}
%means = GlobalAveragePool(%relu) "means"
%gate = Sigmoid(%means) "gate"
%flat = Reshape(%gate, %shape) "flat"
%pixels = Reduce(%relu, %axes) "pixels" {fn=sum keepDims=true}
%first = Slice(%x, %zeros, %row) "first"
%high = Reshape(%relu, %two) "high"
%low = Slice(%high, %zeros, %column) "low"
`
	for _, tt := range []struct {
		a, b    string
		gathers int
	}{
		{"relu", "gate", 0},
		{"gate", "relu", 0},
		{"signed", "relu", 0},
		{"signed", "signed", 0},
		{"relu", "means", 0},
		{"relu", "pixels", 2},
		{"pixels", "gate", 2},
		{"signed", "flat", 0},
		{"relu", "first", 1},
		{"high", "low", 2},
	} {
		g := nettest.Parse(t, prelude+fmt.Sprintf("%%p = Binary(%%%s, %%%s) \"product\" {fn=mul}\n%%y = Relu(%%p) \"y\"\noutput %%y", tt.a, tt.b))
		n, _, err := Lower(context.Background(), g, nil, Options{Steps: 1})
		if err != nil {
			t.Fatal(err)
		}
		gathers := 0
		for _, l := range n.Layers {
			if _, ok := l.Op.(snn.Gather); ok {
				gathers++
			}
		}
		product := slices.IndexFunc(n.Layers, func(l snn.Layer) bool { return l.Op.Kind() == "Product" })
		if product < 0 || gathers != tt.gathers {
			t.Errorf("%s times %s: product in layer %d, %d gathers, want %d", tt.a, tt.b, product, gathers, tt.gathers)
		}
		source := nettest.NoiseFor(g, 1)
		in := make([]float32, source.Size)
		if _, err := source.Sample(0, in); err != nil {
			t.Fatal(err)
		}
		values, out := nettest.RunTrained(t, g, nil, in)
		s, got := nettest.RunSpiking(t, n, in)
		for i := range n.Layers {
			compareLayer(t, n, i, s, values, 1e-5)
		}
		compareAll(t, tt.a+" times "+tt.b, got, out, 1e-5)
		n, _ = lowered(t, g, profileOf(t, g, 32), timed(8, 1))
		if e := outputError(t, g, n, 10_000, 20); e > 0.1 { // squares of noise have long tails
			t.Errorf("%s times %s: error %.3f in 8 bits", tt.a, tt.b, e)
		}
	}
}

// TestGatesOfManySteps: where 32 bits do not hold the products of many steps of refinement,
// another ratio or mode is taken, which loses nothing against one step. 32 steps of 8 bits, in
// the mode signed, have an error of 0.03 in integers and of 0.003 in float32.
func TestGatesOfManySteps(t *testing.T) {
	t.Parallel()
	g := mobile(t, ir.HardSwish{}, ir.HardSigmoid{Alpha: 1. / 6, Beta: 0.5})
	p := profileOf(t, g, 32)
	for _, bits := range []int{4, 8} {
		for _, steps := range []int{2, 4, 6, 8, 16} {
			n, report, err := Lower(context.Background(), g, p, timed(bits, steps))
			if err != nil {
				t.Fatalf("%d bits, %d steps: %v", bits, steps, err)
			}
			e := outputError(t, g, n, 10_000, 10)
			t.Logf("%d bits, %d steps: %v, rho %d: error %.4f %q", bits, steps, n.Restim, n.Rho, e, report.Warnings)
			if e > 0.03 {
				t.Errorf("%d bits, %d steps of %v, rho %d: error %.4f", bits, steps, n.Restim, n.Rho, e)
			}
		}
	}
}

// TestInnerSoftmax: a softmax that a network goes on with, as heads of detectors do, is kept in
// 8 bits.
func TestInnerSoftmax(t *testing.T) {
	t.Parallel()
	r := nettest.NewRandom(t, 5, 1, 3, 8, 8)
	r.Conv(8, 3).Relu().Conv(8, 1).Node(ir.Softmax{Axis: 1}).Conv(6, 3).Relu().Node(ir.GlobalAveragePool{}).Node(ir.Flatten{Axis: 1}).Dense(4)
	if err := passes.Run(t.Context(), r.G, nil); err != nil {
		t.Fatal(err)
	}
	o := options(8)
	o.Weights = Int8
	n, _ := lowered(t, r.G, profileOf(t, r.G, 32), o)
	if e := outputError(t, r.G, n, 10_000, 20); e > 0.05 {
		t.Errorf("error %.3f, at most 0.05", e)
	}
}
