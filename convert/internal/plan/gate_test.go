package plan

import (
	"testing"

	"ann2snn/convert/internal/nettest"
)

// TestGatePlan: gates stand at the sums that neurons read, new ones where there were none,
// and leave no trace where they bring nothing.
func TestGatePlan(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Gated)
	pl, err := New(t.Context(), g, 0)
	if err != nil {
		t.Fatal(err)
	}
	plain := describe(pl)
	pl.AddGates()
	gates := 0
	for i, l := range pl.Layers {
		if l.Index != i {
			t.Errorf("layer %d has index %d", i, l.Index)
		}
		if l.Gate == nil {
			continue
		}
		gates++
		if last := l.In[len(l.In)-1]; l.Neuron == nil || last.In[0] != l.Gate || last.Shape != l.Shape {
			t.Errorf("%q does not add its gate", l.Name)
		}
		l.RemoveGate()
	}
	if gates != 2 {
		t.Errorf("%d gates in\n%s", gates, describe(pl))
	}
	pl.DropUnread()
	if got := describe(pl); len(pl.Layers) != 7 { // the new sum stays
		t.Errorf("closed gates leave\n%sof\n%s", got, plain)
	}
}
