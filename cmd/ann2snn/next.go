package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"ann2snn/convert"
	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
	"ann2snn/internal/report"
	"ann2snn/ir"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// surest are the flags by which a conversion loses least, as a rule.
var surest = []string{"--bits", strconv.Itoa(snn.MaxBits), "--steps", "1"}

// replaced are the flags that give way to the surest ones; all take a value.
var replaced = []string{"--bits", "--format", "--steps", "--restim", "--rho", "--layer-bits", "--max-drop", "--effort"}

// again is this command with other flags. They replace what was given of those that decide the
// bits and the steps.
func (a *app) again(flags ...string) string {
	var words []string
	for i := 0; i < len(a.args); i++ {
		name, _, joined := strings.Cut(a.args[i], "=")
		switch {
		case name == "-f" || name == "--force":
		case !slices.Contains(replaced, name):
			words = append(words, a.args[i])
		case !joined:
			i++ // its value
		}
	}
	return shell(append(append([]string{"ann2snn"}, words...), flags...))
}

// shell joins words as a shell would take them apart.
func shell(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if w == "" || strings.ContainsAny(w, " \t\n\"'$`\\|&;<>()*?[]#~!{}") {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		quoted[i] = w
	}
	return strings.Join(quoted, " ")
}

// commandLine is the command as a shell would take it.
func (a *app) commandLine() string { return shell(append([]string{"ann2snn"}, a.args...)) }

// next is the command that helps where a comparison shows that something is wrong. network is
// the .snn file that was compared; "" where the model was converted for it.
func (a *app) next(r *eval.Result, p *pairing, network string, overwrites bool) string {
	var force []string
	if overwrites {
		force = []string{"-f"}
	}
	better := r.SNN.Bits < snn.MaxBits || r.SNN.Steps > 1 && r.SNN.Restim == "none"
	switch {
	case len(r.Doubts) > 0 && r.Labelled:
		return shell([]string{"ann2snn", "doctor", p.graph.Source.Path, "--data", r.Origin.Data})
	case !loses(r):
		return ""
	case network == "" && better:
		return a.again(append(surest, force...)...)
	case network == "" || r.Origin.Calibration == nil:
		return ""
	}
	calibration := r.Origin.Calibration
	if !better && !calibration.Synthetic {
		return ""
	}
	data := calibration.Data // its name alone, which may be elsewhere
	if _, err := os.Stat(data); err != nil || calibration.Synthetic {
		data = "SAMPLES"
	}
	words := []string{"ann2snn", "convert", p.graph.Source.Path, "--data", data}
	if spec, err := preprocess.Parse(p.network.Meta.Preprocess); err == nil && spec.Preset != "" {
		words = append(words, "--preprocess", spec.Preset)
	}
	return shell(append(append(words, surest...), "-o", network, "-f"))
}

// loses reports whether a network is shown to be worse than its model by more than the bound of
// an equivalence, or cannot be used.
func loses(r *eval.Result) bool {
	e := r.Equivalence
	return !r.Usable() || e != nil && e.Verdict == eval.Different && *r.Delta < -e.Bound
}

// convertedLines say what a network costs, and what to do where it loses too much. What it loses
// stands before them.
func (a *app) convertedLines(c *converted, g *ir.Graph, n *snn.Network) []string {
	lines := []string{fmt.Sprintf("Costs: %s; %s measures time",
		report.Weights(eval.WeightBytes(n), 4*eval.GraphWeights(g)), shell([]string{"ann2snn", "bench", c.File}))}
	if next := a.afterConvert(c); next != "" {
		lines = append(lines, "Next: "+next)
	}
	for i := range lines {
		lines[i] = escape.Terminal(lines[i])
	}
	return lines
}

// afterConvert is the command that helps a network that loses too much.
func (a *app) afterConvert(c *converted) string {
	check, choice := c.Report.Check, c.Report.Choice
	switch {
	case c.madeUp && c.Profile == "":
		return a.again("--data", "SAMPLES", "-f")
	case check == nil || check.OK:
		return ""
	case choice != nil && choice.Next != nil && choice.Tried[choice.Next.Tried].Outside:
		t := choice.Tried[choice.Next.Tried]
		return a.again("--bits", strconv.Itoa(t.Bits), "--steps", strconv.Itoa(t.Steps), "-f")
	case choice != nil && len(choice.Untried) > 0:
		return a.again("--effort", "best", "-f")
	case slices.ContainsFunc(c.Layers, func(l convert.LayerReport) bool { return l.Neurons > 0 && l.Bits < snn.MaxBits }):
		return a.again(append(surest, "-f")...)
	}
	return ""
}
