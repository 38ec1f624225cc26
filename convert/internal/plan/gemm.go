package plan

import (
	"errors"
	"fmt"

	"ann2snn/ir"
	"ann2snn/snn"
)

// Dense is a planned fully connected layer.
type Dense struct {
	w    matrix
	bias []float32 // per output; nil: 0
	view []int32   // place of each input of w in the layer below
}

// matrix is a constant right operand.
type matrix struct {
	t          *ir.Tensor // [in, out], or [out, in] where transposed
	transposed bool
	factor     float32
}

func (m *matrix) at(in, out int) float32 {
	if m.transposed {
		return m.factor * m.t.F[out*m.t.Shape[1]+in]
	}
	return m.factor * m.t.F[in*m.t.Shape[1]+out]
}

// size returns the number of inputs and outputs.
func (m *matrix) size() (in, out int) {
	if m.transposed {
		return m.t.Shape[1], m.t.Shape[0]
	}
	return m.t.Shape[0], m.t.Shape[1]
}

// rows returns a row of weights for each output.
func (m *matrix) rows() []float32 {
	in, out := m.size()
	f := make([]float32, 0, in*out)
	for o := range out {
		for i := range in {
			f = append(f, m.at(i, o))
		}
	}
	return f
}

func lowerGemm(p *planner, n *ir.Node) error {
	v, err := p.activation(n)
	if err != nil {
		return err
	}
	op, _ := n.Op.(ir.Gemm)
	w := p.constant(n, 1)
	if w == nil {
		return errors.New("its right operand is not constant")
	}
	m := matrix{t: w, transposed: op.TransB, factor: op.Alpha}
	in, out := m.size()
	if op.TransA && v.len() != in {
		return errors.New("its left operand is transposed and has several columns")
	}
	bias, err := p.gemmBias(n, op.Beta, out)
	if err != nil {
		return err
	}
	p.product(n, v, m, bias)
	return nil
}

// gemmBias is Beta*c where that has one entry per column.
func (p *planner) gemmBias(n *ir.Node, beta float32, columns int) ([]float32, error) {
	c, err := p.biasOf(n, 2)
	if err != nil || c == nil {
		return nil, err
	}
	if s := p.constant(n, 2).Shape; len(c) != 1 && s[len(s)-1] != len(c) {
		return nil, fmt.Errorf("its bias of shape %v differs from row to row", s)
	}
	bias := make([]float32, columns)
	for i := range bias {
		bias[i] = beta * c[i%len(c)]
	}
	return bias, nil
}

// product plans the product of v, seen as rows of m's inputs, with m.
func (p *planner) product(n *ir.Node, v *value, m matrix, bias []float32) {
	why := "feeds the weights of " + p.Nodes[p.node].Name
	in, out := m.size()
	if rows := v.len() / in; rows > 1 {
		p.pointwise(n, v.transposed(rows, in), m, bias, why)
		return
	}
	if v = p.spikesOrInput(v, why); v.partial {
		v = newValue(v.id, v.dims, p.natural(v), nil)
	}
	if p.lacksRoom(v.layer, m.rows, out) {
		v = p.relayed(v)
	}
	op := &Dense{w: m, bias: bias, view: v.places()}
	p.weighted(n, op, v.layer, snn.Shape{H: 1, W: 1, C: out}, inRows(out))
}

// pointwise plans a product with several rows as a convolution with a 1x1 kernel over
// positions, one for each row.
func (p *planner) pointwise(n *ir.Node, v *value, m matrix, bias []float32, why string) {
	_, out := m.size()
	below := p.evenOrInput(v, why)
	shape := snn.Shape{H: 1, W: below.Shape.W, C: out}
	if p.lacksRoom(below, m.rows, out) {
		below = p.relayed(v).layer
	}
	op := &Conv{bias: bias, Window: overAll(snn.Shape{H: 1, W: 1}), Groups: 1, kernel: m.rows}
	p.weighted(n, op, below, shape, inRows(shape.Len()))
}

// inRows is the view of elements that stand in ONNX's order.
func inRows(n int) []int32 {
	view := make([]int32, n)
	for i := range view {
		view[i] = int32(i)
	}
	return view
}

func (d *Dense) Fan(l *Layer) (inputs, groups int) { return l.In[0].Shape.Len(), 1 }

func (d *Dense) Trained(l *Layer) (f, bias []float32) {
	in := l.In[0].Shape.Len()
	f = make([]float32, in*l.Shape.C)
	for o := range l.Shape.C {
		row := f[o*in:][:in]
		for i, at := range d.view {
			row[at] = d.w.at(i, o)
		}
	}
	return f, d.bias
}

func (d *Dense) Patch(l *Layer, dst, in []float32, _ int) {
	from := l.In[0].Shape
	pixels := from.H * from.W
	for i := range dst {
		dst[i] = in[i%from.C*pixels+i/from.C]
	}
}
