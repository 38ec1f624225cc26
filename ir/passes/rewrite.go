package passes

import (
	"slices"
	"strconv"

	"ann2snn/ir"
)

// A rewriter changes a graph and keeps track of who produces and who reads each value.
// Nodes keep their index meanwhile: removed ones lose their Op, new ones are appended.
// finish restores the order.
type rewriter struct {
	*ir.Graph
	producer []int              // per value: the node that computes it, or -1
	readers  [][]reading        // per value: who reads it, in no order
	places   [][]int            // per node and input: where its reading stands in the list of the value
	outputs  map[ir.ValueID]int // the places of the graph's outputs
	suffix   map[string]int
	changed  int
}

// reading is an input of a node.
type reading struct{ node, input int }

func newRewriter(g *ir.Graph) *rewriter {
	r := &rewriter{
		Graph: g, producer: g.Producers(), readers: make([][]reading, len(g.Values)),
		places: make([][]int, len(g.Nodes)), outputs: make(map[ir.ValueID]int, len(g.Outputs)),
	}
	for i := range g.Nodes {
		r.link(i)
	}
	for k, v := range g.Outputs {
		r.outputs[v] = k
	}
	r.suffix = make(map[string]int, len(g.Values))
	for _, v := range g.Values {
		r.suffix[v.Name] = 0
	}
	return r
}

// rewrite applies rule to every node, in order, as often as it changes something there,
// in rounds until it changes nothing any more. Nodes that a rule adds wait for the next
// round.
func rewrite(g *ir.Graph, rule func(r *rewriter, i int) (bool, error)) (int, error) {
	r := newRewriter(g)
	for before := -1; before != r.changed; {
		before = r.changed
		for i := range len(g.Nodes) {
			if err := r.exhaust(rule, i); err != nil {
				return r.changed, err
			}
		}
		if err := r.finish(r.changed > before); err != nil {
			return r.changed, err
		}
	}
	return r.changed, nil
}

// exhaust applies rule to node i until it changes nothing or the node is gone.
func (r *rewriter) exhaust(rule func(*rewriter, int) (bool, error), i int) error {
	for r.Nodes[i].Op != nil {
		changed, err := rule(r, i)
		if err != nil || !changed {
			return err
		}
		r.changed++
	}
	return nil
}

// finish drops what is not needed any more, puts the nodes in order and infers types.
func (r *rewriter) finish(changed bool) error {
	if !changed {
		return nil
	}
	sortNodes(r.Graph)
	sweep(r.Graph)
	if err := r.Infer(); err != nil {
		return err
	}
	count := r.changed
	*r = *newRewriter(r.Graph)
	r.changed = count
	return nil
}

// sortNodes drops removed nodes and puts every node after those whose outputs it reads,
// moving producers forward to their first reader and nothing else.
func sortNodes(g *ir.Graph) {
	producer := g.Producers()
	sorted := make([]ir.Node, 0, len(g.Nodes))
	placed := make([]bool, len(g.Nodes))
	var place func(i int)
	place = func(i int) {
		if placed[i] || g.Nodes[i].Op == nil {
			return
		}
		placed[i] = true
		for _, id := range g.Nodes[i].In {
			if id != ir.None && producer[id] >= 0 {
				place(producer[id])
			}
		}
		sorted = append(sorted, g.Nodes[i])
	}
	for i := range g.Nodes {
		place(i)
	}
	g.Nodes = sorted
}

// isOutput reports whether v is a graph output.
func (r *rewriter) isOutput(v ir.ValueID) bool {
	_, ok := r.outputs[v]
	return ok
}

// in returns input j of node i, or None.
func (r *rewriter) in(i, j int) ir.ValueID {
	if in := r.Nodes[i].In; j < len(in) {
		return in[j]
	}
	return ir.None
}

// out returns the first output of node i.
func (r *rewriter) out(i int) ir.ValueID { return r.Nodes[i].Out[0] }

// source returns the node that computes v, or -1.
func (r *rewriter) source(v ir.ValueID) int {
	if v == ir.None {
		return -1
	}
	return r.producer[v]
}

