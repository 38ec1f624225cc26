package fit

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/nettest"
	"ann2snn/convert/internal/plan"
	"ann2snn/ir"
)

// TestRidgeRows: what the fit believes the currents of a built layer to be is what the
// layer computes.
func TestRidgeRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := nettest.Draw(t, false)
		if planned(g) == nil {
			t.Skip("cannot be converted")
		}
		o := ridgeSetup(g, rapid.IntRange(1, 6).Draw(t, "bits"), 3)
		o.LargestWeight = rapid.SampledFrom([]int{0, 127}).Draw(t, "largest weight")
		b := newBuilder(t, g, 8, &o)
		if _, err := Ridge(context.Background(), b, o.fit); err != nil {
			t.Skip("cannot be converted: " + err.Error())
		}
		r := ridgeOf(t, b, &o)
		for _, l := range r.Plan.Layers {
			op, ok := l.Op.(plan.Weighted)
			if goal, _ := r.goalOf(l); !ok || l.Current == ir.None || goal != l {
				continue
			}
			seen, err := r.observeWeighted(context.Background(), l, l, 0)
			if err != nil {
				t.Fatal(err)
			}
			got := seen.preActivations(r.Builder, l, r.set)
			for s := range r.samples {
				sample := r.samples[s].input(make([]float32, r.program.InLen()))
				session, _ := nettest.RunSpiking(t, b.Net, sample)
				current := make([]float32, l.Shape.Len())
				if err := session.Current(l.Index, current); err != nil {
					t.Fatal(err)
				}
				for i, at := range r.positions(l, s) {
					row := s*r.perSample(l) + i
					for c := range l.Shape.C {
						want := current[c*l.Shape.H*l.Shape.W+at]
						if d := math.Abs(float64(got[row*l.Shape.C+c] - want)); d > 1e-3*(1+math.Abs(float64(want))) {
							t.Fatalf("%q (%T), sample %d, position %d, channel %d: %v, want %v", l.Name, op, s, at, c, got[row*l.Shape.C+c], want)
						}
					}
				}
			}
		}
	})
}

// TestRidgeTargets: the targets of a layer are the trained network's values.
func TestRidgeTargets(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	o := ridgeSetup(g, 3, 4)
	r := startedRidge(t, g, 20, &o)
	goals := map[string]string{}
	for _, l := range r.Plan.Layers {
		if _, ok := l.Op.(plan.Weighted); !ok {
			continue
		}
		goal, _ := r.goalOf(l)
		want, err := r.targetsOf(context.Background(), l)
		if err != nil {
			t.Fatal(err)
		}
		goals[l.Name] = g.Value(goal.Current).Name
		for s := range r.samples {
			sample := r.samples[s].input(make([]float32, r.program.InLen()))
			values, _ := nettest.RunTrained(t, g, nil, sample)
			v := values[g.Value(goal.Current).Name]
			for i, at := range r.positions(l, s) {
				for c := range l.Shape.C {
					if got := want[(s*r.perSample(l)+i)*l.Shape.C+c]; got != v[c*l.Shape.H*l.Shape.W+at] {
						t.Fatalf("%s, sample %d, position %d, channel %d: %v, want %v", l.Name, s, at, c, got, v[c*l.Shape.H*l.Shape.W+at])
					}
				}
			}
		}
	}
	want := map[string]string{"conv0": "c0", "conv1": "a", "bottleneck": "c2", "expand": "c3", "fc": "y"}
	for name, goal := range want {
		if goals[name] != goal {
			t.Errorf("%s is fitted to %q, want %q", name, goals[name], goal)
		}
	}
}

// ridgeOf is a fit of a network whose layers are all built.
func ridgeOf(t nettest.T, b *fill.Builder, o *setup) *run {
	r, err := newRun(context.Background(), b, o.fit)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
