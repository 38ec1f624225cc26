package passes

import (
	"math"
	"slices"

	"ann2snn/ir"
)

// foldAffine folds what follows a Conv or canonical Gemm and is affine per channel
// (BatchNormalization; a bias or scale as Add, Sub, Mul, Div, Neg) into weight and bias,
// computed in float64 and rounded once. Nothing else may read what lies between. Where a
// result is not finite, nothing is folded.
func foldAffine(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		if !r.isLayer(i) {
			return false, nil
		}
		chain, a := r.affineChain(i)
		if len(chain) == 0 {
			return false, nil
		}
		in, ok := r.scaledLayer(i, a)
		if !ok {
			return false, nil
		}
		out := r.Nodes[chain[len(chain)-1]].Out
		for _, j := range chain {
			r.remove(j)
		}
		r.set(i, r.Nodes[i].Op, in, out)
		return true, nil
	})
}

// isLayer reports whether node i is a Conv or canonical Gemm with constant parameters,
// whose weight then has the output channels in axis 0.
func (r *rewriter) isLayer(i int) bool {
	switch op := r.Nodes[i].Op.(type) {
	case ir.Conv:
	case ir.Gemm:
		if !r.isCanonical(i, op) {
			return false
		}
	default:
		return false
	}
	weight, bias := r.constant(r.in(i, 1)), r.in(i, 2)
	return weight != nil && weight.Len() > 0 && (bias == ir.None || r.constant(bias) != nil)
}

// affine is scale*x + shift per channel.
type affine struct{ scale, shift []float64 }

// affineChain follows the output of node i through affine nodes and returns them with
// what they compute together.
func (r *rewriter) affineChain(i int) (chain []int, a affine) {
	v := r.out(i)
	channels := r.Type(v).Shape[1].N
	a = affine{repeated(1, channels), repeated(0, channels)}
	for {
		j, ok := r.sole(v)
		if !ok {
			return chain, a
		}
		b, ok := r.affineOf(j, v)
		if !ok {
			return chain, a
		}
		for c := range channels {
			a.scale[c] *= b.scale[c]
			a.shift[c] = a.shift[c]*b.scale[c] + b.shift[c]
		}
		chain = append(chain, j)
		v = r.out(j)
	}
}

// affineOf returns what node j computes of v, where that is affine per channel.
func (r *rewriter) affineOf(j int, v ir.ValueID) (affine, bool) {
	if !r.sameShape(v, r.out(j)) {
		return affine{}, false
	}
	channels := r.Type(v).Shape[1].N
	switch op := r.Nodes[j].Op.(type) {
	case ir.BatchNorm:
		return r.normalisation(j, op)
	case ir.Unary:
		return affine{repeated(-1, channels), repeated(0, channels)}, op.Fn == ir.Neg
	case ir.Add:
		c, _, ok := r.channelOperand(j, v)
		return affine{repeated(1, channels), c}, ok
	case ir.Binary:
		c, constFirst, ok := r.channelOperand(j, v)
		if !ok {
			return affine{}, false
		}
		return binaryAffine(op.Fn, c, constFirst)
	}
	return affine{}, false
}

// binaryAffine returns x fn c, or c fn x where constFirst is set, as affine in x.
func binaryAffine(fn ir.BinaryFn, c []float64, constFirst bool) (affine, bool) {
	zero := repeated(0, len(c))
	switch {
	case fn == ir.Mul:
		return affine{c, zero}, true
	case fn == ir.Div && !constFirst:
		return affine{mapped(c, func(f float64) float64 { return 1 / f }), zero}, true
	case fn == ir.Sub && constFirst:
		return affine{repeated(-1, len(c)), c}, true
	case fn == ir.Sub:
		return affine{repeated(1, len(c)), mapped(c, func(f float64) float64 { return -f })}, true
	}
	return affine{}, false
}

// channelOperand returns the constant operand of node j whose other operand is v, one number per channel.
func (r *rewriter) channelOperand(j int, v ir.ValueID) (c []float64, constFirst, ok bool) {
	other := r.in(j, 1)
	if other == v {
		other, constFirst = r.in(j, 0), true
	}
	c, ok = perChannel(r.constant(other), r.Type(v).Shape)
	return c, constFirst, ok
}

// normalisation returns what BatchNorm j computes.
func (r *rewriter) normalisation(j int, op ir.BatchNorm) (affine, bool) {
	var p [4][]float32 // scale, bias, mean, variance
	for k := range p {
		t := r.constant(r.in(j, k+1))
		if t == nil {
			return affine{}, false
		}
		p[k] = t.F
	}
	n := len(p[0])
	a := affine{make([]float64, n), make([]float64, n)}
	for c := range n {
		a.scale[c] = float64(p[0][c]) / math.Sqrt(float64(p[3][c])+float64(op.Epsilon))
		a.shift[c] = float64(p[1][c]) - float64(p[2][c])*a.scale[c]
	}
	return a, true
}

// scaledLayer returns the inputs of layer i when a is folded into it.
func (r *rewriter) scaledLayer(i int, a affine) (in []ir.ValueID, ok bool) {
	weight, ok := scaleRows(r.constant(r.in(i, 1)), a.scale)
	if !ok {
		return nil, false
	}
	sum, biasName := a.shift, r.Value(r.out(i)).Name+".bias"
	if id := r.in(i, 2); id != ir.None {
		biasName = r.Value(id).Name
		for c, b := range r.constant(id).F {
			sum[c] += float64(b) * a.scale[c]
		}
	}
	bias, ok := allRounded(sum)
	if !ok {
		return nil, false
	}
	in = []ir.ValueID{r.in(i, 0), r.in(i, 1)}
	if weight != r.constant(in[1]) {
		in[1] = r.constantLike(in[1], weight)
	}
	if slices.Equal(sum, repeated(0, len(sum))) {
		return in, true
	}
	return append(in, r.value(biasName, ir.Floats(bias, len(bias)).Type())), true
}

// scaleRows multiplies what lies under each index of axis 0 by a factor of its own, if
// all products are finite.
func scaleRows(w *ir.Tensor, scale []float64) (*ir.Tensor, bool) {
	if slices.Equal(scale, repeated(1, len(scale))) {
		return w, true
	}
	product, row := make([]float32, len(w.F)), len(w.F)/len(scale)
	for k, f := range w.F {
		p, ok := rounded(float64(f) * scale[k/row])
		if !ok {
			return nil, false
		}
		product[k] = p
	}
	return ir.Floats(product, w.Shape...), true
}

func repeated(f float64, n int) []float64 { return slices.Repeat([]float64{f}, n) }

// mapped returns fn of every number.
func mapped(list []float64, fn func(float64) float64) []float64 {
	out := make([]float64, len(list))
	for i, f := range list {
		out[i] = fn(f)
	}
	return out
}
