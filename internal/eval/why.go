package eval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/snn"
)

// Why splits the error of what a layer's neurons stand for, or of the current of a layer with
// weights that has none. The parts are 2-norms over the
// whole layer and all samples measured, each against the norm of the ANN's value. As
// vectors their sum, Driven apart, is the error: parts may cancel each other, and a fit
// makes Weights cancel Inherited.
type Why struct {
	Layer string  `json:"layer"`
	Total float64 `json:"total"` // Layer.RelativeError

	Inherited float64 `json:"inherited"` // the trained weights on the spikes or the rounded input that arrive, against the ANN
	Weights   float64 `json:"weights"`   // the network's weights and biases, against the trained ones on the same spikes
	Driven    float64 `json:"driven"`    // both together: the current the neurons get, against the ANN
	Clipping  float64 `json:"clipping"`  // beyond the largest level
	Rounding  float64 `json:"rounding"`  // to the levels that all steps together can say
	Arrival   float64 `json:"arrival"`   // spikes fired before the rest arrived; one step of an integer network: its threshold's rounding

	Cause string `json:"cause,omitempty"` // the largest part that is this layer's own
	Help  string `json:"help,omitempty"`  // the flag of convert that would make it smaller
}

// harm is the error that the weights add to the inherited one.
func (w *Why) harm() float64 {
	return math.Sqrt(max(0, w.Driven*w.Driven-w.Inherited*w.Inherited))
}

// own is the largest part that the layer adds itself.
func (w *Why) own() float64 { return max(w.harm(), w.Clipping, w.Rounding, w.Arrival) }

// whySums are squared norms of the parts.
type whySums struct{ inherited, weights, driven, clipping, rounding, arrival float64 }

func (s *whySums) add(o whySums) {
	s.inherited += o.inherited
	s.weights += o.weights
	s.driven += o.driven
	s.clipping += o.clipping
	s.rounding += o.rounding
	s.arrival += o.arrival
}

// explained is a layer with neurons, or with weights, whose ANN values are known.
type explained struct {
	layer           int // in the network
	source, current ir.ValueID
	fires           bool
	inner           int // elements after which the channel changes; of neurons
}

// explainable lists the layers that can be explained, the first of those that stand for
// the same value.
func explainable(g *ir.Graph, n *snn.Network, sources []ir.ValueID) ([]explained, error) {
	var list []explained
	names, known := g.Names(), make(map[ir.ValueID]bool)
	add := func(e explained) {
		list = append(list, e)
		known[e.source] = true
	}
	for i, l := range n.Layers {
		if sources[i] == ir.None || known[sources[i]] {
			continue
		}
		if _, weighted := l.Weights(); weighted && l.Neuron == nil {
			add(explained{layer: i, source: sources[i], current: sources[i]})
		}
		if l.Neuron == nil || l.Neuron.Format.Bits() == 0 {
			continue
		}
		current, ok := names[l.ANNCurrent]
		if !ok || g.Type(current).Elems() != l.Shape.Len() {
			continue
		}
		inner, err := channelStride(g.Type(sources[i]).Shape.Ints(), len(l.Neuron.Threshold))
		if err != nil {
			return nil, fmt.Errorf("eval: %s %q: %w", l.Op.Kind(), l.Name, err)
		}
		add(explained{i, sources[i], current, true, inner})
	}
	return list, nil
}

// explainer runs the ANN's nodes on the outputs of the spiking network.
type explainer struct {
	*worker
	layers []explained
	// On spikes every layer of the ANN reads the outputs of the spiking layers before it, and
	// the input as the spiking network rounds it; on currents it applies its activation to
	// the spiking layer's current.
	onSpikes, onCurrents *ann.Program

	want, trained, used [][]float32 // per layer: the ANN's value, and those of the two programs
}

// newExplainer serves one worker: the programs read its session.
func (c *comparison) newExplainer(ctx context.Context, w *worker) (*explainer, error) {
	e := &explainer{worker: w, layers: c.explained}
	spikes, currents := make(map[ir.ValueID]func([]float32)), make(map[ir.ValueID]func([]float32))
	for k, l := range e.layers {
		for _, to := range []*[][]float32{&e.want, &e.trained, &e.used} {
			*to = append(*to, make([]float32, c.Network.Layers[l.layer].Shape.Len()))
		}
		if !l.fires { // what reads it reads the spikes before it, through the trained weights
			spikes[l.source] = func(v []float32) { copy(e.trained[k], v) }
			continue
		}
		currents[l.current] = func(v []float32) { w.note(w.trace.Current(l.layer, v)) }
		spikes[l.source] = func(v []float32) {
			copy(e.trained[k], v)
			w.note(w.trace.Value(l.layer, v))
		}
	}
	if in := c.Graph.Inputs[0]; c.Network.Layers[0].ANNValue == c.Graph.Value(in).Name {
		spikes[in] = func(v []float32) { w.note(w.trace.Value(0, v)) }
	}
	for k, l := range e.layers {
		if !l.fires {
			continue
		}
		before := currents[l.source]
		currents[l.source] = func(v []float32) {
			if before != nil { // the current is what the spikes stand for
				before(v)
			}
			copy(e.used[k], v)
			w.note(w.trace.Value(l.layer, v))
		}
	}
	var err error
	if e.onSpikes, err = c.ann.Replacing(ctx, spikes); err != nil {
		return nil, err
	}
	e.onCurrents, err = c.ann.Replacing(ctx, currents)
	return e, err
}

