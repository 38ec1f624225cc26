package passes

import (
	"slices"

	"ann2snn/ir"
)

// canonicalGemm makes every product of a matrix with a constant one a Gemm with Alpha =
// Beta = 1, a weight stored [out,in] and a bias, if any, of one element per column.
func canonicalGemm(g *ir.Graph) (int, error) {
	return rewrite(g, func(r *rewriter, i int) (bool, error) {
		switch op := r.Nodes[i].Op.(type) {
		case ir.MatMul:
			if len(r.Type(r.in(i, 0)).Shape) != 2 || len(r.Type(r.in(i, 1)).Shape) != 2 {
				return false, nil
			}
			return r.toGemm(i, ir.Gemm{Alpha: 1, Beta: 1})
		case ir.Gemm:
			if r.isCanonical(i, op) {
				return false, nil
			}
			return r.toGemm(i, op)
		}
		return false, nil
	})
}

// canonical is the only Gemm that is left where the weight is constant.
var canonical = ir.Gemm{Alpha: 1, Beta: 1, TransB: true}

func (r *rewriter) isCanonical(i int, op ir.Gemm) bool {
	bias := r.in(i, 2)
	columns := r.Type(r.out(i)).Shape[1:].Ints()
	return op == canonical && (bias == ir.None || slices.Equal(r.Type(bias).Shape.Ints(), columns))
}

// toGemm replaces node i, which computes op, by a canonical Gemm if its constants allow.
func (r *rewriter) toGemm(i int, op ir.Gemm) (bool, error) {
	w := r.constant(r.in(i, 1))
	if w == nil || w.Len() == 0 {
		return false, nil
	}
	bias, ok := r.columnBias(i, op.Beta)
	if !ok {
		return false, nil
	}
	weight, err := scaledWeight(w, op)
	if weight == nil || err != nil {
		return false, err
	}
	in := []ir.ValueID{r.in(i, 0), r.constantLike(r.in(i, 1), weight)}
	if op.TransA {
		in[0] = r.value(r.Value(in[0]).Name, r.permuted(in[0], []int{1, 0}))
		r.transpose(r.in(i, 0), in[0], []int{1, 0})
	}
	if bias != nil {
		in = append(in, r.constantLike(r.in(i, 2), ir.Floats(bias, len(bias))))
	}
	r.setOp(i, canonical, in...)
	return true, nil
}

// columnBias returns Beta*c of Gemm i as one element per column, nil where there is none.
// It fails where c is not constant or differs between rows.
func (r *rewriter) columnBias(i int, beta float32) (bias []float32, ok bool) {
	if r.in(i, 2) == ir.None || beta == 0 {
		return nil, true
	}
	c, ok := perChannel(r.constant(r.in(i, 2)), r.Type(r.out(i)).Shape)
	if !ok {
		return nil, false
	}
	for k := range c {
		c[k] *= float64(beta)
	}
	return allRounded(c)
}

// scaledWeight returns Alpha*w as [out,in], nil where that overflows.
func scaledWeight(w *ir.Tensor, op ir.Gemm) (*ir.Tensor, error) {
	if !op.TransB {
		t, err := transposed(w, 1, 0)
		if err != nil {
			return nil, err
		}
		w = t
	}
	w, _ = scaleRows(w, repeated(float64(op.Alpha), w.Shape[0]))
	return w, nil
}
