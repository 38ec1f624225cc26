package ann2snn

import (
	"testing"

	"pgregory.net/rapid"

	"ann2snn/convert"
	"ann2snn/snn"
)

// drawOptions draws options of which any field may be set.
func drawOptions(t *rapid.T) Options {
	o := Options{Effort: Effort(rapid.IntRange(0, 2).Draw(t, "effort"))}
	set := func(name string) bool { return rapid.Bool().Draw(t, name) }
	switch {
	case set("bits"):
		o.Bits = rapid.IntRange(1, 8).Draw(t, "width")
	case set("format"):
		o.Format = snn.Format{M: uint8(rapid.IntRange(0, 3).Draw(t, "m")), N: uint8(rapid.IntRange(1, 5).Draw(t, "n"))}
	}
	if set("steps") {
		o.Steps = rapid.IntRange(1, snn.MaxSteps).Draw(t, "number")
	}
	if set("restim") {
		o.Restim = new(rapid.SampledFrom(snn.Restims()).Draw(t, "mode"))
	}
	if set("rho") && (o.Restim == nil || *o.Restim == snn.RestimRefine) {
		o.Rho = rapid.IntRange(2, snn.MaxRho).Draw(t, "ratio")
	}
	if set("weights") {
		o.Weights = new(convert.Weights(rapid.IntRange(0, 3).Draw(t, "type")))
	}
	if set("fit") {
		o.Fit = new(convert.Fit(rapid.IntRange(0, 2).Draw(t, "kind")))
	}
	if set("layers") {
		o.LayerBits = map[string]int{"conv": 3}
	}
	o.PerLayer, o.Gate = set("per layer"), set("gate")
	return o
}

// TestCandidatesKeepWhatIsSet: what options set is the same in all candidates, what they leave open
// is a network that can be made, and no setting is tried twice.
func TestCandidatesKeepWhatIsSet(t *testing.T) {
	t.Parallel()
	several, changed := 0, map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		o := drawOptions(t)
		first, err := o.Resolve(false)
		if err != nil {
			t.Skip(err)
		}
		for i, c := range o.candidates() {
			got, err := c.Resolve(false)
			if err != nil {
				t.Fatalf("candidate %d of %+v: %v", i, o, err)
			}
			if o.Bits != 0 || o.Format != (snn.Format{}) || len(o.LayerBits) > 0 {
				if got.Format != first.Format {
					t.Errorf("%+v: format %v", o, got.Format)
				}
			}
			if o.Steps != 0 && got.Steps != o.Steps {
				t.Errorf("%+v: %d steps", o, got.Steps)
			}
			if o.Restim != nil && got.Restim != *o.Restim {
				t.Errorf("%+v: mode %v", o, got.Restim)
			}
			if o.Rho != 0 && (got.Rho != o.Rho || got.Restim != snn.RestimRefine || got.MayChangeRho) {
				t.Errorf("%+v: mode %v with a ratio of %d", o, got.Restim, got.Rho)
			}
			if got.Weights != first.Weights || got.Fit != first.Fit || got.Gate != o.Gate || got.PerChannel == o.PerLayer {
				t.Errorf("%+v: %+v", o, got)
			}
			if o.Fit != nil && got.MayDropFit || o.Gate && got.MayDropFit {
				t.Errorf("%+v: the fit may be dropped", o)
			}
			if i > 0 {
				several++
				changed["format"] = changed["format"] || got.Format != first.Format
				changed["steps"] = changed["steps"] || got.Steps != first.Steps
				changed["mode"] = changed["mode"] || got.Restim != first.Restim
			}
		}
	})
	if !testing.Short() && (several == 0 || len(changed) != 3 || !changed["format"] || !changed["steps"] || !changed["mode"]) {
		t.Errorf("%d candidates besides the first, that changed %v", several, changed)
	}
}
