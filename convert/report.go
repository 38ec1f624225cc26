package convert

import (
	"encoding/json"
	"fmt"
	"slices"

	"ann2snn/snn"
)

// Report says what Lower did.
type Report struct {
	Layers  []LayerReport `json:"layers"`
	Nodes   []NodeClass   `json:"nodes"` // one per node of the trained network
	Neurons int           `json:"neurons"`
	MACs    int64         `json:"macs"` // multiply-accumulates of one dense pass
	// FitSamples is how many samples were fitted on.
	FitSamples int      `json:"fit_samples,omitempty"`
	Warnings   []string `json:"warnings"`
}

// LayerReport is what Lower made of a layer.
type LayerReport struct {
	Name    string `json:"name"` // of the node in the trained network
	Op      string `json:"op"`   // kind of the snn.Op
	Class   Class  `json:"class"`
	Shape   [3]int `json:"shape"`
	Neurons int    `json:"neurons"`
	Bits    int    `json:"bits,omitempty"` // of the spikes; 0 without neurons and for analog ones
	MACs    int64  `json:"macs,omitempty"`

	ThresholdMin float32 `json:"threshold_min,omitempty"` // of one level
	ThresholdMax float32 `json:"threshold_max,omitempty"`
	Rounding     float64 `json:"rounding_error,omitempty"` // see calibrate.Choice
	Clipping     float64 `json:"clip_error,omitempty"`
	Dead         int     `json:"dead_channels,omitempty"`
	BiasShift    float64 `json:"bias_shift,omitempty"` // largest change of a bias by fitting, in thresholds
	// Inserted says why neurons stand here that no activation asked for.
	Inserted string `json:"inserted,omitempty"`
}

// report sums up the network; shifts are the changes of biases, per layer and channel.
func (b *builder) report(shifts [][]float64) *Report {
	r := &Report{Nodes: b.plan.nodes, Warnings: slices.Concat(b.plan.notes, b.notes), FitSamples: b.fitted}
	for i, l := range b.plan.layers {
		lr := b.layerReport(i, l, shifts[i])
		r.Layers = append(r.Layers, lr)
		r.Neurons += lr.Neurons
		r.MACs += lr.MACs
		r.Warnings = append(r.Warnings, lr.warnings()...)
	}
	if b.profile != nil && b.profile.Synthetic {
		r.Warnings = append(r.Warnings, "thresholds come from made-up inputs: expect less accuracy than with real samples")
	}
	return r
}

func (b *builder) layerReport(i int, l *layer, shifts []float64) LayerReport {
	out := &b.net.Layers[i]
	r := LayerReport{
		Name: l.name, Op: out.Op.Kind(), Class: Linear, Shape: [3]int{l.shape.H, l.shape.W, l.shape.C},
		MACs: macs(b.net, out),
	}
	if _, picks := l.op.(maxPool); picks || l.neuron != nil {
		r.Class = Spiking
	}
	if l.neuron == nil {
		return r
	}
	c := &b.choices[i]
	r.Neurons, r.Bits, r.Inserted = l.shape.Len(), b.bits[i], l.neuron.why
	r.ThresholdMin, r.ThresholdMax = slices.Min(out.Neuron.Threshold), slices.Max(out.Neuron.Threshold)
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

// macs counts the multiplications of one dense pass through a layer, borders included.
func macs(n *snn.Network, l *snn.Layer) int64 {
	fan := 0
	switch op := l.Op.(type) {
	case snn.Conv:
		fan = max(len(op.W.F), len(op.W.Q)) / l.Shape.C
	case snn.Dense:
		fan = n.Layers[l.In[0]].Shape.Len()
	}
	return int64(l.Shape.Len()) * int64(fan)
}

// record is the conversion as the network carries it.
func (b *builder) record(r *Report) ([]byte, error) {
	o := b.options
	record := struct {
		Format     string         `json:"format"`
		Weights    string         `json:"weights"`
		Method     string         `json:"method,omitempty"`
		PerChannel bool           `json:"per_channel"`
		LayerBits  map[string]int `json:"layer_bits,omitempty"` // keys are sorted
		Fit        string         `json:"fit"`
		Gate       bool           `json:"gate,omitempty"`
		FitSamples int            `json:"fit_samples,omitempty"`
		Samples    int            `json:"samples,omitempty"`
		Seed       uint64         `json:"seed,omitempty"`
		Synthetic  bool           `json:"synthetic,omitempty"`
		Neurons    int            `json:"neurons"`
		MACs       int64          `json:"macs"`
		Layers     []LayerReport  `json:"layers"`
		Warnings   []string       `json:"warnings,omitempty"`
	}{
		Format:  fmt.Sprintf("%d.%d", o.Format.M, o.Format.N),
		Weights: o.Weights.String(), PerChannel: o.PerChannel, LayerBits: o.LayerBits, Fit: o.Fit.String(), Gate: o.Gate, FitSamples: r.FitSamples,
		Neurons: r.Neurons, MACs: r.MACs, Layers: r.Layers, Warnings: r.Warnings,
	}
	if !o.analog() {
		record.Method = o.Method.String()
		record.Samples, record.Seed, record.Synthetic = b.profile.Samples, b.profile.Seed, b.profile.Synthetic
	}
	return json.Marshal(record)
}
