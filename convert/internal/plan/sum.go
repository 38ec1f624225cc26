package plan

import (
	"fmt"
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/snn"
)

// Sum is a planned weighted sum.
type Sum struct {
	Gains [][]float32 // per input; 1, C or H*W*C entries
	Bias  []float32   // nil or per channel
}

// terms are values that stand in their layers in the same way, so that the layers can
// be added element by element.
type terms struct {
	dims   []int
	layers []*Layer
	view   []int32 // as in value; nil: naturally
}

// align expands values to common dims and arranges them alike.
func (p *planner) align(dims []int, values ...*value) (terms, error) {
	t := terms{dims: dims}
	for i, v := range values {
		var err error
		if values[i], err = p.expand(v, dims); err != nil {
			return t, err
		}
	}
	first := values[0]
	differs := func(v *value) bool {
		return v.partial || v.layer.Shape != first.layer.Shape || !slices.Equal(v.view, first.view)
	}
	if slices.ContainsFunc(values, differs) {
		for _, v := range values {
			t.layers = append(t.layers, p.natural(v))
		}
		return t, nil
	}
	t.view = first.view
	for _, v := range values {
		t.layers = append(t.layers, v.layer)
	}
	return t, nil
}

// expand broadcasts v to dims.
func (p *planner) expand(v *value, dims []int) (*value, error) {
	if slices.Equal(v.dims, dims) {
		return v, nil
	}
	index, err := moved(ir.Expand{}, v.dims, dimsTensor(dims))
	if err != nil {
		return nil, err
	}
	return v.pick(ir.None, dims, index[0]), nil
}

func dimsTensor(dims []int) *ir.Tensor {
	list := make([]int64, len(dims))
	for i, d := range dims {
		list[i] = int64(d)
	}
	return ir.Ints(list, len(dims))
}

// spread broadcasts a constant to the terms' dims and puts its elements where those of
// the terms stand, in as few entries as can be: one, one per channel or one per element.
func (t *terms) spread(c *ir.Tensor) ([]float32, error) {
	wide, err := ann.Eval(ir.Expand{}, []*ir.Tensor{c, dimsTensor(t.dims)})
	if err != nil {
		return nil, err
	}
	shape := t.layers[0].Shape
	placed := make([]float32, shape.Len())
	for i, x := range wide[0].F {
		placed[t.place(i)] = x
	}
	return Condense(placed, shape.C), nil
}

func (t *terms) place(i int) int32 {
	if t.view == nil {
		return naturalPlace(t.layers[0].Shape, i)
	}
	return t.view[i]
}

// addSum plans output 0 of n as a sum of terms, each times a gain, plus a bias. A bias
// that differs within a channel makes every element a channel of its own.
func (p *planner) addSum(n *ir.Node, t terms, gains [][]float32, bias []float32) {
	id := n.Out[0]
	shape := t.layers[0].Shape
	if len(bias) > 1 && len(bias) != shape.C {
		t = p.asVector(t)
		shape = t.layers[0].Shape
	}
	if len(bias) == 1 {
		bias = slices.Repeat(bias, shape.C)
	}
	l := p.add(&Layer{
		Op: &Sum{gains, bias}, In: t.layers, Shape: shape, Source: id, Current: id,
		nonneg: neverNegative(t.layers, gains, bias), raw: allRaw(t.layers),
	})
	l.View = p.set(id, l, t.view).view
}

// neverNegative reports whether a weighted sum of the layers' outputs cannot be negative.
func neverNegative(layers []*Layer, gains [][]float32, bias []float32) bool {
	negative := func(x float32) bool { return !(x >= 0) }
	return !slices.ContainsFunc(layers, func(l *Layer) bool { return !l.nonneg }) &&
		!slices.ContainsFunc(gains, func(g []float32) bool { return slices.ContainsFunc(g, negative) }) &&
		!slices.ContainsFunc(bias, negative)
}

func allRaw(layers []*Layer) bool {
	return !slices.ContainsFunc(layers, func(l *Layer) bool { return !l.stillRaw() })
}

// asVector makes the terms 1 x 1 x C, every element where it stood.
func (p *planner) asVector(t terms) terms {
	v := terms{dims: t.dims}
	for i := range product(t.dims) {
		v.view = append(v.view, t.place(i))
	}
	for _, in := range t.layers {
		shape := snn.Shape{H: 1, W: 1, C: in.Shape.Len()}
		v.layers = append(v.layers, p.add(&Layer{
			Op: Gather{inRows(shape.C)}, In: []*Layer{in}, Shape: shape, Source: ir.None, Current: ir.None,
			nonneg: in.nonneg, analog: in.analog, raw: in.stillRaw(),
		}))
	}
	return v
}

// affine plans output 0 of n as input k times a gain plus a bias, either of them nil.
func (p *planner) affine(n *ir.Node, k int, gain, bias *ir.Tensor) error {
	t, err := p.align(p.Graph.Type(n.Out[0]).Shape.Ints(), p.in(n, k))
	if err != nil {
		return err
	}
	g, b := []float32{1}, []float32(nil)
	if gain != nil {
		if g, err = t.spread(gain); err != nil {
			return err
		}
	}
	if bias != nil {
		if b, err = t.spread(bias); err != nil {
			return err
		}
	}
	p.addSum(n, t, [][]float32{g}, b)
	return nil
}

// combine plans output 0 of n as the sum of its two inputs, the second times sign.
func (p *planner) combine(n *ir.Node, sign float32) error {
	t, err := p.align(p.Graph.Type(n.Out[0]).Shape.Ints(), p.in(n, 0), p.in(n, 1))
	if err != nil {
		return fmt.Errorf("its inputs cannot be added: %w", err)
	}
	p.addSum(n, t, [][]float32{{1}, {sign}}, nil)
	return nil
}
