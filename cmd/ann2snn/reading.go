package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"ann2snn"
	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
	"ann2snn/internal/report"
)

// scored is a class with its score.
type scored struct {
	ann2snn.Answer
	// Softmax is that of the scores, where these are no probabilities: what the model would say,
	// had it been trained as most classifiers are and ended with Softmax.
	Softmax float32 `json:"softmax,omitzero"`
}

// rank lists classes by their scores, the best first.
func rank(out []float32, how *eval.Reading, softmax bool) []scored {
	ranked := ann2snn.Rank(out, how.Labels)
	list, shares := make([]scored, len(ranked)), make([]float64, len(ranked))
	sum := 0.0
	for i, a := range ranked {
		list[i].Answer = a
		shares[i] = math.Exp(float64(a.Score) - float64(ranked[0].Score))
		sum += shares[i]
	}
	if softmax {
		for i := range list {
			list[i].Softmax = float32(shares[i] / sum)
		}
	}
	return list
}

// read fills in what a network's output says, by its task.
func (r *classified) read(how *eval.Reading, out []float32, top int) {
	r.Task = how.Found()
	ranked := rank(out, how, r.Task == nil && !how.Probabilities)
	switch {
	case r.Task == nil:
		r.Top = ranked[:min(top, len(ranked))]
	case r.Task.Is(eval.TaskBinary):
		r.Decision = how.Decide(out)
	case r.Task.Is(eval.TaskMultiLabel):
		r.Above = ranked[:len(how.Above(out))]
	case r.Task.Is(eval.TaskPixels):
		r.Areas = how.Areas(out)
	default:
		r.Values = out
	}
}

// shownValues is how many values of an output are printed.
const shownValues = 16

// answerGrid shows an answer; text follows it.
func (r *classified) answerGrid() (g *report.Grid, text string) {
	switch {
	case r.Decision != nil:
		d := r.Decision
		name := ">output"
		if d.Probability {
			name = ">probability"
		}
		g = &report.Grid{Columns: []string{"", name, ">decision", "label"}}
		g.Add("", fmt.Sprintf("%.4f", d.Output), strconv.Itoa(d.Class), d.Label)
		return g, fmt.Sprintf("  1 is above %g, 0 is not", d.Threshold)
	case r.Task.Is(eval.TaskPixels):
		g = &report.Grid{Columns: []string{"", ">class", "label", ">pixels", ">%"}}
		for _, a := range r.Areas {
			g.Add("", strconv.Itoa(a.Class), a.Label, strconv.Itoa(a.Pixels), a.Share.String())
		}
		return g, ""
	case r.Task.Is(eval.TaskMultiLabel):
		text = fmt.Sprintf("  %d above %g", len(r.Above), *r.Task.Threshold)
		if len(r.Above) == 0 {
			return nil, text
		}
		return scoreGrid(r.Above), text
	case r.Task == nil:
		return scoreGrid(r.Top), ""
	}
	var values []string
	for _, x := range r.Values[:min(shownValues, len(r.Values))] {
		values = append(values, strconv.FormatFloat(float64(x), 'g', 5, 32))
	}
	if n := len(r.Values); n > shownValues {
		values = append(values, fmt.Sprintf("... (%d values, --json prints all)", n))
	}
	return nil, "  " + strings.Join(values, " ")
}

func scoreGrid(answers []scored) *report.Grid {
	g := &report.Grid{Columns: []string{"", ">class", "label", ">score", ">softmax %"}}
	for _, s := range answers {
		softmax := ""
		if s.Softmax != 0 {
			softmax = fmt.Sprintf("%.2f", 100*s.Softmax)
		}
		g.Add("", strconv.Itoa(s.Class), s.Label, fmt.Sprintf("%.4f", s.Score), softmax)
	}
	return g
}

// print writes an answer below the name of its input.
func (r *classified) print(w io.Writer, style report.Style) error {
	fmt.Fprintln(w, escape.Terminal(r.Input))
	g, text := r.answerGrid()
	if g != nil {
		if err := g.DropEmpty().Write(w, style); err != nil {
			return err
		}
	}
	if text != "" {
		fmt.Fprintln(w, text)
	}
	if r.Exit != nil {
		fmt.Fprintf(w, "  answered after step %d, steps computed: %d\n", r.Exit.Step, r.Exit.Computed)
	}
	if len(r.Rates) == 0 {
		return nil
	}
	rates := &report.Grid{Columns: []string{"", "layer", ">neurons", ">spikes", ">per neuron and step"}}
	for _, l := range r.Rates {
		rates.Add("", l.Layer, report.Count(l.Neurons), report.Count(l.Spikes), fmt.Sprintf("%.3f", l.Rate))
	}
	return rates.Write(w, style)
}