// sole returns the only reader of v; there is none if v is a graph output or read twice.
func (r *rewriter) sole(v ir.ValueID) (int, bool) {
	if len(r.readers[v]) != 1 || r.isOutput(v) {
		return 0, false
	}
	return r.readers[v][0].node, true
}

// constant returns the value of v where it is constant, else nil.
func (r *rewriter) constant(v ir.ValueID) *ir.Tensor { return r.Type(v).Const }

// value adds a value; its name is made unique.
func (r *rewriter) value(name string, t ir.Type) ir.ValueID {
	unique := name
	for _, taken := r.suffix[unique]; taken; _, taken = r.suffix[unique] {
		r.suffix[name]++
		unique = name + "." + strconv.Itoa(r.suffix[name])
	}
	r.suffix[unique] = 0
	r.producer = append(r.producer, -1)
	r.readers = append(r.readers, nil)
	return r.AddValue(ir.Value{Name: unique, Type: t})
}

// constantLike adds a constant that takes the place of v and is named after it.
func (r *rewriter) constantLike(v ir.ValueID, t *ir.Tensor) ir.ValueID {
	return r.value(r.Value(v).Name, t.Type())
}

// add appends a node, to be put in order by finish.
func (r *rewriter) add(n ir.Node) {
	i := len(r.Nodes)
	r.Nodes, r.places = append(r.Nodes, ir.Node{Name: n.Name, Op: n.Op}), append(r.places, nil)
	r.set(i, n.Op, n.In, n.Out)
}

// set gives node i another operator, other inputs and other outputs.
func (r *rewriter) set(i int, op ir.Op, in, out []ir.ValueID) {
	r.unlink(i)
	n := &r.Nodes[i]
	n.Op, n.In, n.Out = op, in, out
	r.link(i)
	for _, v := range out {
		if v != ir.None {
			r.producer[v] = i
		}
	}
}

// setOp gives node i another operator and other inputs.
func (r *rewriter) setOp(i int, op ir.Op, in ...ir.ValueID) { r.set(i, op, in, r.Nodes[i].Out) }

// remove takes node i out; its outputs must have no readers left.
func (r *rewriter) remove(i int) {
	r.unlink(i)
	r.Nodes[i] = ir.Node{}
}

// link notes what node i reads.
func (r *rewriter) link(i int) {
	r.places[i] = make([]int, len(r.Nodes[i].In))
	for j, v := range r.Nodes[i].In {
		if v != ir.None {
			r.places[i][j] = len(r.readers[v])
			r.readers[v] = append(r.readers[v], reading{i, j})
		}
	}
}

// unlink forgets what node i reads and produces.
func (r *rewriter) unlink(i int) {
	for j, v := range r.Nodes[i].In {
		if v != ir.None {
			list, at := r.readers[v], r.places[i][j]
			last := list[len(list)-1]
			list[at], r.places[last.node][last.input] = last, at
			r.readers[v] = list[:len(list)-1]
		}
	}
	for _, v := range r.Nodes[i].Out {
		if v != ir.None && r.producer[v] == i {
			r.producer[v] = -1
		}
	}
}

// bypass removes node i, whose first output is the same as v, and lets v take its place.
// It reports whether that is possible: a graph output keeps its name, so v must be free
// to take it.
func (r *rewriter) bypass(i int, v ir.ValueID) bool {
	old := r.out(i)
	if k, ok := r.outputs[old]; ok {
		if r.producer[v] < 0 || r.isOutput(v) {
			return false
		}
		r.Outputs[k] = v
		delete(r.outputs, old)
		r.outputs[v] = k
		a, b := r.Value(old), r.Value(v)
		a.Name, b.Name = b.Name, a.Name
	}
	for len(r.readers[old]) > 0 {
		reader := r.readers[old][0].node
		in := slices.Clone(r.Nodes[reader].In)
		for j := range in {
			if in[j] == old {
				in[j] = v
			}
		}
		r.set(reader, r.Nodes[reader].Op, in, r.Nodes[reader].Out)
	}
	r.remove(i)
	return true
}

// all reports whether every element of list is v.
func all(list []int, v int) bool {
	return !slices.ContainsFunc(list, func(n int) bool { return n != v })
}
