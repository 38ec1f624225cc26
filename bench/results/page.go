package main

import (
	"fmt"
	"slices"
	"strings"
)

const head = `# Results

Written by ` + "`go run -C bench/results .`" + `, which runs the commands below for every row and reads their
JSON. ` + "`$D`" + ` is the folder of the test data. Top-1 in percent; *delta* is in points against the ANN on the
same samples, negative where the SNN is worse, with the 95 % interval of the paired difference; *agrees* is the share of samples with the
same top-1 class as the ANN; *same bits* is the ANN with its activations rounded to one B-bit spike at
the network's thresholds, without time; *bit SOPs* are synaptic operations per multiplication of the ANN,
each counted by the set bits of its spike. Weights are int8 unless a row says otherwise, and every
method flag that a row does not give has its default. Nothing was chosen on test samples: calibration
and test samples are disjoint, and ` + "`convert`" + ` never sees the latter.

Each section says when and on what it was measured. Other kernels add float32 numbers in another order,
from which fits and so accuracies differ a little, well within the intervals.
`

// section is a part of the page, from its title to the next; its title tells it from others.
type section struct{ title, text string }

const heading = "\n## "

// sections takes a page apart.
func sections(page string) []section {
	var all []section
	_, rest, more := strings.Cut(page, heading)
	for more {
		var part string
		part, rest, more = strings.Cut(rest, heading)
		title, text, _ := strings.Cut(part, "\n")
		all = append(all, section{title, text})
	}
	return all
}

// writePage puts new sections in the place of old ones of the same title. They stand in the
// order of titles; old ones with another title are left out.
func writePage(old, fresh []section) string {
	var b strings.Builder
	b.WriteString(head)
	for _, title := range titles() {
		of := func(s section) bool { return s.title == title }
		from := fresh
		i := slices.IndexFunc(from, of)
		if i < 0 {
			from = old
			i = slices.IndexFunc(from, of)
		}
		if i >= 0 {
			b.WriteString(heading + title + "\n" + strings.TrimRight(from[i].text, "\n") + "\n")
		}
	}
	return b.String()
}

// titles of the page's sections, in their order.
func titles() []string {
	all := []string{panelTitle}
	for _, e := range experiments {
		all = append(all, e.title)
	}
	return all
}

// measuredOn says when and on what results were measured.
func measuredOn(results []*result) string {
	var days, machines []string
	for _, r := range results {
		days, machines = append(days, r.Day), append(machines, r.Time.CPU)
	}
	day := slices.Min(days)
	if last := slices.Max(days); last != day {
		day += " to " + last
	}
	slices.Sort(machines)
	return fmt.Sprintf("Measured %s on %s.", day, strings.Join(slices.Compact(machines), " and "))
}

func (m *measured) section() section {
	b := new(strings.Builder)
	first := m.results[0]
	fmt.Fprintf(b, "\n%d test samples, ANN %.2f %%. %s\n\n```\nann2snn %s\nann2snn %s\n```\n", first.Samples, first.ANN.Top1, measuredOn(m.results),
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
	return section{m.title, b.String()}
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
		fmt.Fprintf(b, "| `%s` | %.2f | %s | %.2f | %.2f | %.2f | ", r.flags, x.SNN.Top1, x.delta(), x.Agreement, x.Baseline.Top1, x.perMAC(x.Ops.BitSOPs))
		if ablation {
			fmt.Fprintf(b, "%s |\n", m.delta(i))
		} else {
			fmt.Fprintf(b, "%.0f, %.0f |\n", x.ConvertSeconds, x.CompareSeconds)
		}
	}
}

// delta is the difference to the ANN with its interval.
func (r *result) delta() string {
	return fmt.Sprintf("%s (%s to %s)", signed(r.Delta), signed(r.DeltaCI95[0]), signed(r.DeltaCI95[1]))
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
	return d.String()
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
