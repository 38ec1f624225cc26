package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
)

// JSON writes v indented, without escaping HTML, and a newline. It may be shown on a terminal.
func JSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escape.JSON(b.Bytes()))
	return err
}

// Table writes a comparison for people to read.
func Table(w io.Writer, r *eval.Result, s Style) error {
	var b strings.Builder
	if err := writeSections(&b, r, s); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeSections(b *strings.Builder, r *eval.Result, s Style) error {
	fmt.Fprintf(b, "%s: %s\n%d samples of %s; calibration: %s\n",
		escape.Terminal(r.Origin.Model), settings(r.SNN), r.Samples, escape.Terminal(r.Origin.Data), escape.Terminal(Calibration(r.Origin.Calibration)))
	if line := overlap(r.Overlap); line != "" {
		b.WriteString(line + "\n")
	}
	b.WriteString("\n")
	if text := eval.OutputsNote(r.Origin.Outputs); text != "" {
		b.WriteString("Of" + strings.TrimPrefix(escape.Terminal(text), "of") + "\n\n")
	}
	if err := accuracyGrid(r).Write(b, s); err != nil {
		return err
	}
	if r.Task != nil || !r.Labelled || r.EarlyExit != nil {
		b.WriteString("\n")
	}
	if r.Task != nil || !r.Labelled {
		b.WriteString(task(r) + "\n")
	}
	if r.EarlyExit != nil {
		b.WriteString(early(r) + "\n")
	}
	b.WriteString("\n")
	if err := layerGrid(r.Layers).Write(b, s); err != nil {
		return err
	}
	fmt.Fprintf(b, "error: |snn-ann|/|ann| on %d samples drawn from all; counts are per sample\n\n", r.ErrorSamples)
	if len(r.Why) > 0 {
		if err := whyGrid(r.Why).Write(b, s); err != nil {
			return err
		}
		b.WriteString(whyLegend + "\n" + strings.Join(advice(r), "\n") + "\n\n")
	}
	if err := energyGrid(r.Energy).Write(b, s); err != nil {
		return err
	}
	t := r.Traffic
	fmt.Fprintf(b, "bytes moved per sample, ESTIMATES: ANN weights %s, activations %s; SNN weights %s, membranes %s, spikes %s\n",
		Count(t.ANNWeights), Count(t.ANNActivations), Count(t.SNNWeights), Count(t.SNNMembranes), Count(t.SNNEvents))
	b.WriteString("\nMeasured on this machine: " + times(r) + "\n\n")
	b.WriteString(strings.Join(conclusion(r), "\n") + "\n")
	return nil
}

// accuracyGrid compares the three networks, and the spiking one after every step.
func accuracyGrid(r *eval.Result) *Grid {
	columns := columnsOf(r)
	g := &Grid{Columns: []string{"network"}}
	for _, c := range columns {
		g.Columns = append(g.Columns, ">"+c.name)
	}
	for _, row := range accuracyRows(r) {
		cells := []string{row.name}
		for _, c := range columns {
			cells = append(cells, c.cell(row))
		}
		g.Add(cells...)
	}
	return g
}

func layerGrid(layers []eval.Layer) *Grid {
	g := &Grid{Columns: []string{"layer", "op", ">neurons", ">bits", ">spikes/step", ">zeros", ">error", ">SOPs", ">bit SOPs", ">MACs", ">ANN MACs"}}
	for _, l := range layers {
		bits, rate, zero := absent, absent, absent
		if l.Neurons > 0 {
			bits, rate, zero = strconv.Itoa(l.Bits), share(l.Rate), share(l.Zero)
		}
		g.Add(l.Name, l.Op, Count(l.Neurons), bits, rate, zero, relative(l.RelativeError),
			Count(l.SOPs), Count(l.BitSOPs), Count(l.MACs), Count(l.ANNMACs))
	}
	return g
}

// whyGrid splits the errors of the layers with neurons.
func whyGrid(whys []eval.Why) *Grid {
	g := &Grid{Columns: []string{"why", ">error", ">inherited", ">weights", ">both", ">clipping", ">rounding", ">uneven arrival"}}
	for _, w := range whys {
		g.Add(w.Layer, share(w.Total), share(w.Inherited), share(w.Weights), share(w.Driven), share(w.Clipping), share(w.Rounding), share(w.Arrival))
	}
	return g
}

const whyLegend = "inherited: from the layers before; weights: rounded or fitted, against the trained ones; both: error of the current"

// advice says of the layers that add most error what would help, a line for each.
func advice(r *eval.Result) []string {
	var lines []string
	for _, name := range r.Worst {
		for _, w := range r.Why {
			if w.Layer == name {
				lines = append(lines, fmt.Sprintf("%s adds most by %s: try %s", escape.Terminal(w.Layer), w.Cause, escape.Terminal(w.Help)))
			}
		}
	}
	return lines
}

func energyGrid(e eval.Energy) *Grid {
	g := &Grid{Columns: []string{"energy per sample, ESTIMATES", ">", "assumption"}}
	for _, x := range e.Estimates {
		g.Add(x.Name, energy(x.Nanojoules), x.Assumption)
	}
	return g
}
