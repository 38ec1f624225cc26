package passes

import (
	"math"
	"slices"
	"sync"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// A curve is a function of one number that exporters take apart.
type curve struct {
	op       ir.Op
	mirrored bool // the function is -op(-x)
}

// curves are told apart by their values alone, so that no spelling of them matters.
var curves = []curve{
	{op: ir.Unary{Fn: ir.Gelu}},
	{op: ir.Unary{Fn: ir.GeluTanh}},
	{op: ir.SiLU{}},
	{op: ir.HardSwish{}},
	{op: ir.HardSigmoid{Alpha: 1. / 6, Beta: 0.5}},
	{op: ir.Unary{Fn: ir.Mish}},
	{op: ir.Unary{Fn: ir.Softplus}},
	{op: ir.Unary{Fn: ir.Softplus}, mirrored: true}, // log(sigmoid(x))
	{op: ir.Unary{Fn: ir.Softsign}},
	{op: ir.Unary{Fn: ir.Abs}},
	{op: ir.Sigmoid{}},
	{op: ir.Tanh{}},
}

// Bounds of how far recognise looks. They hold every spelling that exporters are known to
// write, and keep the work linear in the size of the graph.
const (
	maxConeNodes     = 16
	maxConeFunctions = 4 // of its nodes, those that are neither sums nor products
)

// recognise replaces node i where it ends nodes that compute a curve of one signal.
func (r *rewriter) recognise(i int) bool {
	c := cone{rewriter: r, frontier: []ir.ValueID{r.out(i)}, seen: map[ir.ValueID]bool{}}
	for c.grow() {
		if len(c.frontier) > 1 || c.functions == 0 || len(c.nodes) == 1 && c.functions == 1 {
			continue // not of one signal, affine, or already an operator that says what it is
		}
		if k := c.curve(); k >= 0 && !c.spells(curves[k]) {
			r.setCurve(i, curves[k], c.frontier[0])
			return true
		}
	}
	return false
}

// spells reports whether the cone is what setCurve makes of a mirrored curve.
func (c *cone) spells(k curve) bool {
	return k.mirrored && len(c.nodes) == 3 && c.Nodes[c.nodes[1]].Op == k.op
}

// inFloats returns a constant of integers, as exponents may be, in floats.
func inFloats(t *ir.Tensor) *ir.Tensor {
	if t == nil || t.DType != ir.Int64 {
		return t
	}
	out := make([]float32, len(t.I))
	for i, x := range t.I {
		out[i] = float32(x)
	}
	return ir.Floats(out, t.Shape...)
}

// setCurve lets node i compute a curve of x.
func (r *rewriter) setCurve(i int, c curve, x ir.ValueID) {
	if !c.mirrored {
		r.setOp(i, c.op, x)
		return
	}
	minus := r.insert(i, ir.Unary{Fn: ir.Neg}, x, x)
	value := r.insert(i, c.op, x, minus)
	r.setOp(i, ir.Unary{Fn: ir.Neg}, value)
}

// A cone is the nodes behind a value, each of which works element by element: what the value
// is as a function of the values at the frontier, which have its shape.
type cone struct {
	*rewriter
	nodes     []int // from the last to the first
	functions int
	frontier  []ir.ValueID
	seen      map[ir.ValueID]bool
}

// grow takes the last node before the frontier into the cone, if it may be there.
func (c *cone) grow() bool {
	at := 0
	for k, v := range c.frontier {
		if c.source(v) > c.source(c.frontier[at]) {
			at = k
		}
	}
	v := c.frontier[at]
	i := c.source(v)
	if i < 0 || len(c.nodes) == maxConeNodes || len(c.Nodes[i].Out) != 1 || !isElementwise(c.Nodes[i].Op) || c.Type(v).DType != ir.Float32 {
		return false
	}
	c.frontier = slices.Delete(c.frontier, at, at+1)
	for _, in := range c.Nodes[i].In {
		switch t := c.constant(in); {
		case in == ir.None || c.seen[in]:
		case t != nil:
			if _, ok := uniform(inFloats(t)); !ok {
				return false
			}
		case !c.sameShape(in, v):
			return false
		default:
			c.frontier, c.seen[in] = append(c.frontier, in), true
		}
	}
	c.nodes = append(c.nodes, i)
	if !isArithmetic(c.Nodes[i].Op) {
		c.functions++
	}
	return len(c.frontier) > 0 && c.functions <= maxConeFunctions
}

// isElementwise reports whether an operator computes every element from the elements at its
// place.
func isElementwise(op ir.Op) bool {
	switch op.(type) {
	case ir.Add, ir.Binary, ir.Clip, ir.Unary:
		return true
	default:
		_, ok := ann.Activation(op)
		return ok
	}
}

// isArithmetic reports whether an operator makes sums, products or quotients.
func isArithmetic(op ir.Op) bool {
	switch op := op.(type) {
	case ir.Add:
		return true
	case ir.Unary:
		return op.Fn == ir.Neg || op.Fn == ir.Reciprocal
	case ir.Binary:
		return op.Fn == ir.Sub || op.Fn == ir.Mul || op.Fn == ir.Div
	}
	return false
}

// nearProbes are where curves have their shape; farProbes are where some spellings overflow,
// but where one that is bounded beyond the others would show.
const (
	nearProbes = 6 * 16
	farProbes  = 24
)

// probes are the numbers that curves are compared at.
var probes = sync.OnceValue(func() *ir.Tensor {
	var list []float32
	for k := range nearProbes {
		list = append(list, float32(k+1)/16, -float32(k+1)/16)
	}
	for k := range farProbes {
		x := float32(math.Ldexp(8, 4*k))
		list = append(list, x, -x)
	}
	return ir.Floats(list, len(list))
})

// curveValues are the values of all curves at the probes.
var curveValues = sync.OnceValue(func() [][]float32 {
	all := make([][]float32, len(curves))
	for k, c := range curves {
		x := probes()
		if c.mirrored {
			x = negated(x)
		}
		y, err := ann.Eval(c.op, []*ir.Tensor{x})
		if err != nil {
			panic("passes: a curve cannot be computed: " + err.Error())
		}
		if c.mirrored {
			y[0] = negated(y[0])
		}
		all[k] = y[0].F
	}
	return all
})

func negated(t *ir.Tensor) *ir.Tensor {
	out := make([]float32, len(t.F))
	for i, x := range t.F {
		out[i] = -x
	}
	return ir.Floats(out, t.Shape...)
}

// curve returns which curve the cone computes of the only value at its frontier, or -1.
func (c *cone) curve() int {
	known := map[ir.ValueID]*ir.Tensor{c.frontier[0]: probes()}
	for _, i := range slices.Backward(c.nodes) {
		in := make([]*ir.Tensor, len(c.Nodes[i].In))
		for j, v := range c.Nodes[i].In {
			if v == ir.None {
				continue
			}
			if in[j] = known[v]; in[j] == nil {
				number, ok := uniform(inFloats(c.constant(v)))
				if !ok {
					return -1
				}
				in[j] = ir.Floats([]float32{float32(number)})
			}
		}
		out, err := ann.Eval(c.Nodes[i].Op, in)
		if err != nil {
			return -1
		}
		known[c.out(i)] = out[0]
	}
	got := known[c.out(c.nodes[0])]
	return slices.IndexFunc(curveValues(), func(want []float32) bool { return sameCurve(got.F, want) })
}

// curveTolerance is what two spellings of a curve differ by in float32, and less than any two
// curves do.
const curveTolerance = 1e-5

// sameCurve compares values at the probes. Where a spelling overflows beyond the first of
// them, it says nothing.
func sameCurve(got, want []float32) bool {
	for i, x := range want {
		y := got[i]
		if i >= 2*nearProbes && y-y != 0 {
			continue
		}
		if !(math.Abs(float64(y-x)) <= curveTolerance*(1+math.Abs(float64(x)))) {
			return false
		}
	}
	return len(got) == len(want)
}
