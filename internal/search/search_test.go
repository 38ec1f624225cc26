package search_test

import (
	"slices"
	"strings"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/search"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/snn"
)

const text = `input %x float32[1,2,6,6]
const %w1 float32[4,2,3,3] = ramp(-0.5, 0.017)
const %b1 float32[4] = ramp(-0.2, 0.1)
%a float32[1,4,6,6] = Conv(%x, %w1, %b1) "first" {pads=[1,1,1,1]}
%r float32[1,4,6,6] = Relu(%a) "relu"
const %w2 float32[4,4,3,3] = ramp(-0.35, 0.006)
%b float32[1,4,6,6] = Conv(%r, %w2) "second" {pads=[1,1,1,1]}
%s float32[1,4,6,6] = Relu(%b) "relu2"
%p float32[1,4,1,1] = GlobalAveragePool(%s) "pool"
%f float32[1,4] = Flatten(%p) "flatten"
const %w3 float32[7,4] = {0.9,-0.5,0.1,0.2, -0.8,0.7,0.3,-0.1, 0.1,0.6,-0.9,0.4, 0.3,-0.2,0.5,-0.7, -0.4,0.1,0.2,0.8, 0.6,0.6,-0.6,-0.6, -0.1,-0.9,0.8,0.3}
%y float32[1,7] = Gemm(%f, %w3) "fc" {transB=true}
output %y
`

// watched counts which samples were looked at.
type watched struct {
	calibrate.Source
	seen []bool
}

func (w watched) Sample(i int, dst []float32) (int, error) {
	w.seen[i] = true
	_, err := w.Source.Sample(i, dst)
	return -1, err
}

func options(t *testing.T, maxDrop float64) search.Options {
	t.Helper()
	return optionsOf(t, text, maxDrop)
}

func optionsOf(t *testing.T, text string, maxDrop float64) search.Options {
	t.Helper()
	g, err := ir.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := passes.Run(t.Context(), g, nil); err != nil {
		t.Fatal(err)
	}
	sites, err := convert.Sites(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	samples := calibrate.Synthetic([]int{2, 6, 6}, -1, 1, 200, 3)
	p, err := calibrate.Run(t.Context(), g, calibrate.Pick(samples, 1, 0, 40), calibrate.Options{Sites: sites})
	if err != nil {
		t.Fatal(err)
	}
	method, err := calibrate.ParseMethod("mse")
	if err != nil {
		t.Fatal(err)
	}
	return search.Options{
		Graph: g, Profile: p, MaxDrop: maxDrop,
		Convert:  convert.Options{Method: method, PerChannel: true},
		HeldBack: watched{calibrate.Pick(samples, 1, 40, 160), make([]bool, 160)},
		Bits:     []int{1, 2, 3, 4, 5, 6, 7, 8}, Steps: []int{1, 2},
		Modes: func(_, steps int) []search.Mode {
			if steps == 1 {
				return []search.Mode{{Restim: snn.RestimNone, Rho: 1}}
			}
			return []search.Mode{{Restim: snn.RestimRefine, Rho: 2}, {Restim: snn.RestimSigned, Rho: 1}}
		},
	}
}

// TestSearch: the best network is the cheapest of those within the bound, it is the one
// returned, and every drop was measured on the samples held back.
func TestSearch(t *testing.T) {
	t.Parallel()
	for _, maxDrop := range []float64{0, 2, 10, 40} {
		o := options(t, maxDrop)
		var told []search.Trial
		o.Tried = func(trial search.Trial) { told = append(told, trial) }
		r, err := search.Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if len(told) != len(r.Trials) || len(told) < 3 {
			t.Fatalf("told of %d trials of %d", len(told), len(r.Trials))
		}
		for _, trial := range r.Trials {
			if trial.OK != (float64(-trial.Delta) <= maxDrop) || trial.Delta != trial.Agreement-100 {
				t.Errorf("bound %v: %+v", maxDrop, trial)
			}
			if trial.OK && trial.Cost < r.Best.Cost {
				t.Errorf("bound %v: %+v is cheaper than the best, %+v", maxDrop, trial, r.Best)
			}
		}
		if !r.Best.OK && maxDrop >= 2 {
			t.Errorf("nothing within %v points: %+v", maxDrop, r.Best)
		}
		if r.Network.Steps != r.Best.Steps {
			t.Errorf("best has %d steps, the network %d", r.Best.Steps, r.Network.Steps)
		}
		for _, l := range r.Report.Layers {
			want := r.Best.Bits
			if slices.Contains(r.Best.Lowered, l.Name) {
				want--
			}
			if l.Neurons > 0 && l.Bits != want {
				t.Errorf("bound %v: layer %q has %d bits, want %d", maxDrop, l.Name, l.Bits, want)
			}
		}
		if slices.Contains(o.HeldBack.(watched).seen, false) {
			t.Error("not all samples held back were measured on")
		}
	}
}

// TestSearchOutOfReach returns what comes nearest.
func TestSearchOutOfReach(t *testing.T) {
	t.Parallel()
	o := options(t, 0)
	o.Bits, o.Steps = []int{1}, []int{1}
	r, err := search.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Best.OK || len(r.Trials) != 1 || r.Network == nil || r.Best.Delta >= 0 {
		t.Errorf("one bit: %+v", r)
	}
}

// TestSearchTriesModes: where the first mode fails, the others have their turn.
func TestSearchTriesModes(t *testing.T) {
	t.Parallel()
	o := options(t, -1)
	o.Bits, o.Steps = []int{1}, []int{2}
	r, err := search.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var modes []string
	for _, trial := range r.Trials {
		modes = append(modes, trial.Restim)
	}
	if !slices.Equal(modes, []string{"refine", "signed"}) || r.Best.Delta != max(r.Trials[0].Delta, r.Trials[1].Delta) {
		t.Errorf("tried %v, best %+v of %+v", modes, r.Best, r.Trials)
	}
}

// TestSearchKeepsChosenBits leaves alone what the user settled.
func TestSearchKeepsChosenBits(t *testing.T) {
	t.Parallel()
	o := options(t, 10)
	o.Convert.LayerBits = map[string]int{"first": 8}
	r, err := search.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range r.Report.Layers {
		if strings.HasPrefix(l.Name, "first") && l.Bits != 8 {
			t.Errorf("%q has %d bits, want 8", l.Name, l.Bits)
		}
	}
	if len(r.Sensitivity) > 1 {
		t.Errorf("sensitivities %v, want of one layer at most", r.Sensitivity)
	}
}
