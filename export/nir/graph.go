package nir

import (
	"fmt"
	"strconv"
	"strings"

	"ann2snn/export/target"
	"ann2snn/internal/hdf5"
	"ann2snn/snn"
)

// graph is a NIR graph in the making.
type graph struct {
	net      *snn.Network
	encoding *encoding
	dry      bool // nothing but the losses is wanted
	nodes    hdf5.Group
	edges    []string // from, to, from, to
	signals  []signal // of the layers so far
	losses   []target.Loss
	elements int // of all arrays

	layer *snn.Layer // at work
	base  string     // what the names of its nodes begin with
}

// signal is the output of a layer: the sum of the outputs of some nodes.
type signal struct {
	sources []string
	shape   snn.Shape
	flat    bool // a vector of C elements, not a map of C x 1 x 1
	most    int  // elements are whole and from 0 to this; 0 if nothing is known
}

// maxElements of all arrays in a file keep it below a gigabyte.
const maxElements = 1 << 28

// build makes the graph of a network.
func build(n *snn.Network, e *encoding) *graph { return assemble(n, e, false) }

// sketch is build without the arrays, for the losses.
func sketch(n *snn.Network, e *encoding) *graph { return assemble(n, e, true) }

func assemble(n *snn.Network, e *encoding, dry bool) *graph {
	g := &graph{net: n, encoding: e, dry: dry, nodes: hdf5.Group{}}
	if n.Steps > 1 && n.Restim != snn.RestimNone || !n.Restim.Known() {
		g.lose("neurons that correct earlier spikes, or wait, have no NIR form", "re-stimulation none, or one step")
		return g
	}
	for i := range n.Layers {
		g.layer = &n.Layers[i]
		g.base = plain(g.layer.Name)
		s := g.operate(g.layer)
		s.shape = g.layer.Shape
		if g.layer.Neuron != nil {
			s = g.neurons(s)
		}
		g.signals = append(g.signals, s)
		if g.fatal() && !dry {
			return g
		}
	}
	g.layer = nil
	out := g.signals[n.Output]
	g.add("output", "Output", hdf5.Group{"shape": ints(out.dims()...)}, out)
	if g.elements > maxElements {
		g.lose("the arrays of the file would have "+strconv.Itoa(g.elements)+" elements", "a network of fewer neurons")
	}
	return g
}

// operate adds the nodes of a layer's operator and returns its current, or what it moves.
func (g *graph) operate(l *snn.Layer) signal {
	switch op := l.Op.(type) {
	case snn.Input:
		return g.input()
	case snn.Conv:
		return g.conv(&op)
	case snn.Dense:
		return g.dense(&op)
	case snn.Sum:
		return g.sum(&op)
	case snn.SumPool:
		return g.sumPool(&op)
	case snn.MaxPool:
		return g.maxPool(&op)
	case snn.Concat:
		return g.concat()
	case snn.Gather:
		return g.gather(&op)
	}
	if _, ok := l.Op.(snn.Product); ok {
		g.lose("it multiplies two signals; the nodes of NIR that take several signals add them", "a model without gates such as squeeze-and-excitation, or another target")
		return signal{}
	}
	g.lose("the operator "+l.Op.Kind()+" has no NIR form", "a model without it")
	return signal{}
}

// in returns the k-th input of the layer at work.
func (g *graph) in(k int) signal { return g.signals[g.layer.In[k]] }

// add adds a node behind the signals from and returns its name.
func (g *graph) add(name, kind string, fields hdf5.Group, from ...signal) string {
	unique := name
	for i := 2; g.nodes[unique] != nil; i++ {
		unique = name + "_" + strconv.Itoa(i)
	}
	fields["type"] = hdf5.Text(kind)
	g.nodes[unique] = fields
	for _, s := range from {
		g.connect(s, unique)
	}
	return unique
}

// part is add for a node of the layer at work; what it does is in its name.
func (g *graph) part(role, kind string, fields hdf5.Group, from ...signal) string {
	name := g.base
	if role != "" {
		name += "_" + role
	}
	return g.add(name, kind, fields, from...)
}

func (g *graph) connect(s signal, to string) {
	for _, from := range s.sources {
		g.edges = append(g.edges, from, to)
	}
}

// array returns a field of n elements, the dimensions' product.
func (g *graph) array(dims []int, n int, value func(i int) float32) hdf5.Dataset {
	g.elements += n
	if g.dry {
		return hdf5.Dataset{}
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = value(i)
	}
	return hdf5.Array(dims, values)
}

// spread returns a field of the signal's shape whose elements depend on the channel.
func (g *graph) spread(s signal, value func(channel int) float32) hdf5.Dataset {
	pixels := s.shape.H * s.shape.W
	return g.array(s.dims(), s.shape.Len(), func(i int) float32 { return value(i / pixels) })
}

// same returns a field of the signal's shape that holds x everywhere.
func (g *graph) same(s signal, x float32) hdf5.Dataset {
	return g.spread(s, func(int) float32 { return x })
}

// dims is the signal's shape as NIR has it, channels first.
func (s signal) dims() []int {
	if s.flat {
		return []int{s.shape.C}
	}
	return []int{s.shape.C, s.shape.H, s.shape.W}
}

// of is the signal of the same shape that is the output of one node.
func (s signal) of(node string) signal {
	s.sources, s.most = []string{node}, 0
	return s
}

// lose records that the layer at work, or the network, cannot be expressed.
func (g *graph) lose(what, way string) {
	l := target.Loss{What: what, Way: way, Fatal: true}
	if g.layer != nil {
		l.Layer = g.layer.Name
	}
	g.losses = append(g.losses, l)
}

func (g *graph) fatal() bool { return len(g.losses) > 0 }

// plain makes of an ONNX name one that frameworks take as the name of a module.
func plain(name string) string {
	name = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return r
		}
		return '_'
	}, strings.Trim(name, "/"))
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return "n" + name
	}
	return name
}

// ints returns a field of whole numbers.
func ints(values ...int) hdf5.Dataset {
	wide := make([]int64, len(values))
	for i, v := range values {
		wide[i] = int64(v)
	}
	return hdf5.Array([]int{len(values)}, wide)
}

// level names the nodes of a level so that they sort.
func level(role string, k int) string { return fmt.Sprintf("%s%03d", role, k) }
