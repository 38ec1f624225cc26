package ann

import (
	"ann2snn/internal/kernels"
	"ann2snn/ir"
)

// gemm is a matrix product with a scale and a bias.
type gemm struct {
	ir.Gemm
	a, bias, out      *value
	rows, depth, cols int
	right             func(m *memory, at int) []float32
	transposed        *value // scratch for op(a), nil where that is a
	biasAt            *broadcast
}

func buildGemm(op ir.Gemm, n *node) (step, error) {
	a, b, out := n.in[0], n.in[1], n.out[0]
	g := &gemm{Gemm: op, a: a, bias: n.input(2), out: out, rows: out.shape[0], depth: a.shape[1], cols: out.shape[1]}
	if op.TransA {
		g.depth = a.shape[0]
		g.transposed = n.temporary(a.n)
	}
	f := rightFactor{g.depth, g.cols, g.cols, 1}
	if op.TransB {
		f.rowStride, f.colStride = 1, g.depth
	}
	g.right = f.panels(n, b)
	if g.bias != nil {
		g.biasAt = newBroadcast(out.shape, g.bias)
	}
	return g.step, nil
}

func (g *gemm) step(m *memory) error {
	dst := g.out.floats(m)
	clear(dst)
	kernels.Gemm(dst, g.cols, g.left(m), g.right(m, 0), g.rows, g.depth, g.cols)
	if g.Alpha != 1 {
		for i := range dst {
			dst[i] *= g.Alpha
		}
	}
	if g.bias != nil {
		g.addBias(dst, g.bias.floats(m))
	}
	return nil
}

// left returns op(a).
func (g *gemm) left(m *memory) []float32 {
	a := g.a.floats(m)
	if g.transposed == nil {
		return a
	}
	t := g.transposed.floats(m)
	for p := range g.depth {
		for i := range g.rows {
			t[i*g.depth+p] = a[p*g.rows+i]
		}
	}
	return t
}

func (g *gemm) addBias(dst, bias []float32) {
	length, stride := g.biasAt.length, g.biasAt.strides[0]
	for r, start := range g.biasAt.starts[0] {
		for i := range length {
			dst[r*length+i] += g.Beta * bias[int(start)+i*stride]
		}
	}
}
