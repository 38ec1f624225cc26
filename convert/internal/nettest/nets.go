// Package nettest has trained networks for the tests of a conversion: small ones in text
// form, random ones, and samples and calibrations for them.
package nettest

import (
	"context"
	"encoding/json"
	"math/rand/v2"

	"ann2snn/calibrate"
	"ann2snn/ir"
)

// T is what the tests' T and that of rapid have in common.
type T interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// Small is a network with most of what real ones have: a residual block, a pool, a
// concatenation, a linear bottleneck and a dense readout.
const Small = `
source {path="nets/small.onnx" sha256="0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"}
input %x float32[1,3,8,8]
const %w0 float32[4,3,3,3] = ramp(-0.3, 0.0061)
const %b0 float32[4] = {0.1, -0.2, 0.3, 0}
const %w1 float32[4,4,3,3] = ramp(0.2, -0.0029)
const %w2 float32[6,8,1,1] = ramp(-0.4, 0.019)
const %w3 float32[5,6,1,1] = ramp(0.5, -0.034)
const %w4 float32[3,80] = ramp(-0.3, 0.0027)
%c0 = Conv(%x, %w0, %b0) "conv0" {pads=[1,1,1,1] group=1}
%r0 = Relu(%c0) "relu0"
%c1 = Conv(%r0, %w1) "conv1" {pads=[1,1,1,1] group=1}
%a = Add(%c1, %r0) "add"
%r1 = Relu(%a) "relu1"
%j = Concat(%r0, %r1) "join" {axis=1}
%m = MaxPool(%j) "max" {kernel=[2,2] strides=[2,2]}
%c2 = Conv(%m, %w2) "bottleneck" {group=1}
%c3 = Conv(%c2, %w3) "expand" {group=1}
%r3 = LeakyRelu(%c3) "leaky" {alpha=0.1}
%f = Flatten(%r3) "flat" {axis=1}
%y = Gemm(%f, %w4) "fc" {alpha=1 beta=1 transB=true}
output %y`

// Gated is a network in which two layers take gates.
const Gated = `
input %x float32[1,2,6,6]
const %w1 float32[4,2,3,3] = {0.3, -0.2, 0.1, 0.4, 0.5, -0.1, 0.2, 0.3, -0.4, 0.1, 0.2, 0.3, -0.3, 0.2, 0.4, 0.1, 0.1, -0.2, 0.2, 0.2, -0.5, 0.3, 0.1, 0.4, 0.2, -0.1, 0.3, 0.5, 0.2, -0.2, 0.1, 0.3, 0.2, 0.1, -0.3, 0.4, 0.2, -0.4, 0.3, 0.3, 0.1, 0.2, 0.4, -0.1, 0.3, 0.2, 0.2, 0.1, -0.2, 0.4, 0.3, 0.1, 0.2, 0.5, 0.1, 0.3, -0.2, 0.2, 0.1, 0.4, -0.3, 0.2, 0.3, 0.2, 0.1, 0.3, -0.1, 0.2, 0.4, 0.2, 0.1, 0.3}
const %w2 float32[4,4,1,1] = {0.5, -0.3, 0.2, 0.4, -0.2, 0.6, 0.3, 0.1, 0.3, 0.2, 0.5, -0.4, 0.1, 0.4, -0.3, 0.6}
const %w3 float32[4,4,1,1] = {0.4, 0.2, -0.3, 0.5, 0.3, 0.5, 0.2, -0.2, -0.4, 0.3, 0.6, 0.1, 0.2, -0.1, 0.4, 0.5}
%c1 = Conv(%x, %w1) "conv1" {pads=[1,1,1,1]}
%r1 = Relu(%c1) "relu1"
%c2 = Conv(%r1, %w2) "conv2"
%r2 = Relu(%c2) "relu2"
%c3 = Conv(%r2, %w3) "conv3"
%s = Add(%c3, %r1) "add"
%r3 = Relu(%s) "relu3"
%y = GlobalAveragePool(%r3) "pool"
output %y`

// Parse reads a graph in text form and types its values.
func Parse(t T, text string) *ir.Graph {
	t.Helper()
	g, err := ir.Parse(text)
	if err == nil {
		err = g.Infer()
	}
	if err == nil {
		err = g.Verify()
	}
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return g
}

// Noise is a Source of bell-shaped samples for a graph.
type Noise struct{ N, Size int }

// NoiseFor returns n samples for a graph.
func NoiseFor(g *ir.Graph, n int) Noise { return Noise{n, g.Type(g.Inputs[0]).Elems()} }

// Len returns the number of samples.
func (s Noise) Len() int { return s.N }

// Sample draws sample i.
func (s Noise) Sample(i int, dst []float32) (int, error) {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	for k := range s.Size {
		dst[k] = float32(r.NormFloat64())
	}
	return i % 3, nil
}

// Profile calibrates sites of a graph on n samples of noise.
func Profile(t T, g *ir.Graph, sites []calibrate.Site, n int) *calibrate.Profile {
	t.Helper()
	o := calibrate.Options{Sites: sites, Seed: 5, Preprocess: json.RawMessage(`{"a":1}`)}
	p, err := calibrate.Run(context.Background(), g, NoiseFor(g, n), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
