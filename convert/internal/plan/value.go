package plan

import (
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// value is a value of the graph in the plan: elements of a layer's output.
type value struct {
	id    ir.ValueID // in the graph
	dims  []int
	layer *Layer
	// view holds for each element, in ONNX's row-major order, its place in the layer's
	// output; -1 means a constant 0. Nil means the natural layout: the layer has the
	// value's naturalShape, and elements stand at their naturalPlace.
	view    []int32
	partial bool // the view does not hold every element of the layer exactly once
	shared  bool // the layer has other readers than the value's one consumer
	host    bool // host operators were applied

	// origin holds, where dims are not those of the graph's value, for each element of the
	// graph's value its number in this one. Nil means the same number.
	origin []int32

	arranged *Layer // the result of natural, once it is planned
	relayed  *Layer // the result of relay, once it is planned
}

// naturalShape returns the channel-last shape of a value of dims [1,C,H,W] or [1,C,L].
// Anything else becomes a vector.
func naturalShape(dims []int) snn.Shape {
	if len(dims) > 2 && dims[0] == 1 {
		switch len(dims) {
		case 3:
			return snn.Shape{H: 1, W: dims[2], C: dims[1]}
		case 4:
			return snn.Shape{H: dims[2], W: dims[3], C: dims[1]}
		}
	}
	return snn.Shape{H: 1, W: 1, C: product(dims)}
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// naturalPlace returns the place in a channel-last map of element i, counted channels first.
func naturalPlace(s snn.Shape, i int) int32 { return int32(s.ChannelsLast(i)) }

// newValue describes elements of a layer; a nil view means channels-first order.
func newValue(id ir.ValueID, dims []int, l *Layer, view []int32) *value {
	v := &value{id: id, dims: dims, layer: l, view: view}
	shape := naturalShape(dims)
	if view == nil && l.Shape == shape {
		return v
	}
	if view == nil {
		v.view = make([]int32, l.Shape.Len())
		for i := range v.view {
			v.view[i] = naturalPlace(l.Shape, i)
		}
	}
	v.partial = !isPermutation(v.view, l.Shape.Len())
	if l.Shape == shape && v.inOrder() {
		v.view = nil
	}
	return v
}

func isPermutation(view []int32, n int) bool {
	if len(view) != n {
		return false
	}
	seen := make([]bool, n)
	for _, at := range view {
		if at < 0 || seen[at] {
			return false
		}
		seen[at] = true
	}
	return true
}

// len returns the number of elements.
func (v *value) len() int { return product(v.dims) }

// at returns the place of element i in the layer.
func (v *value) at(i int) int32 {
	if v.view == nil {
		return naturalPlace(v.layer.Shape, i)
	}
	return v.view[i]
}

// inOrder reports whether the value holds the layer's elements in channels-first order.
func (v *value) inOrder() bool {
	if v.view == nil {
		return true
	}
	for i, at := range v.view {
		if at != naturalPlace(v.layer.Shape, i) {
			return false
		}
	}
	return len(v.view) == v.layer.Shape.Len()
}

// pick returns elements of v as another value: element i is element index[i]-1 of v, or
// a constant 0 where the index is 0.
func (v *value) pick(id ir.ValueID, dims []int, index []int64) *value {
	view := make([]int32, len(index))
	for i, from := range index {
		view[i] = -1
		if from > 0 {
			view[i] = v.at(int(from - 1))
		}
	}
	picked := newValue(id, dims, v.layer, view)
	picked.shared, picked.host = v.shared, v.host
	return picked
}

// alias returns the same elements as another value of the graph.
func (v *value) alias(id ir.ValueID) *value {
	return &value{id: id, dims: v.dims, layer: v.layer, view: v.view, partial: v.partial, shared: v.shared, host: v.host}
}

// transposed returns v, seen as a matrix of rows x columns, as [1, columns, rows]: its
// natural layout has a position per row and a channel per column.
func (v *value) transposed(rows, columns int) *value {
	view, origin := make([]int32, v.len()), make([]int32, v.len())
	for i := range view {
		to := i%columns*rows + i/columns
		view[to], origin[i] = v.at(i), int32(to)
	}
	t := newValue(v.id, []int{1, columns, rows}, v.layer, view)
	t.shared, t.host, t.origin = v.shared, v.host, origin
	return t
}

// reshaped returns v with other dims for the same elements in the same order.
func (v *value) reshaped(dims ...int) *value {
	r := newValue(v.id, dims, v.layer, v.places())
	r.shared, r.host, r.origin = v.shared, v.host, inRows(v.len())
	return r
}

// places returns the place of every element.
func (v *value) places() []int32 {
	if v.view != nil {
		return v.view
	}
	view := make([]int32, v.len())
	for i := range view {
		view[i] = v.at(i)
	}
	return view
}

// set records that elements of a layer are value id of the graph.
func (p *planner) set(id ir.ValueID, l *Layer, view []int32) *value {
	v := newValue(id, p.Graph.Type(id).Shape.Ints(), l, view)
	p.put(v)
	return v
}

func (p *planner) put(v *value) {
	v.shared = v.shared || p.uses[v.id] > 1
	p.values[v.id] = v
}

// in returns input k of a node, or nil for a constant or absent one.
func (p *planner) in(n *ir.Node, k int) *value {
	if k >= len(n.In) || n.In[k] == ir.None {
		return nil
	}
	return p.values[n.In[k]]
}

// constant returns input k of a node where it is constant, else nil.
func (p *planner) constant(n *ir.Node, k int) *ir.Tensor {
	if k >= len(n.In) || n.In[k] == ir.None {
		return nil
	}
	return p.Graph.Type(n.In[k]).Const
}

// natural returns a layer that holds exactly the elements of v in their natural layout.
func (p *planner) natural(v *value) *Layer {
	if v.view == nil {
		return v.layer
	}
	if v.arranged == nil {
		v.arranged = p.addNamed(v.gather(), v)
	}
	return v.arranged
}

// gather returns the layer that natural needs.
func (v *value) gather() *Layer {
	shape := naturalShape(v.dims)
	index := make([]int32, shape.Len())
	for i := range index {
		index[naturalPlace(shape, i)] = v.at(i)
	}
	l := &Layer{
		Op: Gather{index}, In: []*Layer{v.layer}, Shape: shape,
		Source: ir.None, Current: ir.None,
		nonneg: v.layer.nonneg, analog: v.layer.analog, raw: v.layer.stillRaw(),
	}
	if v.origin == nil && !v.host {
		l.Source = v.id
	}
	l.Uneven = !v.layer.analog && mixes(index, v.layer, v.layer.Uneven, shape.C)
	return l
}

// mixes reports whether a channel of a gathered map takes elements whose level values may
// differ: of different channels, or of different places where in is uneven itself.
func mixes(index []int32, in *Layer, uneven bool, channels int) bool {
	first := slices.Repeat([]int32{-1}, channels)
	for i, from := range index {
		if from < 0 {
			continue
		}
		if !uneven {
			from %= int32(in.Shape.C)
		}
		switch c := &first[i%channels]; *c {
		case -1:
			*c = from
		case from:
		default:
			return true
		}
	}
	return false
}
