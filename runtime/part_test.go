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

// drawPart draws layers that are given and layers that are wanted.
func drawPart(t *rapid.T, n *snn.Network) (given, wanted []int) {
	layers := rapid.SliceOfDistinct(rapid.IntRange(0, len(n.Layers)-1), rapid.ID[int])
	return layers.Draw(t, "given"), layers.Draw(t, "wanted")
}

// drawDensities declares some layers sparse.
func drawDensities(t *rapid.T, n *snn.Network) {
	for i := range n.Layers {
		n.Layers[i].Density = rapid.SampledFrom([]float32{0, 0.05}).Draw(t, "density")
	}
}

// TestPart: a part that is given what some layers put out puts out what the whole network
// does, in integer and in float networks, sample after sample.
func TestPart(t *testing.T) {
	t.Setenv("ANN2SNN_SPARSE", "on")
	rapid.Check(t, func(t *rapid.T) {
		n := snntest.Network(t, snntest.DrawSpec(t))
		drawDensities(t, n)
		given, wanted := drawPart(t, n)
		whole, err := runtime.Compile(n)
		if err != nil {
			t.Fatal(err)
		}
		first, cut := partSession(t, n, nil, given), partSession(t, n, given, wanted)
		kept := whole.NewSession(runtime.SessionOptions{Keep: true})
		for range 2 {
			sample := snntest.Sample(t, n)
			if _, err := kept.Run(context.Background(), make([]float32, whole.OutLen()), sample); err != nil {
				t.Fatal(err)
			}
			emissions := runPart(t, first, sample, nil, given)
			comparePart(t, first, kept, given)
			for _, again := range runPart(t, cut, sample, emissions, wanted) {
				if again.Size() == 0 {
					t.Fatal("an emission is empty")
				}
			}
			comparePart(t, cut, kept, wanted)
		}
	})
}

func partSession(t *rapid.T, n *snn.Network, given, wanted []int) *runtime.Session {
	plan, err := runtime.Part(n, given, wanted)
	if err != nil {
		t.Fatal(err)
	}
	return plan.NewSession(runtime.SessionOptions{})
}

// runPart runs a part and returns what some layers put out.
func runPart(t *rapid.T, s *runtime.Session, sample []float32, given []runtime.Emission, layers []int) []runtime.Emission {
	if err := s.RunPart(context.Background(), sample, given); err != nil {
		t.Fatal(err)
	}
	var emissions []runtime.Emission
	for _, i := range layers {
		emissions = append(emissions, s.Emission(i))
	}
	return emissions
}

// comparePart compares the values of some layers in two sessions.
func comparePart(t *rapid.T, s, kept *runtime.Session, layers []int) {
	for _, i := range layers {
		got, want := make([]float32, s.Shape(i).Len()), make([]float32, s.Shape(i).Len())
		s.Value(i, got)
		kept.Value(i, want)
		if !slices.Equal(got, want) {
			t.Fatalf("layer %d: value %v, want %v", i, got, want)
		}
	}
}

// TestPartRefuses: a part tells what is wrong with what it is given.
func TestPartRefuses(t *testing.T) {
	for _, integer := range []bool{false, true} {
		n := resnet20(2, integer)
		if _, err := runtime.Part(n, nil, []int{len(n.Layers)}); err == nil {
			t.Error("a layer that does not exist is wanted")
		}
		whole, err := runtime.Part(n, nil, []int{0, 1})
		if err != nil {
			t.Fatal(err)
		}
		s := whole.NewSession(runtime.SessionOptions{})
		if err := s.RunPart(context.Background(), make([]float32, whole.InLen()-1), nil); err == nil {
			t.Error("a sample is too short")
		}
		if err := s.RunPart(context.Background(), make([]float32, whole.InLen()), nil); err != nil {
			t.Fatal(err)
		}
		cut, err := runtime.Part(n, []int{1}, []int{2})
		if err != nil {
			t.Fatal(err)
		}
		next := cut.NewSession(runtime.SessionOptions{})
		for _, given := range [][]runtime.Emission{nil, {{}}, {s.Emission(0)}} {
			if err := next.RunPart(context.Background(), nil, given); err == nil {
				t.Errorf("integer=%v: %d emissions that do not fit are taken", integer, len(given))
			}
		}
		if err := next.RunPart(context.Background(), nil, []runtime.Emission{s.Emission(1)}); err != nil {
			t.Errorf("integer=%v: %v", integer, err)
		}
	}
}
