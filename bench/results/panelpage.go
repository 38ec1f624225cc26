package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

const panelTitle = "Panel: networks of different kinds"

const panelText = `
What the defaults do to networks that differ, and what one step of 4 and of 8 bits and two of 4 do. The
method may be chosen by the *seen* networks. By the *unseen* ones it never is: they say what it does to a
network that nobody looked at (models/panel/README.md has the division, and how they were trained).
All are calibrated on 256 samples at most. *took* is what ` + "`convert`" + ` chose where no flag asks for
anything; *self-check* is the share of the ANN's answers that it said to keep, on samples held back,
with its 95 %% interval; *agrees* is that share on the test samples. %s

` + "```" + `
go run -C bench/results . -only panel
ann2snn convert MODEL CALIBRATION FLAGS -f -o net.snn
ann2snn compare MODEL net.snn TEST
` + "```" + `
`

// panelSection writes the tables of the panel.
func panelSection(all []panelResult) section {
	b := new(strings.Builder)
	var results []*result
	for _, n := range all {
		results = append(results, n.results...)
	}
	fmt.Fprintf(b, panelText, measuredOn(results))
	for _, half := range halves(all) {
		half.table(b)
	}
	findings(b, all)
	b.WriteString("\n| network | MODEL | CALIBRATION | fitted on, held back | TEST | samples |\n|---|---|---|---|---|---|\n")
	for _, n := range all {
		r := n.results[byDefault]
		fmt.Fprintf(b, "| %s | `%s` | `%s` | %d, %d | `%s` | %d |\n", n.title, n.model, n.calibration,
			r.Origin.Calibration.Samples, r.heldBack(), n.test, r.Samples)
	}
	return section{panelTitle, b.String()}
}

// half are the seen networks or the unseen ones.
type half struct {
	name     string
	networks []panelResult
}

// halves leaves out a half without networks.
func halves(all []panelResult) []half {
	parts := []half{{name: "seen"}, {name: "unseen"}}
	for _, n := range all {
		i := 1
		if n.seen {
			i = 0
		}
		parts[i].networks = append(parts[i].networks, n)
	}
	return slices.DeleteFunc(parts, func(h half) bool { return len(h.networks) == 0 })
}

func (h half) table(b *strings.Builder) {
	fmt.Fprintf(b, "\n| %s | ANN | defaults | took | `%s` | self-check | agrees | convert in s |\n|%s\n",
		h.name, strings.Join(panelFlags[oneStep:], "` | `"), strings.Repeat("---|", 10))
	for _, n := range h.networks {
		r := n.results
		fmt.Fprintf(b, "| %s | %.2f |", n.title, r[byDefault].ANN.Top1)
		for i := range panelFlags {
			fmt.Fprintf(b, " %s |", r[i].delta())
			if i == byDefault {
				fmt.Fprintf(b, " %s |", r[i].took())
			}
		}
		fmt.Fprintf(b, " %s | %.2f | %.0f |\n", r[byDefault].check(), r[byDefault].Agreement, r[byDefault].ConvertSeconds)
	}
	for _, summary := range []struct {
		name string
		of   func(row int) float64
	}{
		{"mean", func(row int) float64 { return h.mean(row).points }},
		{"worst", h.worst},
	} {
		fmt.Fprintf(b, "| **%s** | |", summary.name)
		for i := range panelFlags {
			fmt.Fprintf(b, " %s |", signed(summary.of(i)))
			if i == byDefault {
				b.WriteString(" |")
			}
		}
		b.WriteString(" | | |\n")
	}
}

// mean of a row's deltas. The interval is that of these very networks on other test samples.
func (h half) mean(row int) difference {
	var d difference
	for _, n := range h.networks {
		r, count := n.results[row], float64(len(h.networks))
		d.points += r.Delta / count
		d.within = math.Hypot(d.within, r.within()/count)
	}
	return d
}

func (h half) worst(row int) float64 {
	worst := math.Inf(1)
	for _, n := range h.networks {
		worst = min(worst, n.results[row].Delta)
	}
	return worst
}

// allowed is how many points the defaults may lose.
const allowed = 1.0

// findings count the networks on which the method does not hold.
func findings(b *strings.Builder, all []panelResult) {
	over := named(all, func(n panelResult) bool { return n.results[byDefault].Delta < -allowed })
	clearly := named(all, func(n panelResult) bool { return n.results[byDefault].DeltaCI95[1] < -allowed })
	worse := named(all, func(n panelResult) bool { return differ(n.results[oneStep], n.results[twoSteps]).verdict() == "loses" })
	outside := named(all, func(n panelResult) bool { return !n.results[byDefault].checkHolds() })
	fmt.Fprintf(b, `
| finding | networks of %d | |
|---|---|---|
| the defaults lose more than %.1f point | %s |
| the same, and the whole interval says so | %s |
| two steps of 4 bits are worse than one, beyond noise | %s |
| the agreement on test samples lies outside the self-check's interval | %s |
`, len(all), allowed, over, clearly, worse, outside)
	if h := halves(all); len(h) == 2 {
		seen, unseen := h[0].mean(byDefault), h[1].mean(byDefault)
		d := difference{unseen.points - seen.points, math.Hypot(seen.within, unseen.within)}
		fmt.Fprintf(b, "\nDefaults, mean delta: seen %s, unseen %s; unseen against seen %s (%s).\n", seen, unseen, d, d.verdict())
	}
}

// named counts and lists the networks of a kind, as two cells of a table.
func named(all []panelResult, is func(panelResult) bool) string {
	var names []string
	for _, n := range all {
		if is(n) {
			names = append(names, n.name)
		}
	}
	return fmt.Sprintf("%d | %s", len(names), strings.Join(names, ", "))
}

// took says which network convert chose.
func (r *result) took() string {
	text := fmt.Sprintf("%d bits, 1 step", r.SNN.Bits)
	if r.SNN.Steps > 1 {
		text = fmt.Sprintf("%d bits, %d steps, %s", r.SNN.Bits, r.SNN.Steps, r.SNN.Restim)
	}
	return text
}

// check is the self-check with its interval.
func (r *result) check() string {
	if r.Check == nil || r.Check.CI95 == nil {
		return "none"
	}
	return fmt.Sprintf("%.2f (%.1f to %.1f)", r.Check.Agreement, r.Check.CI95[0], r.Check.CI95[1])
}

// checkHolds reports whether the agreement on test samples lies within the self-check's interval.
func (r *result) checkHolds() bool {
	return r.Check != nil && r.Check.CI95 != nil && r.Check.CI95[0] <= r.Agreement && r.Agreement <= r.Check.CI95[1]
}

func (r *result) heldBack() int {
	if r.Check == nil {
		return 0
	}
	return r.Check.Samples
}
