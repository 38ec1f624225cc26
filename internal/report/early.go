package report

import (
	"fmt"
	"strings"

	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
)

// early says how many steps an early exit saved and how many answers it changed.
func early(r *eval.Result) string {
	e := r.EarlyExit
	var exits []string
	for _, x := range e.ByStep {
		if x.Share > 0 {
			exits = append(exits, fmt.Sprintf("%s %% after step %d", x.Share, x.Step))
		}
	}
	text := fmt.Sprintf("Early exit at a margin of %g, which is a heuristic: of the samples %s; %s steps computed per sample instead of %d; %s %% answered as after all steps",
		e.Margin, strings.Join(exits, ", "), significant(e.MeanSteps), r.SNN.Steps, e.Same)
	if e.Delta != nil {
		text += fmt.Sprintf(", delta %s points of top-1 (95 %% interval %s to %s)", e.Delta.Signed(), e.DeltaCI95[0].Signed(), e.DeltaCI95[1].Signed())
	}
	return text
}

// times says how long the networks take.
func times(r *eval.Result) string {
	text := fmt.Sprintf("ANN %s ms, SNN %s ms per sample", significant(r.Time.ANN), significant(r.Time.SNN))
	if r.EarlyExit != nil {
		text += fmt.Sprintf(", with the early exit %s ms in the mean", significant(r.Time.Early))
	}
	return text + " (" + r.Time.Note + "), on " + escape.Terminal(r.Time.CPU)
}
