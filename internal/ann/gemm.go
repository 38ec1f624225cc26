package ann

import "ann2snn/ir"

// gemm is a matrix product with a scale and a bias.
type gemm struct {
	ir.Gemm
	a, bias, out *value
	right        *rightFactor
	biasAt       *broadcast
}

func buildGemm(op ir.Gemm, n *node) (step, error) {
	a, b, out := n.in[0], n.in[1], n.out[0]
	g := &gemm{Gemm: op, a: a, bias: n.input(2), out: out, right: n.rightFactor(b, b.shape, op.TransB)}
	if g.bias != nil {
		g.biasAt = newBroadcast(out.shape, g.bias)
	}
	return g.step, nil
}

func (g *gemm) step(m *memory) error {
	dst := g.out.floats(m)
	left := matrix(g.a.floats(m), g.a.shape)
	if g.TransA {
		left = left.T()
	}
	g.right.mul(m, matrix(dst, g.out.shape), left, 0)
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

func (g *gemm) addBias(dst, bias []float32) {
	length, stride := g.biasAt.length, g.biasAt.strides[0]
	for r, start := range g.biasAt.starts[0] {
		for i := range length {
			dst[r*length+i] += g.Beta * bias[int(start)+i*stride]
		}
	}
}
