package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

const head = `# Results

Written by ` + "`go run -C bench/results .`" + `, which runs the commands below for every row and reads their
JSON. ` + "`$D`" + ` is the folder of the test data. Top-1 in percent; *delta* is in points against the ANN on the
same samples, negative where the SNN is worse, with the 95 %% interval of the paired difference; *agrees* is the share of samples with the
same top-1 class as the ANN; *same bits* is the ANN with its activations rounded to one B-bit spike at
the network's thresholds, without time; *bit SOPs* are synaptic operations per multiplication of the ANN,
each counted by the set bits of its spike. Weights are int8 unless a row says otherwise, and every
method flag that a row does not give has its default. Nothing was chosen on test samples: calibration
and test samples are disjoint, and ` + "`convert`" + ` never sees the latter.

Measured on %s, by the kernels that ann2snn chose there, until %s. Other kernels add float32 numbers in
another order, from which fits and so accuracies differ a little, well within the intervals.
`

// writePage writes the tables.
func writePage(w io.Writer, all []*measured) error {
	var b strings.Builder
	if len(all) > 0 {
		fmt.Fprintf(&b, head, all[0].results[0].Time.CPU, time.Now().UTC().Format(time.DateOnly))
	}
	for _, m := range all {
		m.section(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (m *measured) section(b *strings.Builder) {
	first := m.results[0]
	fmt.Fprintf(b, "\n## %s\n\n%d test samples, ANN %.2f %%.\n\n```\nann2snn %s\nann2snn %s\n```\n", m.title, first.Samples, first.ANN.Top1,
		strings.Join(m.convertCommand("FLAGS", "net.snn"), " "), strings.Join(m.compareCommand("net.snn"), " "))
	fmt.Fprintf(b, "\n![accuracy against synaptic operations](%s)\n\n", plotName(m))
	m.table(b, false)
	if m.int8 != nil {
		fmt.Fprintf(b, "\nThe int8 reference, the network in QDQ form as ONNX Runtime runs it, with the ranges that values take on the same calibration samples: %.2f %% of %d.\n", m.int8.SNN.Top1, m.int8.Samples)
	}
	m.modes(b)
	if m.hasAblations() {
		b.WriteString("\nOne thing changed at a time; the last column is the delta of the change to the row above with the same bits and steps, with an interval that takes the two for independent, which is cautious:\n\n")
		m.table(b, true)
		for _, kind := range []struct{ verdict, text string }{
			{withinBound, "Within ±0.5 points"},
			{tooFew, "Too few samples to show a difference or to exclude one of 0.5 points"},
		} {
			if flags := m.judged(kind.verdict); len(flags) > 0 {
				fmt.Fprintf(b, "\n%s: `%s`.\n", kind.text, strings.Join(flags, "`, `"))
			}
		}
	}
}

func (m *measured) hasAblations() bool {
	for _, r := range m.rows {
		if r.ablation {
			return true
		}
	}
	return false
}

func (m *measured) table(b *strings.Builder, ablation bool) {
	last, rule := "convert, compare in s", "---|"
	if ablation {
		last = "delta of the change"
	}
	fmt.Fprintf(b, "| FLAGS | SNN | delta | agrees | same bits | bit SOPs | %s |\n|%s\n", last, strings.Repeat(rule, 7))
	for i, r := range m.rows {
		if r.ablation != ablation {
			continue
		}
		x := m.results[i]
		fmt.Fprintf(b, "| `%s` | %.2f | %s (%s to %s) | %.2f | %.2f | %.2f | ", r.flags, x.SNN.Top1,
			signed(x.Delta), signed(x.DeltaCI95[0]), signed(x.DeltaCI95[1]), x.Agreement, x.Baseline.Top1, x.perMAC(x.Ops.BitSOPs))
		if ablation {
			fmt.Fprintf(b, "%s |\n", m.delta(i))
		} else {
			fmt.Fprintf(b, "%.0f, %.0f |\n", x.ConvertSeconds, x.CompareSeconds)
		}
	}
}

func signed(x float64) string {
	if x == 0 {
		return "0.00"
	}
	return fmt.Sprintf("%+.2f", x)
}

func (r *result) perMAC(operations int64) float64 { return float64(operations) / float64(r.Ops.MACs) }

// changed compares an ablation with the row that has the flags it begins with.
func (m *measured) changed(i int) (d difference, ok bool) {
	for k, r := range m.rows {
		if !r.ablation && strings.HasPrefix(m.rows[i].flags, r.flags+" ") {
			return differ(m.results[k], m.results[i]), true
		}
	}
	return d, false
}

func (m *measured) delta(i int) string {
	d, ok := m.changed(i)
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%s ± %.2f", signed(d.points), d.within)
}

// judged lists the ablations with a verdict.
func (m *measured) judged(verdict string) []string {
	var flags []string
	for i, r := range m.rows {
		if d, ok := m.changed(i); r.ablation && ok && d.verdict() == verdict {
			flags = append(flags, r.flags)
		}
	}
	return flags
}
