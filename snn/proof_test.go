package snn_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/snn"
)

// TestProof: a proof that is extended piece by piece, and forgets pieces, has the ranges
// of the whole network.
func TestProof(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		n := snntest.Network(t, spec)
		proof := snn.NewProof(n)
		for proof.Len() < len(n.Layers) {
			if err := proof.Extend(rapid.IntRange(proof.Len()+1, len(n.Layers)).Draw(t, "to")); err != nil {
				t.Fatal(err)
			}
			if rapid.IntRange(0, 3).Draw(t, "forget") == 0 {
				proof.Forget(rapid.IntRange(0, len(n.Layers)).Draw(t, "from"))
			}
		}
		want := make([]snn.Range, len(n.Layers))
		if spec.Integer {
			var err error
			if want, err = n.Ranges(); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(proof.Ranges(), want) {
			t.Fatalf("ranges %v, want %v", proof.Ranges(), want)
		}
	})
}

// TestProofSeesChanges: what changes behind Forget is checked anew, and an error leaves
// the layers before it proven.
func TestProofSeesChanges(t *testing.T) {
	n := vector(true)
	proof := snn.NewProof(n)
	if err := proof.Extend(len(n.Layers) + 1); err == nil {
		t.Error("more layers than there are were proven")
	}
	if err := proof.Extend(len(n.Layers)); err != nil {
		t.Fatal(err)
	}
	n.Layers[1].Neuron.IntThreshold[0] = 0
	proof.Forget(1)
	if err := proof.Extend(len(n.Layers)); err == nil || proof.Len() != 1 {
		t.Errorf("a threshold of 0 in layer 1: %v, %d layers are proven", err, proof.Len())
	}
	n.Layers[1].Neuron.IntThreshold[0] = 1
	if err := proof.Extend(len(n.Layers)); err != nil || proof.Len() != len(n.Layers) {
		t.Errorf("the threshold is mended: %v, %d layers are proven", err, proof.Len())
	}
	n.Rho = 0
	proof.Forget(0)
	if err := proof.Extend(1); err == nil {
		t.Error("a network with Rho 0 was proven")
	}
}
