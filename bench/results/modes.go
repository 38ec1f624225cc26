package main

import (
	"fmt"
	"math"
	"strings"
)

// difference of two results in top-1, in points.
type difference struct{ points, within float64 }

// differ is how much more b has than a. The interval takes the two for independent. They were
// measured on the same samples against the same ANN, so the true interval is narrower.
func differ(a, b *result) difference {
	return difference{b.SNN.Top1 - a.SNN.Top1, math.Hypot(a.within(), b.within())}
}

// within is half of the interval of a result's difference to the ANN.
func (r *result) within() float64 { return (r.DeltaCI95[1] - r.DeltaCI95[0]) / 2 }

func (d difference) String() string { return fmt.Sprintf("%s ± %.2f", signed(d.points), d.within) }

// Verdicts on a difference that is not shown: it is small, or there are too few samples to know.
const (
	withinBound = "within ±0.5"
	tooFew      = "too few samples"
	bound       = 0.5 // points
)

// verdict says whether a difference is shown, and which way.
func (d difference) verdict() string {
	switch {
	case -d.points > d.within:
		return "loses"
	case d.points > d.within:
		return "gains"
	case math.Abs(d.points)+d.within <= bound:
		return withinBound
	}
	return tooFew
}

// modes writes what each mode of re-stimulation gains over rate coding with the same bits
// and steps, and what it costs.
func (m *measured) modes(b *strings.Builder) {
	var rows []string
	for i, r := range m.rows {
		bits, steps, mode := settings(r.flags)
		if r.ablation || mode != "rate" {
			continue
		}
		for k, other := range m.rows {
			otherBits, otherSteps, otherMode := settings(other.flags)
			if other.ablation || otherBits != bits || otherSteps != steps || otherMode == mode {
				continue
			}
			rate, x := m.results[i], m.results[k]
			d := differ(rate, x)
			rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s | %+.0f %% | %+.0f %% | %d |", bits, steps, otherMode,
				d, d.verdict(), more(rate.Ops.SOPs, x.Ops.SOPs), more(rate.Ops.BitSOPs, x.Ops.BitSOPs), x.SNN.Latency))
		}
	}
	if len(rows) == 0 {
		return
	}
	b.WriteString("\nWhat re-stimulation brings, against rate coding with the same bits and steps (the interval takes the two for independent, which is cautious), and what it costs:\n\n")
	b.WriteString("| bits | steps | mode | delta | | SOPs | bit SOPs | latency in steps |\n|---|---|---|---|---|---|---|---|\n")
	b.WriteString(strings.Join(rows, "\n") + "\n")
}

// more is by how many per cent b exceeds a.
func more(a, b int64) float64 { return 100 * (float64(b)/float64(a) - 1) }
