package report

import (
	"fmt"
	"strings"

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
		text += fmt.Sprintf(", delta %s points of top-1 (95 %% interval %s to %s)", Points(*e.Delta), Points(e.DeltaCI95[0]), Points(e.DeltaCI95[1]))
	}
	return text
}

// earlyTime compares times that include no counting.
func earlyTime(r *eval.Result) string {
	return fmt.Sprintf("SNN without counting spikes %s ms, with the early exit %s ms per sample", significant(r.Time.Whole), significant(r.Time.Early))
}
