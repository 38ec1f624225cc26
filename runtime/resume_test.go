package runtime_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestResume: running in pieces, some of them twice, is running at once.
func TestResume(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := snntest.Network(t, snntest.DrawSpec(t))
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		sample := snntest.Sample(t, n)
		want := readout(plan, sample)
		s := plan.NewSession(runtime.SessionOptions{Trace: true})
		if err := s.Load(sample); err != nil {
			t.Fatal(err)
		}
		for done := 0; done < len(n.Layers); {
			from := rapid.IntRange(0, done).Draw(t, "from")
			to := rapid.IntRange(done+1, len(n.Layers)).Draw(t, "to")
			if err := s.Resume(context.Background(), from, to); err != nil {
				t.Fatal(err)
			}
			done = to
		}
		got := make([]float32, plan.OutLen())
		ok(s.Readout(n.Steps, got))
		if !slices.Equal(got, want) {
			t.Fatalf("in pieces %v, at once %v", got, want)
		}
	})
}

// TestResumeSeesChangedBiases: a bias that changes before its layer runs counts.
func TestResumeSeesChangedBiases(t *testing.T) {
	bias := []float32{1}
	n := &snn.Network{
		Steps: 1, Rho: 1, Output: 1,
		Layers: []snn.Layer{
			{Op: snn.Input{}, Shape: snn.Shape{H: 1, W: 1, C: 1}},
			{Op: snn.Dense{W: snn.Weights{F: []float32{2}, Bias: bias}}, In: []int{0}, Shape: snn.Shape{H: 1, W: 1, C: 1}},
		},
	}
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewSession(runtime.SessionOptions{Trace: true})
	if err := s.Load([]float32{3}); err != nil {
		t.Fatal(err)
	}
	bias[0] = 10
	if err := s.Resume(context.Background(), 0, 2); err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 1)
	if ok(s.Readout(1, got)); got[0] != 16 {
		t.Errorf("readout %v, want 2*3 + 10", got[0])
	}
}
