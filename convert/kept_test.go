package convert

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/calibrate"
	"ann2snn/ir"
	"ann2snn/snn"
)

// TestKept: a network is the same whatever there is room for of what its layers put out,
// and no more is kept than there is room for. Without room every layer runs from the
// network's start.
func TestKept(t *testing.T) {
	tests := []struct {
		name   string
		graph  string
		change func(*Options)
	}{
		{"one step", small, func(o *Options) {}},
		{"float32", small, func(o *Options) { o.Weights, o.Steps = Float32, 2 }},
		{"signed, retuned", small, func(o *Options) { o.Restim, o.Steps, o.FitSamples = snn.RestimSigned, 3, 130 }},
		{"refined", small, func(o *Options) { o.Restim, o.Rho, o.Steps = snn.RestimRefine, 2, 3 }},
		{"waiting", small, func(o *Options) { o.Restim, o.Steps = snn.RestimWaiting, 3 }},
		{"wide spikes", small, func(o *Options) { o.Format, o.Restim, o.Steps = snn.Format{M: 8}, snn.RestimSigned, 2 }},
		{"gates", gated, func(o *Options) { o.Gate = true }},
		{"float32 gates", gated, func(o *Options) { o.Gate, o.Weights, o.Steps = true, Float32, 2 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := parsed(t, tt.graph)
			o := ridgeOptions(g, 2, 130)
			o.FitSamples = 20
			tt.change(&o)
			p := profileOf(t, g, 20)
			want, most := fittedIn(t, g, p, o, 0)
			if most != 0 {
				t.Fatalf("%d bytes are kept in none", most)
			}
			_, whole := fittedIn(t, g, p, o, keptMemory)
			if whole == 0 {
				t.Error("nothing is kept")
			}
			for _, room := range []int{whole / 4, whole / 2, whole - 1, whole} {
				if got, _ := fittedIn(t, g, p, o, room); !bytes.Equal(got, want) {
					t.Errorf("%d bytes of room, of %d, make another network", room, whole)
				}
			}
		})
	}
}

// TestKeptOfAnyNetwork is TestKept for random networks.
func TestKeptOfAnyNetwork(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t, false)
		if _, err := Sites(g); err != nil {
			t.Skip("cannot be converted")
		}
		p := profileOf(t, g, 8)
		o := ridgeOptions(g, rapid.IntRange(1, 8).Draw(t, "bits"), 3)
		o.Weights = rapid.SampledFrom([]Weights{Float32, Int8}).Draw(t, "weights")
		o.Steps = rapid.IntRange(1, 3).Draw(t, "steps")
		if _, _, err := Lower(context.Background(), g, p, o); err != nil {
			t.Skip("cannot be converted: " + err.Error())
		}
		want, _ := fittedIn(t, g, p, o, 0)
		_, whole := fittedIn(t, g, p, o, keptMemory)
		for _, room := range []int{whole / 2, whole} {
			if got, _ := fittedIn(t, g, p, o, room); !bytes.Equal(got, want) {
				t.Fatalf("%d bytes of room, of %d, make another network", room, whole)
			}
		}
	})
}

// fittedIn fits a network with room for so many bytes of what layers put out. It returns
// the network, encoded, and how many bytes were kept at most between two layers.
func fittedIn(t fataler, g *ir.Graph, p *calibrate.Profile, o Options, room int) (network []byte, most int) {
	ctx := context.Background()
	r := startedRidge(t, g, p, o)
	r.room = room
	for _, l := range r.plan.layers {
		err := r.layer(ctx, l)
		if err == nil {
			err = r.keep(ctx, l)
		}
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, r.kept.size(slices.Collect(maps.Keys(r.kept))))
	}
	if most > room || len(r.kept) > 0 {
		t.Fatalf("%d bytes are kept in %d, %d layers at the end", most, room, len(r.kept))
	}
	var b bytes.Buffer
	if err := snn.Encode(&b, r.net); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), most
}
