package runtime_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestPrefixIsAnAnswer: a network cut to its first steps answers, bit for bit, as the
// whole one does after them. Early exits rest on that.
func TestPrefixIsAnAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := refining(t)
		sample := snntest.Sample(t, n)
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		s := plan.NewSession(runtime.SessionOptions{})
		got := make([]float32, plan.OutLen())
		if _, err := s.Run(context.Background(), got, sample); err != nil {
			t.Fatal(err)
		}
		for steps := 1; steps <= n.Steps; steps++ {
			ok(s.Readout(steps, got))
			if want := readout(cut(t, n, steps), sample); !slices.Equal(got, want) {
				t.Fatalf("after step %d of %d: %v, a network of as many steps says %v", steps, n.Steps, got, want)
			}
		}
	})
}

// TestEarlyExit: the answer is that of the network cut to the steps of the exit, and the
// first of those tried whose classes are apart by the margin.
func TestEarlyExit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := refining(t)
		if n.Layers[n.Output].Shape.Len() < 2 {
			t.Skip("a single output")
		}
		margin := rapid.Float64Range(0, 1).Draw(t, "margin")
		early, err := runtime.CompileEarly(context.Background(), n, margin)
		if err != nil {
			t.Fatal(err)
		}
		s := early.NewSession(1)
		defer s.Close()
		got := make([]float32, n.Layers[n.Output].Shape.Len())
		for range 2 {
			sample := snntest.Sample(t, n)
			exit, err := s.Run(context.Background(), got, sample)
			if err != nil {
				t.Fatal(err)
			}
			var want []float32
			computed := 0
			for steps := 1; ; steps *= 2 {
				if 2*steps > n.Steps {
					steps = n.Steps
				}
				want = readout(cut(t, n, steps), sample)
				computed += steps
				if steps == n.Steps || gap(want) >= margin {
					break
				}
			}
			if !slices.Equal(got, want) || exit.Computed != computed {
				t.Fatalf("%v after %+v, want %v with %d steps computed", got, exit, want, computed)
			}
		}
	})
}

// refining draws a network of several refining steps.
func refining(t *rapid.T) *snn.Network {
	spec := snntest.DrawSpec(t)
	spec.Restim = snn.RestimRefine
	spec.Rho = rapid.SampledFrom([]int{1, 2, 4}).Draw(t, "ratio")
	spec.Steps = rapid.IntRange(2, [...]int{0, 8, 5, 0, 3}[spec.Rho]).Draw(t, "refining steps")
	return snntest.Network(t, spec)
}

func cut(t *rapid.T, n *snn.Network, steps int) *runtime.Plan {
	short := *n
	short.Steps = steps
	plan, err := runtime.Compile(context.Background(), &short)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// gap is the difference of the two largest probabilities.
func gap(scores []float32) float64 {
	sorted := slices.Sorted(slices.Values(scores))
	largest, sum := float64(sorted[len(sorted)-1]), 0.0
	for _, x := range scores {
		sum += math.Exp(float64(x) - largest)
	}
	return (1 - math.Exp(float64(sorted[len(sorted)-2])-largest)) / sum
}

func TestEarlyExitRefuses(t *testing.T) {
	pair := func(restim snn.Restim, steps int) *snn.Network {
		n := single(restim, steps, 4, 1)
		if restim == snn.RestimRefine {
			n.Rho = 2
		}
		return n
	}
	for _, c := range []struct {
		net    *snn.Network
		margin float64
		want   string
	}{
		{pair(snn.RestimNone, 2), 0.5, "several steps of refinement"},
		{pair(snn.RestimRefine, 1), 0.5, "several steps of refinement"},
		{pair(snn.RestimRefine, 2), 0.5, "a single output"},
		{pair(snn.RestimRefine, 2), 1.5, "a margin of 1.5"},
		{pair(snn.RestimRefine, 2), math.NaN(), "a margin of NaN"},
	} {
		if _, err := runtime.CompileEarly(context.Background(), c.net, c.margin); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
