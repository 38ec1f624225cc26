package eval_test

import (
	"math"
	"slices"
	"testing"

	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/snn"
)

// deep has two layers of neurons, one behind the other.
const deep = `input %x float32[1,2,6,6]
const %w1 float32[4,2,3,3] = ramp(-0.5, 0.017)
const %b1 float32[4] = ramp(-0.2, 0.1)
%a float32[1,4,6,6] = Conv(%x, %w1, %b1) "first" {pads=[1,1,1,1]}
%r float32[1,4,6,6] = Relu(%a) "relu"
const %w2 float32[4,4,3,3] = ramp(-0.35, 0.006)
%b float32[1,4,6,6] = Conv(%r, %w2) "second" {pads=[1,1,1,1]}
%s float32[1,4,6,6] = Sigmoid(%b) "sigmoid"
%p float32[1,4,1,1] = GlobalAveragePool(%s) "pool"
%f float32[1,4] = Flatten(%p) "flatten"
const %w3 float32[7,4] = {0.9,-0.5,0.1,0.2, -0.8,0.7,0.3,-0.1, 0.1,0.6,-0.9,0.4, 0.3,-0.2,0.5,-0.7, -0.4,0.1,0.2,0.8, 0.6,0.6,-0.6,-0.6, -0.1,-0.9,0.8,0.3}
%y float32[1,7] = Gemm(%f, %w3) "fc" {transB=true}
output %y
`

func whyOf(t *testing.T, o convert.Options) (*eval.Result, eval.Why, eval.Why) {
	t.Helper()
	g, err := ir.Parse(deep)
	if err != nil {
		t.Fatal(err)
	}
	if err := passes.Run(t.Context(), g, nil); err != nil {
		t.Fatal(err)
	}
	r := compare(t, eval.Options{Graph: g, Network: network(t, g, o), Source: newSamples(40)})
	find := func(name string) eval.Why {
		i := slices.IndexFunc(r.Why, func(w eval.Why) bool { return w.Layer == name })
		if i < 0 {
			t.Fatalf("no word about layer %q in %v", name, r.Why)
		}
		return r.Why[i]
	}
	return r, find("first"), find("second")
}

// TestWhyOfOneStep: in a float network of one step nothing comes from weights and time,
// and nothing is inherited by the first layer.
func TestWhyOfOneStep(t *testing.T) {
	r, first, second := whyOf(t, threeBits)
	if first.Inherited > 1e-5 || first.Weights > 1e-5 || second.Weights > 1e-5 || first.Arrival > 1e-5 || second.Arrival > 1e-5 {
		t.Errorf("inherited, weights or time to blame: %+v, %+v", first, second)
	}
	if second.Inherited < 1e-3 || first.Rounding < 1e-3 || second.Rounding < 1e-3 {
		t.Errorf("no error inherited or by rounding: %+v, %+v", first, second)
	}
	if sum := math.Hypot(first.Clipping, first.Rounding); math.Abs(sum-first.Total) > 0.3*sum {
		t.Errorf("parts of %v make %v", first, sum)
	}
	for _, w := range r.Why {
		layer := r.Layers[slices.IndexFunc(r.Layers, func(l eval.Layer) bool { return l.Name == w.Layer })]
		if *layer.RelativeError != w.Total {
			t.Errorf("total %v of %q, the layer's error is %v", w.Total, w.Layer, *layer.RelativeError)
		}
		if sum := w.Inherited + w.Weights + w.Clipping + w.Rounding + w.Arrival; w.Total > sum+1e-5 {
			t.Errorf("total %v is more than all parts, %v", w.Total, sum)
		}
	}
	if len(r.Worst) != 2 {
		t.Errorf("worst layers %v, want both", r.Worst)
	}
}

// TestWhyNamesTheCause changes one thing at a time.
func TestWhyNamesTheCause(t *testing.T) {
	int8s := threeBits
	int8s.Format, int8s.Weights = snn.Format{M: 1, N: 7}, convert.Int8
	if _, first, _ := whyOf(t, int8s); first.Weights < 1e-4 || first.Inherited < 1e-4 {
		t.Errorf("int8 weights and a rounded input: %+v", first)
	}
	int8s.Weights = convert.Int4
	r, _, _ := whyOf(t, int8s)
	i := slices.IndexFunc(r.Why, func(w eval.Why) bool { return w.Layer == "fc" })
	if i < 0 || r.Why[i].Cause != "weights" || r.Why[i].Weights < 0.01 || r.Why[i].Rounding+r.Why[i].Clipping+r.Why[i].Arrival != 0 {
		t.Errorf("the readout, whose weights have 4 bits, is not explained: %+v", r.Why)
	}
	wide := convert.Options{Format: snn.Format{M: 1, N: 1}, Steps: 1, PerChannel: true}
	_, one, _ := whyOf(t, wide)
	if one.Cause != "rounding" || one.Help != "--layer-bits first=3" {
		t.Errorf("two bits: %+v", one)
	}
	wide.Steps, wide.Format = 4, snn.Format{M: 1, N: 0}
	if _, _, second := whyOf(t, wide); second.Arrival < 1e-3 {
		t.Errorf("rate code of four steps: %+v", second)
	}
}
