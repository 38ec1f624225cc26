package c99

import (
	"strings"

	"ann2snn/export/target"
	"ann2snn/snn"
)

// module is a network laid out for C. Every layer becomes a function that computes the
// output pixel by pixel, each through the steps that it is asked for, so that currents
// never exist but for one pixel.
type module struct {
	net     *snn.Network
	options target.Options
	layers  []layer
	places  [2]layout // to run all steps at once, and step by step
	packed  bool      // two weights of 4 bits share a byte
	input   *pixels   // nil where the network does not take pictures
	refine  bool
	bytes   int // of the constant tables

	membranes []int64 // the largest magnitude in each layer
	outputs   int64   // the largest magnitude of the output summed over the steps
}

// layer is a layer together with how it is held and computed.
type layer struct {
	*snn.Layer
	index    int
	constant bool // puts out the same in all steps that the input drives
	steady   bool // the same is true of its current
	held     element
	rule     rule
	fused    bool // its current is computed by the Sum that reads it
	history  bool // a later step needs what it put out in earlier ones
	last     int  // the layer that reads it last
}

// element is the type of what a layer puts out.
type element struct {
	name  string // as functions end in
	ctype string
	bytes int
}

var (
	unsigned8 = element{"u8", "uint8_t", 1}
	signed8   = element{"i8", "int8_t", 1}
	signed32  = element{"i32", "int32_t", 4}
)

// elements in the order in which functions are written.
var elements = []element{unsigned8, signed8, signed32}

// elementFor returns the smallest type for a range. There is none of 16 bits: the arena
// is words and bytes, and C lets bytes alias anything but no other type.
func elementFor(low, high int64) element {
	switch {
	case low >= 0 && high <= 255:
		return unsigned8
	case low >= -128 && high <= 127:
		return signed8
	}
	return signed32
}

// rule is how neurons fire, by the name of the function; empty without neurons.
type rule string

const (
	ruleOnce   rule = "once"   // the only step of integrate-and-fire neurons
	ruleRate   rule = "rate"   // soft reset
	ruleSigned rule = "take"   // later spikes may take back
	ruleRefine rule = "refine" // later spikes are finer
	ruleFollow rule = "follow" // any other activation, by a table
	ruleWait   rule = "settle" // soft reset, once, after all steps of the current
	ruleLookUp rule = "lookup" // any other activation after all steps
)

// rows is how many integers a neuron remembers between steps.
func (r rule) rows() int {
	switch r {
	case ruleRate, ruleWait, ruleLookUp:
		return 1
	case ruleSigned, ruleRefine, ruleFollow:
		return 2
	}
	return 0
}

// newModule lays out a network that Check found possible.
func newModule(n *snn.Network, o target.Options) (*module, error) {
	ranges, err := n.Ranges()
	if err != nil {
		return nil, err
	}
	m := &module{net: n, options: o, layers: make([]layer, len(n.Layers)), refine: n.Restim == snn.RestimRefine}
	constant := n.Constant()
	for i := range n.Layers {
		l := &m.layers[i]
		*l = layer{Layer: &n.Layers[i], index: i, constant: constant[i], steady: true, last: i}
		for _, from := range l.In {
			l.steady = l.steady && constant[from]
		}
		l.rule = ruleOf(n, l.Neuron)
		m.membranes = append(m.membranes, ranges[i].Membrane)
		low, high := m.levelsOf(l, ranges[i].Output)
		l.held = elementFor(low, high)
	}
	m.outputs = overSteps(n, ranges[n.Output].Output)
	m.fuse()
	m.readers()
	m.packed = fourBits(n)
	if m.input, err = pixelsOf(n); err != nil {
		return nil, err
	}
	m.placeMaps()
	return m, nil
}

func ruleOf(n *snn.Network, neuron *snn.Neuron) rule {
	switch {
	case neuron == nil:
		return ""
	case n.Waits() && neuron.Act.Fn.Integrates():
		return ruleWait
	case n.Waits():
		return ruleLookUp
	case !neuron.Act.Fn.Integrates():
		return ruleFollow
	case n.Steps == 1:
		return ruleOnce
	case n.Restim == snn.RestimRefine:
		return ruleRefine
	case n.Restim == snn.RestimSigned && !neuron.Signed:
		return ruleSigned
	}
	return ruleRate
}

// levelsOf returns the range of what l puts out.
func (m *module) levelsOf(l *layer, most int64) (low, high int64) {
	switch op := l.Op.(type) {
	case snn.MaxPool, snn.Gather, snn.Concat:
		for _, from := range l.In {
			h := m.layers[from].held
			low, high = min(low, h.least()), max(high, h.most())
		}
		return max(low, -most), min(high, most)
	case snn.SumPool:
		if m.layers[l.In[0]].held == unsigned8 {
			return 0, most
		}
	case snn.Input:
		return -int64(op.Levels), int64(op.Levels)
	}
	if n := l.Neuron; n != nil && n.Act.Fn.Integrates() && !n.Signed && (l.rule == ruleOnce || l.rule == ruleRate || l.rule == ruleWait) {
		return 0, most
	}
	return -most, most
}

func (e element) least() int64 {
	switch e {
	case unsigned8:
		return 0
	case signed8:
		return -128
	}
	return -1 << 31
}

func (e element) most() int64 {
	switch e {
	case unsigned8:
		return 255
	case signed8:
		return 127
	}
	return 1<<31 - 1
}

// fuse finds layers of weights without neurons that one Sum reads and nothing else: the
// Sum computes their current pixel by pixel as part of its own.
func (m *module) fuse() {
	readers := make([][]int, len(m.layers))
	for i := range m.layers {
		for _, from := range m.layers[i].In {
			readers[from] = append(readers[from], i)
		}
	}
	for i := range m.layers {
		l := &m.layers[i]
		if _, weighted := l.Weights(); !weighted || l.Neuron != nil || len(readers[i]) != 1 || i == m.net.Output {
			continue
		}
		_, l.fused = m.layers[readers[i][0]].Op.(snn.Sum)
	}
}

// readers notes which layer reads another last, and who needs its past.
func (m *module) readers() {
	for i := range m.layers {
		l := &m.layers[i]
		for _, from := range m.sources(l) {
			m.layers[from].last = i
		}
		if _, ok := l.Op.(snn.MaxPool); ok && m.net.Steps > 1 && !l.steady {
			m.layers[l.In[0]].history = true
		}
	}
	m.layers[m.net.Output].last = len(m.layers)
}

// sources are the layers whose maps the function of l reads.
func (m *module) sources(l *layer) []int {
	if l.fused {
		return nil
	}
	var from []int
	for _, i := range l.In {
		if m.layers[i].fused {
			from = append(from, m.layers[i].In[0])
			continue
		}
		from = append(from, i)
	}
	return from
}

// fourBits reports whether all weights fit into 4 bits. Then packing halves them, which
// is what such weights are chosen for.
func fourBits(n *snn.Network) bool {
	some := false
	for i := range n.Layers {
		w, weighted := n.Layers[i].Weights()
		some = some || weighted
		for _, q := range w.Q {
			if q < -8 || q > 7 {
				return false
			}
		}
	}
	return some
}

func (m *module) name() string  { return m.options.Name }
func (m *module) upper() string { return strings.ToUpper(m.options.Name) }

// steps of a map that a layer keeps when all steps are run at once.
func (m *module) stepsOf(l *layer) int {
	if l.constant {
		return 1
	}
	return m.net.Steps
}
