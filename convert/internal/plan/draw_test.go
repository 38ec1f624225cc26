package plan

import (
	"testing"

	"pgregory.net/rapid"

	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
)

// TestDrawnGraphsCoverTheRules makes sure that what the properties of this package rest
// on comes up.
func TestDrawnGraphsCoverTheRules(t *testing.T) {
	t.Parallel()
	const drawn = 400
	graphs := rapid.Custom(func(t *rapid.T) *ir.Graph { return nettest.Draw(t, false) })
	kinds, inserted, converted := map[string]bool{}, 0, 0
	for i := range drawn {
		g := graphs.Example(i)
		p, err := New(t.Context(), g, 0)
		if err != nil || p.Unsupported() != nil || !p.Spiking() {
			continue
		}
		converted++
		for k, n := range g.Nodes {
			kinds[n.Op.Kind()] = kinds[n.Op.Kind()] || p.Nodes[k].Class != Unused
		}
		for _, l := range p.Layers {
			if l.Neuron != nil && l.Neuron.Why != "" {
				inserted++
			}
		}
	}
	if converted < drawn/2 || inserted < drawn/4 {
		t.Errorf("%d of %d graphs convert, with %d identity neurons", converted, drawn, inserted)
	}
	for _, r := range rules {
		if !kinds[r.kind] {
			t.Errorf("no graph has %s", r.kind)
		}
	}
}
