package convert

import (
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// gateTaps is how many channels of the layer before speak for a channel of a gate.
const gateTaps = 3

// gate is an interlaminar connection in the shape of Efficient Channel Attention: what the
// layer before emits in all places re-stimulates the neurons of a layer, by
//
//	r_c = bias_c + sum over k of w_ck * mean(spikes of channel c+k of the layer before).
//
// It is the operator of a layer that reads the sums of a pool over the whole map, and puts
// out r, which a gather spreads over the map of the neurons.
type gate struct {
	pool *layer
	w    []float32 // gateTaps per channel; nil until the gate is fitted
	bias []float32
}

// channel is the channel of the layer before that tap k of channel c reads, or -1. Where
// the layers differ in their number of channels, those are meant that lie alike.
func (g *gate) channel(c, k, channels int) int {
	before := g.pool.shape.C
	from := c*before/channels + k - gateTaps/2
	if from < 0 || from >= before {
		return -1
	}
	return from
}

func (g *gate) build(b *builder, l *layer) (snn.Op, error) {
	f, values := make([]float32, l.shape.C*g.pool.shape.C), b.channelValues(g.pool)
	for i, x := range g.w {
		c := i / gateTaps
		if from := g.channel(c, i%gateTaps, l.shape.C); from >= 0 {
			f[c*g.pool.shape.C+from] = x * values[from]
		}
	}
	w, err := b.weights(l, f, g.bias)
	return snn.Dense{W: w}, err
}

// addGates gives every convolution of spikes that neurons stand behind a gate, whose
// neurons then stand on the sum of both.
func (pl *plan) addGates() {
	var layers []*layer
	for _, l := range slices.Clone(pl.layers) {
		if !l.takesGate() {
			layers = append(layers, l)
			continue
		}
		s := pl.gatedSum(l)
		if s == nil {
			layers = append(layers, l)
			continue
		}
		in := l.in[0]
		part := func(name string, op operator, shape snn.Shape, below *layer) *layer {
			return &layer{
				node: l.node, name: l.name + "/" + name, op: op, in: []*layer{below}, shape: shape,
				source: ir.None, current: ir.None, aside: true,
			}
		}
		pool := part("gate/pool", sumPool{overAll(in.shape), []float32{float32(in.shape.H * in.shape.W)}}, snn.Shape{H: 1, W: 1, C: in.shape.C}, in)
		g := &gate{pool: pool}
		weigh := part("gate", g, snn.Shape{H: 1, W: 1, C: l.shape.C}, pool)
		spread := part("gate/spread", gather{everywhere(l.shape)}, l.shape, weigh)
		op, _ := s.op.(*sum)
		s.in, op.gains, s.gate = append(s.in, spread), append(op.gains, []float32{1}), weigh
		layers = append(layers, pool, weigh, spread, l)
		if s.name == l.name { // it has taken the neurons over
			layers = append(layers, s)
		}
	}
	pl.layers = layers
	for i, l := range pl.layers {
		l.index = i
	}
}

// closeGate leaves the gate of a sum out.
func (l *layer) closeGate() {
	op, _ := l.op.(*sum)
	k := slices.IndexFunc(l.in, func(in *layer) bool { return len(in.in) > 0 && in.in[0] == l.gate })
	l.in, op.gains = slices.Delete(l.in, k, k+1), slices.Delete(op.gains, k, k+1)
	l.gate = nil
}

// dropUnread drops layers that nothing reads any more from the plan and from what is built.
func (b *builder) dropUnread() {
	before := slices.Clone(b.plan.layers)
	b.plan.dropUnread()
	place := make([]int, len(before))
	kept := 0
	for i, l := range before {
		if kept < len(b.plan.layers) && b.plan.layers[kept] == l {
			b.bits[kept], b.choices[kept], b.net.Layers[kept] = b.bits[i], b.choices[i], b.net.Layers[i]
			place[i] = kept
			kept++
		}
	}
	b.net.Layers = b.net.Layers[:kept]
	for _, l := range b.net.Layers {
		for k, from := range l.In {
			l.In[k] = place[from]
		}
	}
	b.net.Output = b.plan.output.index
}

// takesGate reports whether l is a convolution of maps of spikes.
func (l *layer) takesGate() bool {
	_, ok := l.op.(*conv)
	return ok && l.current != ir.None && l.shape.H*l.shape.W > 1 && l.in[0].spikes() && !l.in[0].uneven
}

// gatedSum is the sum with neurons that reads nothing but convolution l and levels, or a
// new one that takes over the neurons of l; nil where there are none.
func (pl *plan) gatedSum(l *layer) *layer {
	var readers []*layer
	for _, other := range pl.layers {
		if slices.Contains(other.in, l) {
			readers = append(readers, other)
		}
	}
	if l.neuron == nil {
		if len(readers) != 1 || readers[0].neuron == nil || readers[0].gate != nil || readers[0].shape != l.shape || readers[0].current == ir.None {
			return nil
		}
		if _, ok := readers[0].op.(*sum); !ok {
			return nil
		}
		return readers[0]
	}
	s := *l
	s.op, s.in = &sum{gains: [][]float32{{1}}}, []*layer{l}
	for _, reader := range readers {
		reader.in = slices.Clone(reader.in)
		reader.in[slices.Index(reader.in, l)] = &s
	}
	l.neuron, l.source, l.aside = nil, l.current, true
	if pl.output == l {
		pl.output = &s
	}
	return &s
}

// everywhere spreads a vector over a map.
func everywhere(s snn.Shape) []int32 {
	index := make([]int32, s.Len())
	for i := range index {
		index[i] = int32(i % s.C)
	}
	return index
}
