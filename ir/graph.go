package ir

import "slices"

// ValueID indexes Graph.Values.
type ValueID int

// None stands where an optional input or output is absent.
const None ValueID = -1

// Value is one tensor of the graph: a graph input, a constant or a node's output.
type Value struct {
	Name string // unique in the graph; the ONNX value name where there is one
	Type Type
}

// Node applies an Op to values. Outputs are assigned exactly once.
type Node struct {
	Name string // the ONNX node name, for messages; may be empty or repeated
	Op   Op
	In   []ValueID
	Out  []ValueID
}

// Graph is a network in single-assignment form. Nodes are in topological order:
// every input is a graph input, a constant or an output of an earlier node.
type Graph struct {
	Values  []Value
	Nodes   []Node
	Inputs  []ValueID
	Outputs []ValueID
	Source  Source

	// What is not part of the text form.
	LeftOut  []string // outputs of the file that the graph does not compute
	Batch    int      // samples that the file computes at once where it names a number above 1
	Mixed    string   // why Batch samples could not be taken apart
	Integers string   // element type of the only input in the file where that is one of integers, such as "uint8"
	Notes    []string // for the user: what the graph computes otherwise than the file says
}

// Source says where a graph came from.
type Source struct {
	Path     string // as given by the user
	SHA256   string // of the file, hex
	Producer string // ONNX producer_name and producer_version
	Opset    int    // version of the default ONNX domain
}

// Value returns the value with an id, which must not be None.
func (g *Graph) Value(id ValueID) *Value { return &g.Values[id] }

// Type returns the type of the value with an id, the zero Type for None.
func (g *Graph) Type(id ValueID) Type {
	if id == None {
		return Type{}
	}
	return g.Values[id].Type
}

// AddValue appends a value and returns its id.
func (g *Graph) AddValue(v Value) ValueID {
	g.Values = append(g.Values, v)
	return ValueID(len(g.Values) - 1)
}

// AddConst appends a constant value and returns its id.
func (g *Graph) AddConst(name string, t *Tensor) ValueID {
	return g.AddValue(Value{Name: name, Type: t.Type()})
}

// Names returns the ids of all values by their names: for more than one Lookup.
func (g *Graph) Names() map[string]ValueID {
	ids := make(map[string]ValueID, len(g.Values))
	for i, v := range g.Values {
		ids[v.Name] = ValueID(i)
	}
	return ids
}

// Lookup returns the id of the value called name.
func (g *Graph) Lookup(name string) (ValueID, bool) {
	i := slices.IndexFunc(g.Values, func(v Value) bool { return v.Name == name })
	return ValueID(i), i >= 0
}

// Producers returns, per value, the index of the node that produces it, or -1.
func (g *Graph) Producers() []int {
	p := make([]int, len(g.Values))
	for i := range p {
		p[i] = -1
	}
	for i, n := range g.Nodes {
		for _, o := range n.Out {
			if o != None {
				p[o] = i
			}
		}
	}
	return p
}

// Consumers returns, per value, the indices of the nodes that read it, in order;
// a node that reads a value twice stands there twice. Graph outputs do not count.
func (g *Graph) Consumers() [][]int {
	c := make([][]int, len(g.Values))
	for i, n := range g.Nodes {
		for _, in := range n.In {
			if in != None {
				c[in] = append(c[in], i)
			}
		}
	}
	return c
}
