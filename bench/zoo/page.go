package main

import (
	"fmt"
	"strings"
	"time"

	"ann2snn/internal/escape"
	"ann2snn/internal/kernels/cpu"
)

// write makes the report.
func write(trials []*trial, took time.Duration) string {
	var b strings.Builder
	b.WriteString(`# The zoo

Written by ` + "`go run ./bench/zoo`" + `: networks of every family that this project knows of, with drawn weights
and few channels (bench/zoo/networks). They say whether a network is read and converted, not how
accurate it stays: for that, see results.md.

*ONNX Runtime* is the largest difference between the reference executor and ONNX Runtime on 4 samples,
relative to the largest output. The spiking network has 8 bits and one step; it was calibrated on 96 samples
of smoothed noise. *cosine* is that between its output and the ANN's, the mean over 64 other samples
(of one value: 1 less the relative error). *rounded* is that of the ANN with its activations rounded to 8 bits:
where it is low, drawn weights amplify every rounding, which trained ones hardly do. *R²* is the share of the outputs' variation over samples and
elements that is kept.

`)
	fmt.Fprintf(&b, "Measured on %s with the kernels %s, in %.0f s.\n\n", day(), cpu.Default().Name, took.Seconds())
	summary(&b, trials)
	family := ""
	for _, t := range trials {
		if t.Family != family {
			family = t.Family
			fmt.Fprintf(&b, "\n## %s\n\n| network | ONNX Runtime | cosine | rounded | R² | worst layer | convert in s |\n|---|---|---|---|---|---|---|\n", escape.Markdown(family))
		}
		b.WriteString(t.row())
	}
	return b.String()
}

// day is the day of the measurement.
func day() string { return time.Now().UTC().Format(time.DateOnly) }

// summary counts what became of the networks.
func summary(b *strings.Builder, trials []*trial) {
	var read, compared, equal, converted, right, amplified int
	for _, t := range trials {
		read += count(t.Read)
		compared += count(t.Reference >= 0)
		equal += count(t.Reference >= 0 && t.Reference <= same)
		converted += count(t.Converted)
		right += count(t.Converted && t.Cosine >= near)
		amplified += count(t.right() && t.Cosine < near)
	}
	fmt.Fprintf(b, "| of %d networks | |\n|---|---|\n", len(trials))
	fmt.Fprintf(b, "| read | %d |\n| compared with ONNX Runtime | %d |\n| of these within %g | %d |\n| converted | %d |\n| of these with a cosine of %.2f or more | %d |\n| others, within 0.01 of the rounded ANN's | %d |\n",
		read, compared, same, equal, converted, near, right, amplified)
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// row is the table's row of a network.
func (t *trial) row() string {
	reference := "-"
	switch {
	case t.Reference >= 0:
		reference = fmt.Sprintf("%.1e", t.Reference)
	case t.Uncompared != "":
		reference = escape.Markdown(t.Uncompared)
	}
	if !t.Converted {
		return fmt.Sprintf("| %s | %s | refused: %s | | | | |\n", t.Name, reference, escape.Markdown(t.Refusal))
	}
	return fmt.Sprintf("| %s | %s | %.4f | %.4f | %.4f | %s | %.1f |\n", t.Name, reference, t.Cosine, t.Rounded, t.R2, escape.Markdown(t.Worst), t.Seconds)
}
