package eval

import (
	"math"

	"ann2snn/ir"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// result turns the sums into percentages and means.
func (c *comparison) result() *Result {
	t, format := &c.tally, mainFormat(c.Network)
	r := &Result{
		Samples:      t.samples,
		Labelled:     c.labelled || c.truth > 0,
		Task:         c.taskReport(),
		ANN:          c.accuracy(t.ann, 0),
		Layers:       c.layers(),
		ErrorSamples: c.ErrorSamples,
		OutputError:  t.errors[c.Network.Output].ratio(),
		Decisions:    c.target.decisions(),
		Outcomes:     t.outcomes,
	}
	if c.base != nil {
		r.Baseline = Baseline{
			Name:      baselineName,
			Note:      baselineNote(c.Network, format.Bits()),
			Accuracy:  c.accuracy(t.base, 1),
			Agreement: c.agreement(t.base),
			Likeness:  c.likeness(t.base, 0),
		}
	}
	r.Why = c.whys()
	r.Worst = worst(r.Why)
	r.SNN = c.spiking(format)
	if c.early != nil {
		r.EarlyExit = c.earlyExit()
	}
	r.Agreement = r.SNN.ByStep[len(r.SNN.ByStep)-1].Agreement
	if c.labelled {
		r.Delta = new(Percent(100 * float64(t.gained-t.lost) / float64(t.samples)))
		r.DeltaCI95 = new(pairedInterval(t.gained, t.lost, t.samples))
		r.Equivalence = equivalence(t.gained, t.lost, t.samples)
	} else if d := t.truths.difference; d.n > 0 {
		delta, interval, verdict := pairedShares(d, c.target.decisions())
		r.Delta, r.DeltaCI95, r.Equivalence = &delta, &interval, verdict
	}
	r.Ops = sumOps(r.Layers, c.Network.Steps)
	r.Ops.ANNMACs = c.Graph.MACs()
	r.Energy = estimateEnergy(r.Ops, format.Bits())
	r.Traffic = estimateTraffic(c.Graph, c.Network, r.Layers)
	r.NeuroBench = neuroBench(c.Network, r)
	return r
}

// accuracy turns counts into percentages; there are none without labels. network counts as
// truths has it; that of an early exit is below 0.
func (c *comparison) accuracy(s score, network int) Accuracy {
	if c.truth > 0 && network >= 0 {
		return Accuracy{Truth: c.truths(network)}
	}
	if !c.labelled {
		return Accuracy{}
	}
	a := Accuracy{Top1: new(percentOf(s.top1, c.tally.samples))}
	if scores := c.scores(network); scores != nil {
		a.AUC = rocArea(scores, c.tally.labels)
	}
	if c.classes >= 6 {
		a.Top5 = new(percentOf(s.top5, c.tally.samples))
	}
	return a
}

func (c *comparison) spiking(format snn.Format) Spiking {
	n := c.Network
	s := Spiking{
		Format:  FormatName(format),
		Bits:    format.Bits(),
		Steps:   n.Steps,
		Restim:  n.Restim.String(),
		Rho:     n.Rho,
		Weights: WeightsName(n),
		Latency: n.Latency(),
	}
	for i, step := range c.tally.steps {
		s.ByStep = append(s.ByStep, Step{
			Step: i + 1, Accuracy: c.accuracy(step, 2+i), Agreement: c.agreement(step), Likeness: c.likeness(step, 1+i),
		})
	}
	last := s.ByStep[len(s.ByStep)-1]
	s.Accuracy, s.Likeness = last.Accuracy, last.Likeness
	for _, l := range c.layerStats() {
		s.Saturated += c.mean(l.Saturated)
	}
	return s
}

// mainFormat is the format of most layers, the first one of equals.
func mainFormat(n *snn.Network) snn.Format {
	var best snn.Format
	count := make(map[snn.Format]int)
	for _, l := range n.Layers {
		if l.Neuron == nil {
			continue
		}
		f := l.Neuron.Format
		if count[f]++; count[f] > count[best] {
			best = f
		}
	}
	return best
}

// layers gives every layer but the input its means per sample.
func (c *comparison) layers() []Layer {
	names, producers, sums := c.Graph.Names(), c.Graph.Producers(), c.layerStats()
	var list []Layer
	for i, l := range c.Network.Layers[1:] {
		s := sums[i+1]
		out := Layer{
			Name:    l.Name,
			Op:      l.Op.Kind(),
			Spikes:  c.mean(s.Spikes),
			SOPs:    c.mean(s.SOPs),
			BitSOPs: c.mean(s.BitSOPs),
			MACs:    c.mean(s.MACs),
			ANNMACs: c.annMACs(l, names, producers),
		}
		if l.Neuron != nil {
			emissions := float64(s.Neurons) * float64(c.Network.Steps) * float64(c.tally.samples)
			out.Neurons, out.Bits = s.Neurons, l.Neuron.Format.Bits()
			out.Rate, out.Zero = round6(float64(s.Spikes)/emissions), round6(float64(s.Zeros)/emissions)
		}
		if c.sources[i+1] != ir.None {
			out.RelativeError = c.tally.errors[i+1].ratio()
		}
		list = append(list, out)
	}
	return list
}

// layerStats sums what the workers counted.
func (c *comparison) layerStats() []runtime.LayerStats {
	sums := make([]runtime.LayerStats, len(c.Network.Layers))
	for _, w := range c.workers {
		for i, l := range w.layers {
			addStats(&sums[i], l)
		}
	}
	return sums
}

// mean is the rounded mean of a sum over the samples.
func (c *comparison) mean(sum int64) int64 {
	n := int64(c.tally.samples)
	return (sum + n/2) / n
}

// annMACs counts what the ANN multiplies where it computes the layer's current.
func (c *comparison) annMACs(l snn.Layer, names map[string]ir.ValueID, producers []int) int64 {
	name := l.ANNCurrent
	if name == "" {
		name = l.ANNValue
	}
	return c.Graph.ValueMACs(name, names, producers)
}

// sumOps sums what the spiking network does.
func sumOps(layers []Layer, steps int) Ops {
	var o Ops
	for _, l := range layers {
		o.SNNSOPs += l.SOPs
		o.SNNBitSOPs += l.BitSOPs
		o.SNNMACs += l.MACs
		o.Updates += l.Neurons * int64(steps)
	}
	return o
}

// round6 keeps six decimals.
func round6(x float64) float64 { return math.Round(x*1e6) / 1e6 }
