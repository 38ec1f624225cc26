package eval_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ann2snn/internal/eval"
	"ann2snn/snn"
)

// TestEarlyExit: with no margin every sample is answered by the network cut to its first
// step, with one that is never reached by all steps; in between shares and costs add up.
func TestEarlyExit(t *testing.T) {
	g := graph(t)
	o := threeBits
	o.Steps, o.Restim, o.Rho = 4, snn.RestimRefine, 2
	n := network(t, g, o)
	at := func(margin float64) *eval.Result {
		return compare(t, eval.Options{Graph: g, Network: n, Source: newSamples(300), EarlyExit: &margin})
	}
	first := at(0)
	e, step := first.EarlyExit, first.SNN.ByStep[0]
	if *e.Top1 != *step.Top1 || *e.Top5 != *step.Top5 || e.Agreement != step.Agreement || e.MeanSteps != 1 || e.ByStep[0].Share != 100 {
		t.Errorf("after the first step %+v, but the comparison has %+v", e, step)
	}
	if d := float64(*step.Top1 - *first.SNN.Top1 - *e.Delta); math.Abs(d) > 1e-9 {
		t.Errorf("delta %v of %v and %v", *e.Delta, *step.Top1, *first.SNN.Top1)
	}
	last := at(1)
	want := &eval.EarlyExit{
		Margin: 1, Accuracy: last.SNN.Accuracy, Agreement: last.Agreement, Same: 100, MeanSteps: 1 + 2 + 4,
		Delta: new(eval.Percent(0)), DeltaCI95: last.EarlyExit.DeltaCI95,
		ByStep: []eval.Exit{{Step: 1}, {Step: 2}, {Step: 3}, {Step: 4, Share: 100}},
	}
	if diff := cmp.Diff(want, last.EarlyExit); diff != "" {
		t.Errorf("after all steps (-want +got):\n%s", diff)
	}
	clock := time.Unix(0, 0)
	timed := compare(t, eval.Options{
		Graph: g, Network: n, Source: newSamples(300), EarlyExit: new(0.2),
		Now: func() time.Time { clock = clock.Add(time.Millisecond); return clock },
	})
	if want := (eval.Time{Note: eval.TimeNote, ANN: 1, SNN: 1, Whole: 1, Early: 1, Threads: 1}); timed.Time != want {
		t.Errorf("times %+v, want %+v", timed.Time, want)
	}
	some := timed.EarlyExit
	shares, steps := 0.0, 0.0
	for i, x := range some.ByStep {
		shares += float64(x.Share)
		steps += float64(x.Share) / 100 * []float64{1, 3, 0, 7}[i]
	}
	if math.Abs(shares-100) > 1e-9 || math.Abs(steps-some.MeanSteps) > 1e-5 || some.ByStep[0].Share == 0 || some.ByStep[0].Share == 100 {
		t.Errorf("shares and costs do not add up: %+v", some)
	}
	if some.Same < e.Same {
		t.Errorf("%v %% as after all steps with a margin, %v %% without", some.Same, e.Same)
	}
}

func TestEarlyExitNeedsRefinement(t *testing.T) {
	g := graph(t)
	_, err := eval.Compare(t.Context(), eval.Options{Graph: g, Network: network(t, g, threeBits), Source: newSamples(3), EarlyExit: new(0.9)})
	if err == nil || !strings.Contains(err.Error(), "several steps of refinement") {
		t.Errorf("got %v", err)
	}
}
