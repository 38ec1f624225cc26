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

// drawSubnetwork draws layers that are given and layers that are wanted.
func drawSubnetwork(t *rapid.T, n *snn.Network) (given, wanted []int) {
	layers := rapid.SliceOfDistinct(rapid.IntRange(0, len(n.Layers)-1), rapid.ID[int])
	return layers.Draw(t, "given"), layers.Draw(t, "wanted")
}

// drawDensities declares some layers sparse.
func drawDensities(t *rapid.T, n *snn.Network) {
	for i := range n.Layers {
		n.Layers[i].Density = rapid.SampledFrom([]float32{0, 0.05}).Draw(t, "density")
	}
}

// TestSubnetwork: a subnetwork on recordings of some layers gives the outputs of the whole
// network, in integer and in float networks, sample after sample.
func TestSubnetwork(t *testing.T) {
	t.Setenv("ANN2SNN_SPARSE", "on")
	rapid.Check(t, func(t *rapid.T) {
		n := snntest.Network(t, snntest.DrawSpec(t))
		drawDensities(t, n)
		given, wanted := drawSubnetwork(t, n)
		whole, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		first, cut := subnetworkSession(t, n, nil, given), subnetworkSession(t, n, given, wanted)
		traced := whole.NewSession(runtime.SessionOptions{Trace: true})
		for range 2 {
			sample := snntest.Sample(t, n)
			if _, err := traced.Run(context.Background(), make([]float32, whole.OutLen()), sample); err != nil {
				t.Fatal(err)
			}
			recordings := runSubnetwork(t, first, sample, nil, given)
			compareOutputs(t, first, traced, given)
			for _, again := range runSubnetwork(t, cut, sample, recordings, wanted) {
				if again.Size() == 0 {
					t.Fatal("a recording is empty")
				}
			}
			compareOutputs(t, cut, traced, wanted)
		}
	})
}

func subnetworkSession(t *rapid.T, n *snn.Network, given, wanted []int) *runtime.Session {
	plan, err := subnetwork(n, given, wanted)
	if err != nil {
		t.Fatal(err)
	}
	return plan.NewSession(runtime.SessionOptions{})
}

// subnetwork compiles some layers of a network that is complete.
func subnetwork(n *snn.Network, given, wanted []int) (*runtime.Plan, error) {
	proof := snn.NewProof(n)
	if err := proof.Extend(len(n.Layers)); err != nil {
		return nil, err
	}
	return runtime.Subnetwork(context.Background(), proof, given, wanted)
}

// runSubnetwork runs a subnetwork and returns recordings of some layers.
func runSubnetwork(t *rapid.T, s *runtime.Session, sample []float32, given []runtime.Recording, layers []int) []runtime.Recording {
	if err := s.RunOn(context.Background(), sample, given); err != nil {
		t.Fatal(err)
	}
	var recordings []runtime.Recording
	for _, i := range layers {
		recordings = append(recordings, must(s.Recording(i)))
	}
	return recordings
}

// compareOutputs compares the values of some layers in two sessions.
func compareOutputs(t *rapid.T, s, traced *runtime.Session, layers []int) {
	for _, i := range layers {
		got, want := make([]float32, s.Shape(i).Len()), make([]float32, s.Shape(i).Len())
		ok(s.Value(i, got))
		ok(traced.Value(i, want))
		if !slices.Equal(got, want) {
			t.Fatalf("layer %d: value %v, want %v", i, got, want)
		}
		compareAt(t, s, i, want)
		compareAt(t, traced, i, want)
	}
}

// compareAt compares the values of a layer at some pixels with those of the whole map.
func compareAt(t *rapid.T, s *runtime.Session, layer int, whole []float32) {
	shape := s.Shape(layer)
	all := shape.H * shape.W
	pixels := rapid.SliceOfN(rapid.IntRange(0, all-1), 0, all).Draw(t, "pixels")
	got := make([]float32, len(pixels)*shape.C)
	ok(s.ValueAt(layer, pixels, got))
	for i, p := range pixels {
		for c := range shape.C {
			if want := whole[c*all+p]; got[i*shape.C+c] != want {
				t.Fatalf("layer %d, pixel %d, channel %d: value %v, want %v", layer, p, c, got[i*shape.C+c], want)
			}
		}
	}
}

// TestSubnetworkRefuses: a subnetwork refuses samples and recordings that do not fit it.
func TestSubnetworkRefuses(t *testing.T) {
	for _, integer := range []bool{false, true} {
		n := resnet20(2, integer)
		if _, err := subnetwork(n, nil, []int{len(n.Layers)}); err == nil {
			t.Error("a layer that does not exist is wanted")
		}
		whole, err := subnetwork(n, nil, []int{0, 1})
		if err != nil {
			t.Fatal(err)
		}
		s := whole.NewSession(runtime.SessionOptions{})
		if err := s.RunOn(context.Background(), make([]float32, whole.InLen()-1), nil); err == nil {
			t.Error("a sample is too short")
		}
		if err := s.RunOn(context.Background(), make([]float32, whole.InLen()), nil); err != nil {
			t.Fatal(err)
		}
		shape := s.Shape(1)
		for _, pixels := range [][]int{{0}, {-1, 0}, {0, shape.H * shape.W}, make([]int, shape.H*shape.W+1)} {
			if err := s.ValueAt(1, pixels, make([]float32, max(2, len(pixels))*shape.C)); err == nil {
				t.Errorf("integer=%v: the values of %d pixels that do not fit are given", integer, len(pixels))
			}
		}
		if err := s.ValueAt(2, []int{0}, make([]float32, s.Shape(2).C)); err == nil {
			t.Error("a layer that is not wanted has values")
		}
		cut, err := subnetwork(n, []int{1}, []int{2})
		if err != nil {
			t.Fatal(err)
		}
		next := cut.NewSession(runtime.SessionOptions{})
		for _, given := range [][]runtime.Recording{nil, {{}}, {must(s.Recording(0))}} {
			if err := next.RunOn(context.Background(), nil, given); err == nil {
				t.Errorf("integer=%v: %d recordings that do not fit are taken", integer, len(given))
			}
		}
		if err := next.RunOn(context.Background(), nil, []runtime.Recording{must(s.Recording(1))}); err != nil {
			t.Errorf("integer=%v: %v", integer, err)
		}
	}
}

// TestSubnetworkOfUnfinished: a proof that covers the first layers serves them, whatever
// becomes of the others, and one that covers none serves nothing.
func TestSubnetworkOfUnfinished(t *testing.T) {
	n := resnet20(2, true)
	proof := snn.NewProof(n)
	if _, err := runtime.Subnetwork(context.Background(), proof, nil, []int{0}); err == nil {
		t.Error("a subnetwork of layers that are not proven is compiled")
	}
	n.Layers[4] = snn.Layer{}
	if err := proof.Extend(4); err != nil {
		t.Fatal(err)
	}
	if _, err := runtime.Subnetwork(context.Background(), proof, nil, []int{3}); err != nil {
		t.Error(err)
	}
	if _, err := runtime.Subnetwork(context.Background(), proof, nil, []int{4}); err == nil {
		t.Error("a layer that is not proven is wanted")
	}
}
