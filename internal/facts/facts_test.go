package facts_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/facts"
	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestFactsHold runs random networks and holds the output of every layer in every step to
// what is said about it.
func TestFactsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		n := snntest.Network(t, spec)
		f, err := facts.Proven(n)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		s := plan.NewSession(runtime.SessionOptions{Trace: true})
		if _, err := s.Run(context.Background(), make([]float32, plan.OutLen()), snntest.Sample(t, n)); err != nil {
			t.Fatal(err)
		}
		for i := range n.Layers {
			holdToFacts(t, n, s, i, &f.Facts[i])
		}
	})
}

func holdToFacts(t *rapid.T, n *snn.Network, s *runtime.Session, i int, f *facts.Facts) {
	first := levelsOf(t, s, i, 1)
	sums := make([]int64, len(first))
	for step := 1; step <= n.Steps; step++ {
		levels := levelsOf(t, s, i, step)
		want := first
		if step > 1 && n.Refines() {
			want = make([]int32, len(first))
		}
		if f.Constant && !slices.Equal(levels, want) {
			t.Fatalf("layer %d is constant and has the output %v in step %d, want %v", i, levels, step, want)
		}
		for e, k := range levels {
			if int64(k) < f.Low || int64(k) > f.High {
				t.Fatalf("layer %d: level %d in step %d is outside of %d..%d", i, k, step, f.Low, f.High)
			}
			sums[e] = sums[e]*int64(n.Rho) + int64(k)
			if f.Signal == facts.Spikes && f.Rising && sums[e] < 0 {
				t.Fatalf("layer %d: the sum of levels is %d after step %d", i, sums[e], step)
			}
		}
	}
	for _, sum := range sums {
		if sum = max(sum, -sum); sum > n.SumOverSteps(f.Largest()) {
			t.Fatalf("layer %d: the sum over the steps is %d, beyond the bound of %d", i, sum, n.SumOverSteps(f.Largest()))
		}
	}
}

func levelsOf(t *rapid.T, s *runtime.Session, layer, step int) []int32 {
	levels, err := s.Levels(layer, step)
	if err != nil {
		t.Fatal(err)
	}
	return levels
}

// TestReaders compares readers with the inputs of layers, and bounds with ranges.
func TestReaders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		n := snntest.Network(t, spec)
		f, err := facts.Proven(n)
		if err != nil {
			t.Fatal(err)
		}
		ranges, err := n.Ranges()
		if err != nil {
			t.Fatal(err)
		}
		for i := range n.Layers {
			var readers []int
			_, remembers := n.Layers[i].Op.(snn.Product)
			last, steady := i, !remembers
			for k := range n.Layers {
				for _, from := range n.Layers[k].In {
					if from == i {
						readers, last = append(readers, k), k
					}
				}
			}
			for _, from := range n.Layers[i].In {
				steady = steady && f.Facts[from].Constant
			}
			if i == n.Output {
				last = len(n.Layers)
			}
			got := f.Facts[i]
			if !slices.Equal(got.Readers, readers) || got.Last != last || got.Steady != steady {
				t.Fatalf("layer %d: %+v, want readers %v, last %d, steady %v", i, got, readers, last, steady)
			}
			if got.Low > 0 || got.High < 0 || got.Largest() != ranges[i].Output || got.Membrane != ranges[i].Membrane {
				t.Fatalf("layer %d: bounds %d..%d, membrane %d, range %+v", i, got.Low, got.High, got.Membrane, ranges[i])
			}
		}
	})
}

// TestRuleOf says which neurons follow which rule.
func TestRuleOf(t *testing.T) {
	relu, linear := snn.Neuron{Format: snn.Format{N: 4}}, snn.Neuron{Format: snn.Format{N: 4}, Signed: true, Act: snn.Activation{Fn: snn.Linear}}
	relu6 := snn.Neuron{Format: snn.Format{N: 4}, Act: snn.Activation{Fn: snn.Clip, B: 6}}
	silu := snn.Neuron{Format: snn.Format{N: 4}, Signed: true, Act: snn.Activation{Fn: snn.SiLU}}
	int8s := snn.Neuron{Format: snn.Format{N: 8}, Signed: true, Act: snn.Activation{Fn: snn.Quantise, A: -1, B: 1}}
	seen := map[facts.Rule]bool{}
	for _, c := range []struct {
		steps  int
		restim snn.Restim
		float  bool
		neuron *snn.Neuron
		want   facts.Rule
	}{
		{4, snn.RestimNone, false, nil, facts.NoRule},
		{1, snn.RestimNone, true, &snn.Neuron{}, facts.Analog},
		{1, snn.RestimRefine, false, &relu, facts.Rate},
		{4, snn.RestimNone, false, &relu, facts.Rate},
		{4, snn.RestimSigned, false, &relu, facts.Signed},
		{4, snn.RestimSigned, false, &linear, facts.Rate},
		{4, snn.RestimRefine, false, &linear, facts.Refine},
		{4, snn.RestimWaiting, false, &relu, facts.Waiting},
		{1, snn.RestimWaiting, false, &relu, facts.Rate},
		{4, snn.RestimNone, false, &relu6, facts.Increment},
		{4, snn.RestimRefine, false, &relu6, facts.Capped},
		{4, snn.RestimRefine, true, &relu6, facts.Increment},
		{1, snn.RestimRefine, false, &relu6, facts.Increment},
		{4, snn.RestimRefine, false, &silu, facts.Increment},
		{4, snn.RestimWaiting, false, &silu, facts.WaitingIncrement},
		{1, snn.RestimWaiting, false, &silu, facts.Increment},
		{1, snn.RestimNone, false, &int8s, facts.Quantise},
		{4, snn.Restim(len(snn.Restims())), false, &relu, facts.NoRule},
	} {
		n := &snn.Network{Steps: c.steps, Restim: c.restim, Integer: !c.float}
		got := facts.RuleOf(n, &snn.Layer{Neuron: c.neuron})
		if got != c.want {
			t.Errorf("%+v follows %v", c, got)
		}
		seen[got] = true
	}
	names := map[string]bool{"": true}
	for _, r := range facts.Rules() {
		if !seen[r] {
			t.Errorf("no case of the rule %v", r)
		}
		if names[r.String()] {
			t.Errorf("the name %q of rule %d is empty or taken", r, r)
		}
		names[r.String()] = true
	}
}
