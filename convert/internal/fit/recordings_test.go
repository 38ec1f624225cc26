package fit

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
	"ann2snn/snn"
)

// TestRecordings: the network does not depend on the budget of recordings, and these stay
// within it. Without a budget every layer runs from the network's start.
func TestRecordings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		graph  string
		change func(*setup)
	}{
		{"one step", nettest.Small, func(o *setup) {}},
		{"float32", nettest.Small, func(o *setup) { o.LargestWeight, o.Steps = 0, 2 }},
		{"signed, retuned", nettest.Small, func(o *setup) { o.Restim, o.Steps, o.fit.Samples = snn.RestimSigned, 3, 130 }},
		{"refined", nettest.Small, func(o *setup) { o.Restim, o.Rho, o.Steps = snn.RestimRefine, 2, 3 }},
		{"waiting", nettest.Small, func(o *setup) { o.Restim, o.Steps = snn.RestimWaiting, 3 }},
		{"wide spikes", nettest.Small, func(o *setup) { o.Format, o.Restim, o.Steps = snn.Format{M: 8}, snn.RestimSigned, 2 }},
		{"gates", nettest.Gated, func(o *setup) { o.gate = true }},
		{"float32 gates", nettest.Gated, func(o *setup) { o.gate, o.LargestWeight, o.Steps = true, 0, 2 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := nettest.Parse(t, tt.graph)
			o := ridgeSetup(g, 2, 130)
			o.fit.Samples = 20
			tt.change(&o)
			want, most := fittedIn(t, g, 20, &o, 0)
			if most != 0 {
				t.Fatalf("%d bytes are recorded in none", most)
			}
			_, whole := fittedIn(t, g, 20, &o, recordingMemory)
			if whole == 0 {
				t.Error("nothing is recorded")
			}
			for _, budget := range []int{whole / 4, whole / 2, whole - 1, whole} {
				if got, _ := fittedIn(t, g, 20, &o, budget); !bytes.Equal(got, want) {
					t.Errorf("%d bytes of budget, of %d, make another network", budget, whole)
				}
			}
		})
	}
}

// TestRecordingsOfAnyNetwork is TestRecordings for random networks.
func TestRecordingsOfAnyNetwork(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := nettest.Draw(t, false)
		if planned(g) == nil {
			t.Skip("cannot be converted")
		}
		o := ridgeSetup(g, rapid.IntRange(1, 8).Draw(t, "bits"), 3)
		o.LargestWeight = rapid.SampledFrom([]int{0, 127}).Draw(t, "largest weight")
		o.Steps = rapid.IntRange(1, 3).Draw(t, "steps")
		if _, err := Ridge(context.Background(), newBuilder(t, g, 8, &o), o.fit); err != nil {
			t.Skip("cannot be converted: " + err.Error())
		}
		want, _ := fittedIn(t, g, 8, &o, 0)
		_, whole := fittedIn(t, g, 8, &o, recordingMemory)
		for _, budget := range []int{whole / 2, whole} {
			if got, _ := fittedIn(t, g, 8, &o, budget); !bytes.Equal(got, want) {
				t.Fatalf("%d bytes of budget, of %d, make another network", budget, whole)
			}
		}
	})
}

// fittedIn fits a network with a budget for recordings. It returns the network, encoded, and
// the largest size of the recordings between two layers.
func fittedIn(t nettest.T, g *ir.Graph, samples int, o *setup, budget int) (network []byte, most int) {
	ctx := context.Background()
	r := startedRidge(t, g, samples, o)
	r.budget = budget
	for _, l := range r.Plan.Layers {
		err := r.fitLayer(ctx, l)
		if err == nil {
			err = r.record(ctx, l)
		}
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, r.recordings.size(slices.Collect(maps.Keys(r.recordings))))
	}
	if most > budget || len(r.recordings) > 0 {
		t.Fatalf("%d bytes are recorded in %d, of %d layers at the end", most, budget, len(r.recordings))
	}
	var b bytes.Buffer
	if err := snn.Encode(&b, r.Net); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), most
}
