package nir

import (
	"ann2snn/internal/facts"
	"ann2snn/internal/hdf5"
)

// ladderBits is the most bits of a spike whose levels are nodes of their own.
const ladderBits = 4

// half stands between whole numbers, so that > and >= are the same.
const half = 0.5

// neurons adds the neurons of the layer at work behind its current.
func (g *graph) neurons(current signal) signal {
	n := g.layer.Neuron
	if rule := facts.RuleOf(g.net, g.layer); rule != facts.Rate {
		g.lose("neurons of the rule "+rule.String()+" have no NIR form (the activation is "+n.Act.Fn.String()+")", "a model with ReLU in place of other activations")
	}
	out := g.encoding.neuron(g, current)
	out.most = 0
	if !n.Signed {
		out.most = n.Format.Max()
	}
	return out
}

// start is the membrane before step 1, half a threshold in the integers of runtime.
func (g *graph) start(channel int) float32 { return float32(g.layer.Neuron.IntThreshold[channel] / 2) }

// fire adds an IF node. Where there is one step the start of the membrane is part of the
// current already (see bias), otherwise it is in the metadata.
func (g *graph) fire(current signal) signal {
	n := g.layer.Neuron
	signed := int64(0)
	if n.Signed {
		signed = 1
	}
	metadata := hdf5.Group{
		"reset":      hdf5.Text("subtract"),
		"spike_bits": hdf5.Int(int64(n.Format.Bits())),
		"max_level":  hdf5.Int(int64(n.Format.Max())),
		"signed":     hdf5.Int(signed),
	}
	if g.net.Steps > 1 {
		metadata["v_init"] = g.spread(current, func(c int) float32 { return g.start(c) + half })
	}
	return current.of(g.part("if", "IF", hdf5.Group{
		"r":           g.same(current, 1),
		"v_threshold": g.spread(current, func(c int) float32 { return float32(n.IntThreshold[c]) }),
		"v_reset":     g.same(current, 0),
		"metadata":    metadata,
	}, current))
}

// climb adds the ladder: an integrator, a threshold per level, and what the levels take
// off the integrator in the next step. The integrator starts at 0, so the start of the
// membrane lowers the thresholds instead.
func (g *graph) climb(current signal) signal {
	n := g.layer.Neuron
	v := current.of(g.part("v", "I", hdf5.Group{"r": g.same(current, 1)}, current))
	rung := func(role string, k int, from signal, value func(theta, start float32) float32) string {
		at := g.spread(current, func(c int) float32 { return value(float32(n.IntThreshold[c]), g.start(c)) })
		return g.part(level(role, k), "Threshold", hdf5.Group{"threshold": at}, from)
	}
	theta := func(sign float32) hdf5.Dataset {
		return g.spread(current, func(c int) float32 { return sign * float32(n.IntThreshold[c]) })
	}

	out := current.of("")
	out.sources = nil
	for k := 1; k <= n.Format.Max(); k++ {
		out.sources = append(out.sources, rung("level", k, v, func(theta, start float32) float32 {
			return float32(k)*theta - start - half
		}))
	}
	g.connect(current.of(g.part("reset", "Scale", hdf5.Group{"scale": theta(-1)}, out)), v.sources[0])
	if !n.Signed {
		return out
	}

	minus := current.of(g.part("minus", "Scale", hdf5.Group{"scale": g.same(current, -1)}, v))
	below := current.of("")
	below.sources = nil
	for k := 1; k <= n.Format.Max(); k++ {
		below.sources = append(below.sources, rung("below", k, minus, func(theta, start float32) float32 {
			return float32(k-1)*theta + start + half
		}))
	}
	g.connect(current.of(g.part("refill", "Scale", hdf5.Group{"scale": theta(1)}, below)), v.sources[0])
	out.sources = append(out.sources, g.part("negative", "Scale", hdf5.Group{"scale": g.same(current, -1)}, below))
	return out
}

// bias returns the bias of an output channel of the layer at work.
func (g *graph) bias(biases []int32, channel int) float32 {
	b := float32(0)
	if biases != nil {
		b = float32(biases[channel])
	}
	if g.foldsStart() {
		b += g.start(channel) + half
	}
	return b
}

// foldsStart reports whether the start of the layer's membranes is part of its bias.
func (g *graph) foldsStart() bool {
	return g.layer.Neuron != nil && g.encoding.folded && g.net.Steps == 1
}
