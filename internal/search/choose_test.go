package search_test

import (
	"bytes"
	"strings"
	"testing"

	"ann2snn/convert"
	"ann2snn/internal/search"
	"ann2snn/snn"
)

// chooseOptions tries spikes of so many bits in one step.
func chooseOptions(t *testing.T, bits ...int) search.ChooseOptions {
	t.Helper()
	o := options(t, 0)
	c := search.ChooseOptions{Graph: o.Graph, Profile: o.Profile, HeldBack: o.HeldBack}
	for _, b := range bits {
		one := o.Convert
		one.Format, one.Steps, one.Restim = snn.Format{M: 1, N: uint8(b - 1)}, 1, snn.RestimNone
		c.Candidates = append(c.Candidates, search.Candidate{Convert: one})
	}
	return c
}

func choose(t *testing.T, o search.ChooseOptions) *search.Choice {
	t.Helper()
	c, err := search.Choose(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(c.Network.Layers); got == 0 || c.Tried[c.Chosen].Outside || c.Tried[c.Chosen].Check == nil {
		t.Fatalf("%+v", c)
	}
	return c
}

// TestChooseStops: the first network that can be used ends the trials; what was not tried is said,
// with what is known of it.
func TestChooseStops(t *testing.T) {
	t.Parallel()
	o := chooseOptions(t, 7, 2, 8, 6)
	c := choose(t, o)
	if len(c.Tried) != 1 || len(c.Untried) != 3 || c.Next != nil {
		t.Errorf("%+v", c)
	}
	text := c.String()
	if !strings.HasPrefix(text, "Chosen: 7 bits, 1 step, not fitted: same answer as the model on ") ||
		!strings.Contains(text, " of 160 samples held back (95 % interval ") ||
		!strings.HasSuffix(text, "; not tried: 8 bits, 1 step, 1.1 times the bits of a spike") {
		t.Error(text)
	}
}

// TestChooseBetter: where the first network loses too much, the better one is taken.
func TestChooseBetter(t *testing.T) {
	t.Parallel()
	c := choose(t, chooseOptions(t, 1, 8))
	first, second := c.Tried[0].Check, c.Tried[1].Check
	if c.Chosen != 1 || first.OK || !second.OK || first.Agreement >= second.Agreement || c.Next != nil {
		t.Errorf("%+v, %+v", first, second)
	}
	if text := c.String(); !strings.HasSuffix(text, "; the other setting that was tried, 1 bit, 1 step, keeps no more") {
		t.Error(text)
	}
}

// TestChooseCheaper: of networks that differ no more than by chance the cheaper one is taken,
// whatever comes first; one that may be better by chance is said to be so.
func TestChooseCheaper(t *testing.T) {
	t.Parallel()
	for _, bits := range [][]int{{7, 8}, {8, 7}} {
		o := chooseOptions(t, bits...)
		o.All = true
		c := choose(t, o)
		if c.Tried[c.Chosen].Bits != 7 {
			t.Errorf("%v: %+v", bits, c.Tried)
		}
		if c.Next != nil && (c.Next.BeyondNoise || !strings.Contains(c.String(), "(which may be chance)")) {
			t.Error(c)
		}
	}
}

// TestChooseOutside: a network that was not asked for shows what it would give, and what it would
// cost, and is not taken.
func TestChooseOutside(t *testing.T) {
	t.Parallel()
	o := chooseOptions(t, 1, 8)
	o.Candidates[1].Outside = true
	c := choose(t, o)
	if c.Chosen != 0 || c.Next == nil || c.Next.Tried != 1 || !c.Next.BeyondNoise {
		t.Fatalf("%+v", c)
	}
	cost := float64(c.Tried[1].SOPs) / float64(c.Tried[0].SOPs)
	if text := c.String(); cost <= 0 || !strings.Contains(text, "; 8 bits, 1 step would keep "+c.Tried[1].Check.Agreement.String()+" % at ") ||
		!strings.HasSuffix(text, " times the synaptic operations and 8 times the bits of a spike") {
		t.Error(text)
	}
	o.Most = 1
	if c := choose(t, o); len(c.Tried) != 1 || len(c.Untried) != 0 {
		t.Errorf("%+v", c)
	}
}

// TestChoosePassesOver: a candidate that cannot be converted is passed over, but not the first.
func TestChoosePassesOver(t *testing.T) {
	t.Parallel()
	o := chooseOptions(t, 1, 2, 8)
	o.Candidates[1].Convert.LayerBits = map[string]int{"no such layer": 3}
	c := choose(t, o)
	if c.Chosen != 2 || !strings.Contains(c.Tried[1].Failed, "no such layer") {
		t.Errorf("%+v", c.Tried)
	}
	o.Candidates[0], o.Candidates[1] = o.Candidates[1], o.Candidates[0]
	if _, err := search.Choose(t.Context(), o); err == nil {
		t.Error("no error for what was asked for")
	}
}

// TestChooseIsDeterministic: neither workers nor who watches changes what is chosen.
func TestChooseIsDeterministic(t *testing.T) {
	t.Parallel()
	var want []byte
	for _, workers := range []int{1, 5} {
		o := chooseOptions(t, 1, 3, 8)
		o.All, o.Workers = true, workers
		for i := range o.Candidates {
			o.Candidates[i].Convert.Workers, o.Candidates[i].Convert.Weights = workers, convert.Int8
		}
		stages := map[string]bool{}
		o.Progress = func(stage string, done, total int) {
			if stages[stage] = true; done < 0 || done > total {
				t.Errorf("%s: %d of %d", stage, done, total)
			}
		}
		c := choose(t, o)
		var b bytes.Buffer
		if err := snn.Encode(&b, c.Network); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = b.Bytes()
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%d workers: another network", workers)
		}
		if !stages["checking"] {
			t.Errorf("stages %v", stages)
		}
	}
}
