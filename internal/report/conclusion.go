package report

import (
	"fmt"
	"strings"

	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
)

// conclusion is what a comparison comes to, a line each: what was lost, what it costs, and, where
// something is wrong, what to do.
func conclusion(r *eval.Result) []string {
	lines := []string{lost(r), "Costs: " + costs(r)}
	if r.Next != "" {
		lines = append(lines, "Next: "+escape.Terminal(r.Next))
	}
	return lines
}

// lost says by how much answers differ, with an interval where there is one.
func lost(r *eval.Result) string {
	switch {
	case r.Task.ByValue():
		return "Kept: " + verdict(r)
	case r.Delta != nil || r.Task != nil:
		return "Lost: " + strings.TrimPrefix(verdict(r), against)
	}
	check := r.Check()
	return fmt.Sprintf("Kept: %s (95 %% interval %s to %s) of %d samples, which have no labels",
		check.Keeps(), check.AgreementCI95[0], check.AgreementCI95[1], check.Samples)
}

// costs is measured time, counted operations and the bytes that weights take.
func costs(r *eval.Result) string {
	o := r.Ops
	spent := Count(o.SNNSOPs) + " synaptic operations"
	if o.SNNMACs > 0 {
		spent += " and " + Count(o.SNNMACs) + " MACs"
	}
	return fmt.Sprintf("%s ms per sample, the ANN %s; %s, the ANN %s MACs; %s",
		significant(r.Time.SNN), significant(r.Time.ANN), spent, Count(o.ANNMACs), Weights(r.Traffic.SNNWeights/int64(max(r.SNN.Steps, 1)), r.Traffic.ANNWeights))
}

// Weights says how many bytes the weights of both networks take.
func Weights(snn, ann int64) string {
	return fmt.Sprintf("weights of %sB, the ANN %sB", size(snn), size(ann))
}

// size is Count with a blank before the unit that follows.
func size(n int64) string {
	text := Count(n)
	if n < 1000 {
		text += " "
	}
	return text
}
