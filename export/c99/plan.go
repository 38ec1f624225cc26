package c99

import (
	"strings"

	"ann2snn/export/target"
	"ann2snn/internal/facts"
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
	bytes   int       // of the constant tables
	outputs int64     // the largest magnitude of the output summed over the steps
}

// layer is a layer together with the facts about it and how it is held and computed.
type layer struct {
	*snn.Layer
	facts.Facts
	index   int
	held    element
	form    *form // of its neurons; nil without
	fused   bool  // its current is computed by the Sum that reads it
	history bool  // a later step needs its output in earlier ones
	last    int   // the layer whose function reads it last
}

// element is the type of a layer's output.
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

// newModule lays out a network that Check found possible.
func newModule(n *snn.Network, o target.Options) (*module, error) {
	f, err := facts.Proven(n)
	if err != nil {
		return nil, err
	}
	m := &module{net: n, options: o, layers: make([]layer, len(n.Layers))}
	for i := range n.Layers {
		l := &m.layers[i]
		*l = layer{Layer: &n.Layers[i], Facts: f.Facts[i], index: i, form: formOf(n, f.Facts[i].Rule), held: elementFor(f.Facts[i].Low, f.Facts[i].High)}
		l.last = l.Last
	}
	m.outputs = n.SumOverSteps(f.Facts[n.Output].Largest())
	m.fuse()
	m.packed = fourBits(n)
	if m.input, err = pixelsOf(n); err != nil {
		return nil, err
	}
	m.placeMaps()
	return m, nil
}

// fuse finds layers of weights without neurons that one Sum reads and nothing else: the
// Sum computes their current pixel by pixel as part of its own. It also notes
// the layers whose earlier steps a MaxPool or a Product reads.
func (m *module) fuse() {
	for i := range m.layers {
		l := &m.layers[i]
		if m.net.Steps > 1 && remembers(l) {
			for _, from := range l.In {
				m.layers[from].history = true
			}
		}
		if _, weighted := l.Weights(); !weighted || l.Neuron != nil || len(l.Readers) != 1 || i == m.net.Output {
			continue
		}
		if _, l.fused = m.layers[l.Readers[0]].Op.(snn.Sum); l.fused {
			in := &m.layers[l.In[0]]
			in.last = max(in.last, l.Readers[0])
		}
	}
}

// remembers reports whether the output of a layer in a step depends on its inputs in earlier
// ones.
func remembers(l *layer) bool {
	switch l.Op.(type) {
	case snn.Product:
		return true
	case snn.MaxPool:
		return !l.Steady
	}
	return false
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

// stepsOf returns how many steps of a layer's output are stored when all are run at once.
func (m *module) stepsOf(l *layer) int {
	if l.Constant {
		return 1
	}
	return m.net.Steps
}
