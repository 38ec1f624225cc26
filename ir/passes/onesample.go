package passes

import (
	"errors"
	"fmt"
	"slices"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// oneSample makes a network that a file writes down for several samples at once one for a single
// sample, where no node mixes them. Numbers of the file that count the samples, such as the
// target of a Reshape, are changed with it. Where a node does mix them the graph stays as it is:
// the first axis may be no batch at all. Graph.Mixed says which node that is.
func oneSample(g *ir.Graph) (int, error) {
	if g.Batch < 2 || len(g.Inputs) != 1 {
		return 0, nil
	}
	split := copyOf(g)
	in := split.Value(split.Inputs[0])
	in.Type.Shape = append(ir.Fixed(g.Batch), in.Type.Shape[1:]...)
	if _, err := foldConstants(split); err != nil {
		keepBatch(g, err)
		return 0, nil
	}
	s := &splitter{rewriter: newRewriter(split), n: g.Batch, split: make(map[ir.ValueID]bool)}
	if err := s.run(); err != nil {
		keepBatch(g, err)
		return 0, nil
	}
	split.Notes = append(split.Notes, fmt.Sprintf("the model computes %d samples at once, independent of each other: it is taken as one for a single sample", g.Batch))
	*g = *split
	return 1, nil
}

// keepBatch notes why the samples could not be taken apart.
func keepBatch(g *ir.Graph, why error) {
	g.Mixed = fmt.Sprintf("the model's input holds %d samples at once, which cannot be taken apart: %v (try to export it with a batch of 1)", g.Batch, why)
}

// copyOf returns a graph whose values and nodes can be changed without changing g.
func copyOf(g *ir.Graph) *ir.Graph {
	c := *g
	c.Values, c.Nodes = slices.Clone(g.Values), slices.Clone(g.Nodes)
	return &c
}

// A splitter follows the samples through a graph. In a value that is split, the first axis is n
// equal parts, one per sample.
type splitter struct {
	*rewriter
	n     int
	split map[ir.ValueID]bool
}

// run changes the graph to one sample, or says which node mixes samples.
func (s *splitter) run() error {
	in := s.Inputs[0]
	s.split[in] = true
	for i := range s.Nodes {
		if !slices.ContainsFunc(s.Nodes[i].In, s.holds) {
			continue
		}
		if err := s.node(i); err != nil {
			return fmt.Errorf("%s %q %w", s.Nodes[i].Op.Kind(), s.Label(i), err)
		}
	}
	if slices.ContainsFunc(s.Outputs, func(v ir.ValueID) bool { return !s.split[v] }) {
		return errors.New("an output does not depend on the input")
	}
	t := &s.Value(in).Type
	t.Shape = append(ir.Fixed(1), t.Shape[1:]...)
	if err := s.Infer(); err != nil {
		return err
	}
	sweep(s.Graph)
	return nil
}

func (s *splitter) holds(v ir.ValueID) bool { return v != ir.None && s.split[v] }

var errMixes = errors.New("mixes samples")

// node changes a node that reads split values and notes that its outputs are split.
func (s *splitter) node(i int) error {
	f, ok := splits[s.Nodes[i].Op.Kind()]
	if _, activation := ann.Activation(s.Nodes[i].Op); !ok && activation {
		f, ok = (*splitter).first, true
	}
	if !ok {
		return errors.New("may mix samples")
	}
	if err := f(s, i); err != nil {
		return err
	}
	for _, v := range s.Nodes[i].Out {
		if v == ir.None {
			continue
		}
		if shape := s.Type(v).Shape; len(shape) == 0 || shape[0].N%s.n != 0 {
			return errMixes
		}
		s.split[v] = true
	}
	return nil
}

// splits says of operators that are no activations when they keep samples apart, and changes
// the numbers of nodes that count samples.
var splits = map[string]func(s *splitter, i int) error{
	"Add":                   (*splitter).elementwise,
	"ArgMax":                (*splitter).alongAxis,
	"AveragePool":           (*splitter).first,
	"BatchNormalization":    (*splitter).first,
	"Binary":                (*splitter).elementwise,
	"Cast":                  (*splitter).first,
	"Celu":                  (*splitter).first,
	"Clip":                  (*splitter).first,
	"Concat":                (*splitter).concat,
	"Conv":                  (*splitter).first,
	"ConvTranspose":         (*splitter).first,
	"DepthToSpace":          (*splitter).first,
	"DequantizeLinear":      (*splitter).first,
	"Dropout":               (*splitter).first,
	"Expand":                (*splitter).expand,
	"Flatten":               (*splitter).first, // its result is split where its first axis can be
	"Gather":                (*splitter).alongAxis,
	"Gemm":                  (*splitter).gemm,
	"GlobalAveragePool":     (*splitter).first,
	"GlobalMaxPool":         (*splitter).first,
	"GroupNormalization":    (*splitter).first,
	"Identity":              (*splitter).first,
	"InstanceNormalization": (*splitter).first,
	"LayerNormalization":    (*splitter).alongAxis,
	"LogSoftmax":            (*splitter).alongAxis,
	"MatMul":                (*splitter).matMul,
	"MaxPool":               (*splitter).first,
	"PRelu":                 (*splitter).elementwise,
	"Pad":                   (*splitter).pad,
	"QuantizeLinear":        (*splitter).first,
	"Reduce":                (*splitter).reduce,
	"Reshape":               (*splitter).reshape,
	"Resize":                (*splitter).resize,
	"Selu":                  (*splitter).first,
	"Slice":                 (*splitter).slice,
	"Softmax":               (*splitter).alongAxis,
	"SpaceToDepth":          (*splitter).first,
	"Split":                 (*splitter).alongAxis,
	"Squeeze":               (*splitter).squeeze,
	"ThresholdedRelu":       (*splitter).first,
	"Tile":                  (*splitter).tile,
	"Transpose":             (*splitter).transpose,
	"Unary":                 (*splitter).first,
	"Unsqueeze":             (*splitter).squeeze,
	"Where":                 (*splitter).elementwise,
}

// first is the rule of operators that take samples by their first input, one by one.
func (s *splitter) first(i int) error {
	for j, v := range s.Nodes[i].In {
		if s.holds(v) != (j == 0) {
			return errMixes
		}
	}
	return nil
}

// rank returns the number of axes of node i's output.
func (s *splitter) rank(i int) int { return len(s.Type(s.out(i)).Shape) }

// elementwise is the rule of operators that broadcast: samples must meet themselves.
func (s *splitter) elementwise(i int) error {
	for j := range s.Nodes[i].In {
		if err := s.aligned(i, j, 1); err != nil {
			return err
		}
	}
	return nil
}

// aligned checks that input j of node i has the samples along the first axis of the result, as
// split values have, or the same for all samples. A constant that repeats something for each
// sample is cut to one. Along the first axis others may have the length free.
func (s *splitter) aligned(i, j, free int) error {
	v := s.in(i, j)
	shape := s.Type(v).Shape
	switch {
	case v == ir.None:
		return nil
	case s.split[v]:
		if len(shape) != s.rank(i) {
			return errMixes
		}
		return nil
	case len(shape) < s.rank(i), shape[0].N == free:
		return nil
	}
	part, ok := s.onePart(s.constant(v))
	if !ok {
		return errors.New("has a constant that differs from sample to sample")
	}
	s.setInput(i, j, s.constantLike(v, part))
	return nil
}

// setInput gives node i another input j.
func (s *splitter) setInput(i, j int, v ir.ValueID) {
	in := slices.Clone(s.Nodes[i].In)
	in[j] = v
	s.setOp(i, s.Nodes[i].Op, in...)
}

// onePart returns the first of n equal parts of a constant.
func (s *splitter) onePart(t *ir.Tensor) (*ir.Tensor, bool) {
	if t == nil || t.Shape[0]%s.n != 0 {
		return nil, false
	}
	part := *t
	part.Shape = append([]int{t.Shape[0] / s.n}, t.Shape[1:]...)
	k := part.Len()
	part.F, part.I, part.B = t.F[:min(k, len(t.F))], t.I[:min(k, len(t.I))], t.B[:min(k, len(t.B))]
	return &part, repeats(t.F, k) && repeats(t.I, k) && repeats(t.B, k)
}

// repeats reports whether a list is its first k elements again and again.
func repeats[E comparable](list []E, k int) bool {
	for i := k; i < len(list); i++ {
		if list[i] != list[i-k] {
			return false
		}
	}
	return true
}

// concat joins along another axis than that of the samples.
func (s *splitter) concat(i int) error {
	if s.isFirst(i, s.Nodes[i].Op.(ir.Concat).Axis, 0) {
		return errMixes
	}
	for j := range s.Nodes[i].In {
		if err := s.aligned(i, j, 0); err != nil {
			return err
		}
	}
	return nil
}

// isFirst reports whether an axis of node i's input j is the first one.
func (s *splitter) isFirst(i, axis, j int) bool {
	a, err := ir.Axis(axis, len(s.Type(s.in(i, j)).Shape))
	return err != nil || a == 0
}

// alongAxis is the rule of operators that work along one axis of their first input.
func (s *splitter) alongAxis(i int) error {
	var axis int
	switch op := s.Nodes[i].Op.(type) {
	case ir.ArgMax:
		axis = op.Axis
	case ir.Gather:
		axis = op.Axis
	case ir.LayerNorm:
		axis = op.Axis
	case ir.LogSoftmax:
		axis = op.Axis
	case ir.Softmax:
		axis = op.Axis
	case ir.Split:
		axis = op.Axis
	}
	if s.isFirst(i, axis, 0) {
		return errMixes
	}
	return s.first(i)
}

func (s *splitter) gemm(i int) error {
	if s.Nodes[i].Op.(ir.Gemm).TransA || s.holds(s.in(i, 1)) || s.holds(s.in(i, 2)) {
		return errMixes
	}
	return s.aligned(i, 2, 1)
}

func (s *splitter) matMul(i int) error {
	a, b := s.in(i, 0), s.in(i, 1)
	if s.split[b] && len(s.Type(b).Shape) < 3 || len(s.Type(a).Shape) < 2 {
		return errMixes
	}
	for j, v := range []ir.ValueID{a, b} {
		if matrix := len(s.Type(v).Shape) == 2; matrix && !s.split[v] {
			continue // all samples take it whole
		}
		if err := s.aligned(i, j, 1); err != nil {
			return err
		}
	}
	return nil
}

func (s *splitter) reshape(i int) error {
	v := s.in(i, 1)
	target := s.constant(v)
	if len(target.I) == 0 {
		return errMixes
	}
	if target.I[0] > 0 {
		return s.divide(i, 1)
	}
	return nil
}

// divide divides the first element of the constant list that is input j of node i: it counts
// samples.
func (s *splitter) divide(i, j int) error {
	v := s.in(i, j)
	list := s.constant(v)
	if list.I[0]%int64(s.n) != 0 {
		return errMixes
	}
	changed := *list
	changed.I = slices.Clone(list.I)
	changed.I[0] /= int64(s.n)
	s.setInput(i, j, s.constantLike(v, &changed))
	return nil
}

func (s *splitter) expand(i int) error {
	if len(s.Type(s.in(i, 0)).Shape) != s.rank(i) || s.holds(s.in(i, 1)) {
		return errMixes
	}
	if target := s.constant(s.in(i, 1)); len(target.I) == s.rank(i) && target.I[0] != 1 {
		return s.divide(i, 1)
	}
	return nil
}

func (s *splitter) resize(i int) error {
	op := s.Nodes[i].Op.(ir.Resize)
	axes, err := op.Resolve(s.types(i))
	if err != nil || axes[0].In != axes[0].Out || axes[0].Scale != 1 {
		return errMixes
	}
	sizes := s.constant(s.in(i, 3))
	if sizes == nil || len(sizes.I) == 0 || len(op.Axes) > 0 && op.Axes[0] != 0 {
		return s.first(i)
	}
	return errors.Join(s.first(i), s.divide(i, 3))
}

func (s *splitter) pad(i int) error {
	begin, end, err := s.Nodes[i].Op.(ir.Pad).Ends(s.types(i))
	if err != nil || begin[0] != 0 || end[0] != 0 {
		return errMixes
	}
	return s.first(i)
}

func (s *splitter) tile(i int) error {
	if s.constant(s.in(i, 1)).I[0] != 1 {
		return errMixes
	}
	return s.first(i)
}

func (s *splitter) slice(i int) error {
	box, err := s.Nodes[i].Op.(ir.Slice).Box(s.types(i))
	if err != nil || box[0] != (ir.Range{Step: 1, Len: s.Type(s.in(i, 0)).Shape[0].N}) {
		return errMixes
	}
	return s.first(i)
}

func (s *splitter) reduce(i int) error {
	axes, err := s.Nodes[i].Op.(ir.Reduce).Axes(s.types(i))
	if err != nil || slices.Contains(axes, 0) {
		return errMixes
	}
	return s.first(i)
}

// squeeze is the rule of operators that drop or add axes of length 1. Where a Squeeze drops all
// of them, it names them from now on: the axis of the samples will be one.
func (s *splitter) squeeze(i int) error {
	x := s.Type(s.in(i, 0)).Shape
	if out := s.Type(s.out(i)).Shape; len(out) == 0 || out[0].N != x[0].N {
		return errMixes
	}
	if err := s.first(i); err != nil || s.in(i, 1) != ir.None {
		return err
	}
	var axes []int
	for a, d := range x {
		if d.N == 1 {
			axes = append(axes, a)
		}
	}
	s.setOp(i, ir.Squeeze{}, s.in(i, 0), s.constantLike(s.out(i), intList(axes)))
	return nil
}

func (s *splitter) transpose(i int) error {
	perm, err := s.Nodes[i].Op.(ir.Transpose).Permutation(s.rank(i))
	if err != nil || perm[0] != 0 {
		return errMixes
	}
	return s.first(i)
}
