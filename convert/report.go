package convert

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/fit"
	"ann2snn/convert/internal/plan"
)

// Report says what Lower did.
type Report struct {
	Layers  []LayerReport `json:"layers"`
	Nodes   []NodeClass   `json:"nodes"` // one per node of the trained network
	Neurons int           `json:"neurons"`
	MACs    int64         `json:"macs"` // of the trained network; see ir.Graph.NodeMACs
	// FitSamples is how many samples were fitted on.
	FitSamples int       `json:"fit_samples,omitempty"`
	Training   *Training `json:"training,omitempty"`
	Warnings   []string  `json:"warnings"`
}

// LayerReport says what Lower made of a layer.
type LayerReport struct {
	Name    string `json:"name"` // of the node in the trained network
	Op      string `json:"op"`   // kind of the snn.Op
	Class   string `json:"class"`
	Shape   [3]int `json:"shape"`
	Neurons int    `json:"neurons"`
	Bits    int    `json:"bits,omitempty"` // of the spikes; 0 without neurons and for analog ones
	MACs    int64  `json:"macs,omitempty"` // of the trained network in the same place

	ThresholdMin float32 `json:"threshold_min,omitempty"` // of one level
	ThresholdMax float32 `json:"threshold_max,omitempty"`
	Rounding     float64 `json:"rounding_error,omitempty"` // see calibrate.Choice
	Clipping     float64 `json:"clip_error,omitempty"`
	Dead         int     `json:"dead_channels,omitempty"`
	OwnLevels    bool    `json:"own_levels,omitempty"` // those of a quantised model: nothing was calibrated
	BiasShift    float64 `json:"bias_shift,omitempty"` // largest change of a bias by fitting, in thresholds
	// Inserted says why the layer has neurons that no activation asked for.
	Inserted string `json:"inserted,omitempty"`
}

// report sums up the network and its fit.
func report(b *fill.Builder, fitted *fit.Result) *Report {
	r := &Report{Nodes: nodeClasses(b.Plan.Nodes), Warnings: slices.Concat(b.Plan.Notes, fitted.Notes), FitSamples: fitted.Samples, MACs: b.Plan.Graph.MACs()}
	names, producers := b.Plan.Graph.Names(), b.Plan.Graph.Producers()
	for i, l := range b.Plan.Layers {
		var shifts []float64
		if fitted.Shifts != nil {
			shifts = fitted.Shifts[i]
		}
		lr := layerReport(b, l, shifts)
		out := &b.Net.Layers[i]
		lr.MACs = b.Plan.Graph.ValueMACs(cmp.Or(out.ANNCurrent, out.ANNValue), names, producers)
		r.Layers = append(r.Layers, lr)
		r.Neurons += lr.Neurons
		r.Warnings = append(r.Warnings, lr.warnings()...)
	}
	if b.Profile != nil && b.Profile.Synthetic {
		r.Warnings = append(r.Warnings, "thresholds come from made-up inputs: expect less accuracy than with real samples")
	}
	return r
}

// layerReport sums up a layer, but for the trained network's MACs; shifts are the changes of its
// biases by channel, or nil.
func layerReport(b *fill.Builder, l *plan.Layer, shifts []float64) LayerReport {
	i := l.Index
	out := &b.Net.Layers[i]
	r := LayerReport{
		Name: l.Name, Op: out.Op.Kind(), Class: plan.Linear, Shape: [3]int{l.Shape.H, l.Shape.W, l.Shape.C},
	}
	if _, selects := l.Op.(plan.MaxPool); selects || l.Neuron != nil {
		r.Class = plan.Spiking
	}
	if l.Neuron == nil {
		return r
	}
	c := &b.Choices[i]
	r.Neurons, r.Bits, r.Inserted = l.Shape.Len(), b.Bits[i], l.Neuron.Why
	r.ThresholdMin, r.ThresholdMax = slices.Min(out.Neuron.Threshold), slices.Max(out.Neuron.Threshold)
	r.OwnLevels = b.Options.OwnLevels
	r.Rounding, r.Clipping, r.Dead = c.Rounding, c.Clipping, c.Dead
	for ch, shift := range shifts {
		r.BiasShift = max(r.BiasShift, max(shift, -shift)/float64(out.Neuron.Threshold[ch]))
	}
	return r
}

func (r *LayerReport) warnings() []string {
	var w []string
	if r.Dead > 0 {
		w = append(w, fmt.Sprintf("%s: %d of %d channels were zero on all calibration samples", r.Name, r.Dead, r.Shape[2]))
	}
	return w
}

// record describes the conversion in JSON, for the network to carry.
func record(b *fill.Builder, o *Options, r *Report) ([]byte, error) {
	record := struct {
		Format     string         `json:"format"`
		Weights    string         `json:"weights"`
		Method     string         `json:"method,omitempty"`
		PerChannel bool           `json:"per_channel"`
		LayerBits  map[string]int `json:"layer_bits,omitempty"` // keys are sorted
		Fit        string         `json:"fit"`
		Gate       bool           `json:"gate,omitempty"`
		FitSamples int            `json:"fit_samples,omitempty"`
		Training   *Training      `json:"training,omitempty"`
		Samples    int            `json:"samples,omitempty"`
		Seed       uint64         `json:"seed,omitempty"`
		Synthetic  bool           `json:"synthetic,omitempty"`
		OwnLevels  bool           `json:"own_levels,omitempty"`
		Neurons    int            `json:"neurons"`
		MACs       int64          `json:"macs"`
		Layers     []LayerReport  `json:"layers"`
		Warnings   []string       `json:"warnings,omitempty"`
		Output     string         `json:"output,omitempty"` // where the model has others
		LeftOut    []string       `json:"left_out,omitempty"`
	}{
		Format: fmt.Sprintf("%d.%d", o.Format.M, o.Format.N), OwnLevels: o.OwnLevels,
		Weights: o.Weights.String(), PerChannel: o.PerChannel, LayerBits: o.LayerBits, Fit: o.Fit.String(), Gate: o.Gate, FitSamples: r.FitSamples, Training: r.Training,
		Neurons: r.Neurons, MACs: r.MACs, Layers: r.Layers, Warnings: r.Warnings,
	}
	if record.LeftOut = b.Plan.LeftOut(); len(record.LeftOut) > 0 {
		record.Output = b.Plan.Graph.Value(b.Plan.Graph.Outputs[0]).Name
	}
	if b.Profile != nil && !o.analog() {
		record.Method = o.Method.String()
		record.Samples, record.Seed, record.Synthetic = b.Profile.Samples, b.Profile.Seed, b.Profile.Synthetic
	}
	return json.Marshal(record)
}
