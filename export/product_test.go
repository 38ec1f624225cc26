package export_test

import (
	"strings"
	"testing"

	"ann2snn/convert"
	"ann2snn/export/nir"
	"ann2snn/snn"
)

// multiplied are networks in which two signals multiply; constants are random numbers.
var multiplied = map[string]string{
	"MobileNetV3": `
input %x float32[1,3,8,6]
const %w1 float32[8,3,3,3] = fill(0)
const %w2 float32[16,8,1,1] = fill(0)
const %w3 float32[16,1,3,3] = fill(0)
const %s1 float32[4,16,1,1] = fill(0)
const %s2 float32[16,4,1,1] = fill(0)
const %w4 float32[8,16,1,1] = fill(0)
const %w5 float32[10,8] = fill(0)
%c1 = Conv(%x, %w1) {pads=[1,1,1,1] strides=[2,2]}
%h1 = HardSwish(%c1)
%c2 = Conv(%h1, %w2) "expand"
%h2 = HardSwish(%c2)
%c3 = Conv(%h2, %w3) "depthwise" {pads=[1,1,1,1] group=16}
%h3 = HardSwish(%c3)
%p = GlobalAveragePool(%h3)
%q1 = Conv(%p, %s1) "squeeze"
%r1 = Relu(%q1)
%q2 = Conv(%r1, %s2) "excite"
%gate = HardSigmoid(%q2) {alpha=0.16666667 beta=0.5}
%m = Binary(%h3, %gate) "gated" {fn=mul}
%c4 = Conv(%m, %w4) "project"
%a = Add(%c4, %h1)
%g = GlobalAveragePool(%a)
%f = Flatten(%g) {axis=1}
%y = Gemm(%f, %w5) {alpha=1 beta=1 transB=true}
output %y`,
	"attention over places, and a gated linear unit": `
input %x float32[1,3,6,5]
const %w1 float32[8,3,3,3] = fill(0)
const %w2 float32[1,4,3,3] = fill(0)
const %w3 float32[5,4,1,1] = fill(0)
%c1 = Conv(%x, %w1) {pads=[1,1,1,1]}
%t, %u = Split(%c1) {axis=1 parts=2}
%s = Sigmoid(%u)
%glu = Binary(%t, %s) "glu" {fn=mul}
%c2 = Conv(%glu, %w2) {pads=[1,1,1,1]}
%places = Sigmoid(%c2)
%m = Binary(%places, %glu) "attended" {fn=mul}
%r = Relu(%m)
%y = Conv(%r, %w3)
output %y`,
}

// TestProducts converts networks in which two signals multiply. With analog neurons they answer
// as the trained network does; as integer networks every target with a consumer answers as
// runtime does.
func TestProducts(t *testing.T) {
	t.Parallel()
	for name, text := range multiplied {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			throughTargets(t, text)
		})
	}
}

// TestNIRSaysWhyNotProducts: NIR has no form for a product of two signals, and says so of the
// node.
func TestNIRSaysWhyNotProducts(t *testing.T) {
	g := randomWeights(t, multiplied["MobileNetV3"])
	if err := g.Infer(); err != nil {
		t.Fatal(err)
	}
	n, _, err := convert.Lower(t.Context(), g, nil, convert.Options{Steps: 1})
	if err != nil {
		t.Fatal(err)
	}
	losses := nir.Target.Check(n)
	for _, l := range losses {
		if l.Fatal && l.Layer == "gated" && strings.Contains(l.What, "multiplies two signals") && strings.Contains(l.Way, "squeeze-and-excitation") {
			return
		}
	}
	t.Errorf("losses of a network with %s: %+v", snn.Product{}.Kind(), losses)
}
