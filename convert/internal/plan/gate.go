package plan

import (
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// GateTaps is how many channels of the layer before a channel of a gate reads.
const GateTaps = 3

// Gate is an interlaminar connection in the shape of Efficient Channel Attention: what the
// layer before emits in all places re-stimulates the neurons of a layer, by
//
//	r_c = bias_c + sum over k of w_ck * mean(spikes of channel c+k of the layer before).
//
// It is the operator of a layer that reads the sums of a pool over the whole map. Its output
// is r, which a gather spreads over the map of the neurons.
type Gate struct{ Pool *Layer }

// Channel returns the channel of the layer before that tap k of channel c reads, or -1. Where
// the layers differ in their number of channels, c is scaled to that of the layer before.
func (g *Gate) Channel(c, k, channels int) int {
	before := g.Pool.Shape.C
	from := c*before/channels + k - GateTaps/2
	if from < 0 || from >= before {
		return -1
	}
	return from
}

// AddGates gives every convolution of spikes that neurons stand behind a gate, whose
// neurons then stand on the sum of both.
func (pl *Plan) AddGates() {
	var layers []*Layer
	for _, l := range slices.Clone(pl.Layers) {
		if !l.takesGate() {
			layers = append(layers, l)
			continue
		}
		s := pl.gatedSum(l)
		if s == nil {
			layers = append(layers, l)
			continue
		}
		in := l.In[0]
		part := func(name string, op Op, shape snn.Shape, below *Layer) *Layer {
			return &Layer{
				Node: l.Node, Name: l.Name + "/" + name, Op: op, In: []*Layer{below}, Shape: shape,
				Source: ir.None, Current: ir.None, Auxiliary: true,
			}
		}
		pool := part("gate/pool", SumPool{overAll(in.Shape), []float32{float32(in.Shape.H * in.Shape.W)}}, snn.Shape{H: 1, W: 1, C: in.Shape.C}, in)
		g := &Gate{Pool: pool}
		weigh := part("gate", g, snn.Shape{H: 1, W: 1, C: l.Shape.C}, pool)
		spread := part("gate/spread", Gather{everywhere(l.Shape)}, l.Shape, weigh)
		op, _ := s.Op.(*Sum)
		s.In, op.Gains, s.Gate = append(s.In, spread), append(op.Gains, []float32{1}), weigh
		layers = append(layers, pool, weigh, spread, l)
		if s.Name == l.Name { // it has taken the neurons over
			layers = append(layers, s)
		}
	}
	pl.Layers = layers
	for i, l := range pl.Layers {
		l.Index = i
	}
}

// RemoveGate leaves the gate of a sum out.
func (l *Layer) RemoveGate() {
	op, _ := l.Op.(*Sum)
	k := slices.IndexFunc(l.In, func(in *Layer) bool { return len(in.In) > 0 && in.In[0] == l.Gate })
	l.In, op.Gains = slices.Delete(l.In, k, k+1), slices.Delete(op.Gains, k, k+1)
	l.Gate = nil
}

// takesGate reports whether l is a convolution of maps of spikes.
func (l *Layer) takesGate() bool {
	_, ok := l.Op.(*Conv)
	return ok && l.Current != ir.None && l.Shape.H*l.Shape.W > 1 && l.In[0].Spikes() && !l.In[0].Uneven
}

// gatedSum returns the sum with neurons that adds the current of convolution l to levels, or
// a new one that takes over the neurons of l; nil where there are no neurons.
func (pl *Plan) gatedSum(l *Layer) *Layer {
	var readers []*Layer
	for _, other := range pl.Layers {
		if slices.Contains(other.In, l) {
			readers = append(readers, other)
		}
	}
	if l.Neuron == nil {
		if len(readers) != 1 || readers[0].Neuron == nil || readers[0].Gate != nil || readers[0].Shape != l.Shape || readers[0].Current == ir.None {
			return nil
		}
		if _, ok := readers[0].Op.(*Sum); !ok {
			return nil
		}
		return readers[0]
	}
	s := *l
	s.Op, s.In = &Sum{Gains: [][]float32{{1}}}, []*Layer{l}
	for _, reader := range readers {
		reader.In = slices.Clone(reader.In)
		reader.In[slices.Index(reader.In, l)] = &s
	}
	l.Neuron, l.Source, l.Auxiliary = nil, l.Current, true
	if pl.Output == l {
		pl.Output = &s
	}
	return &s
}

// everywhere returns the gather index that spreads a vector over a map.
func everywhere(s snn.Shape) []int32 {
	index := make([]int32, s.Len())
	for i := range index {
		index[i] = int32(i % s.C)
	}
	return index
}