// explain splits the errors of the sample that the session has just run; want holds the
// ANN's values.
func (e *explainer) explain(ctx context.Context, n *snn.Network) ([]whySums, error) {
	if _, err := e.onSpikes.Run(ctx, e.in, nil); err != nil {
		return nil, err
	}
	if _, err := e.onCurrents.Run(ctx, e.in, nil); err != nil {
		return nil, err
	}
	sums := make([]whySums, len(e.layers))
	for k, l := range e.layers {
		got := e.value[:len(e.want[k])]
		if err := e.trace.Value(l.layer, got); err != nil {
			return nil, err
		}
		if !l.fires {
			copy(e.used[k], got)
		}
		levels := levelsOf(n, n.Layers[l.layer].Neuron)
		for i, used := range e.used[k] {
			clipped, rounded := used, used
			if l.fires {
				clipped, rounded = levels.of(used, i/l.inner)
			}
			sums[k].add(whySums{
				inherited: square(e.trained[k][i], e.want[k][i]),
				weights:   square(used, e.trained[k][i]),
				driven:    square(used, e.want[k][i]),
				clipping:  square(clipped, used),
				rounding:  square(rounded, clipped),
				arrival:   square(got[i], rounded),
			})
		}
	}
	return sums, nil
}

func square(a, b float32) float64 { return (float64(a) - float64(b)) * (float64(a) - float64(b)) }

// levels are the values that a neuron can stand for after all steps.
type levels struct {
	threshold []float32
	fine      float64 // distance of two values, in thresholds
	low, high float64 // bounds, in thresholds
}

func levelsOf(n *snn.Network, neuron *snn.Neuron) levels {
	if neuron == nil {
		return levels{}
	}
	l := levels{threshold: neuron.Threshold, fine: 1 / n.Span(n.Steps), high: float64(neuron.Format.Max()) * span(n)}
	if neuron.Signed {
		l.low = -l.high
	}
	return l
}

// of clips x and rounds what is left.
func (l levels) of(x float32, channel int) (clipped, rounded float32) {
	theta := float64(l.threshold[channel%len(l.threshold)])
	c := min(max(float64(x)/theta, l.low), l.high)
	return float32(c * theta), float32(math.Floor(c/l.fine+0.5) * l.fine * theta)
}

// whys turns the sums into shares and names causes.
func (c *comparison) whys() []Why {
	var list []Why
	for k, e := range c.explained {
		s, norm := c.tally.whys[k], c.tally.errors[e.layer].norm
		if norm == 0 {
			continue
		}
		part := func(sum float64) float64 { return round6(math.Sqrt(sum / norm)) }
		w := Why{
			Layer: c.Network.Layers[e.layer].Name, Total: part(c.tally.errors[e.layer].diff),
			Inherited: part(s.inherited), Weights: part(s.weights), Driven: part(s.driven),
			Clipping: part(s.clipping), Rounding: part(s.rounding), Arrival: part(s.arrival),
		}
		w.Cause, w.Help = cause(c.Network, &c.Network.Layers[e.layer], &w)
		list = append(list, w)
	}
	return list
}

const arrival = "uneven arrival"

// cause names the largest part that is the layer's own and what helps against it.
func cause(n *snn.Network, l *snn.Layer, w *Why) (name, help string) {
	switch w.own() {
	case 0:
		return "", ""
	case w.harm():
		return "weights", "--fit ridge, or --weights float32"
	}
	more := fmt.Sprintf("--layer-bits %s=%d", l.Name, l.Neuron.Format.Bits()+1)
	if l.Neuron.Format.Bits() == snn.MaxBits {
		more = fmt.Sprintf("--steps %d", 2*n.Steps)
	}
	switch w.own() {
	case w.Arrival:
		if n.Restim == snn.RestimNone {
			return arrival, "--restim signed, or refine"
		}
		return arrival, "fewer --steps of more --bits"
	case w.Rounding:
		return "rounding", more
	}
	return "clipping", more
}

// worstLayers is how many layers Result.Worst names.
const worstLayers = 3

// worst names the layers that add most error of their own.
func worst(whys []Why) []string {
	sorted := slices.Clone(whys)
	slices.SortStableFunc(sorted, func(a, b Why) int { return cmp.Compare(b.own(), a.own()) })
	names := []string{}
	for _, w := range sorted[:min(worstLayers, len(sorted))] {
		if w.own() > 0 {
			names = append(names, w.Layer)
		}
	}
	return names
}
