package ann

import (
	"ann2snn/internal/kernels"
	"ann2snn/ir"
)

// rightFactor is the matrix on the right of a product: row strides and column strides
// say where its elements are.
type rightFactor struct {
	depth, cols          int
	rowStride, colStride int
}

// panels returns the function that gives the factor, packed, from the elements of v
// beginning at at. A constant matrix is packed once.
func (f rightFactor) panels(n *node, v *value) func(m *memory, at int) []float32 {
	size := kernels.PanelsLen(f.depth, f.cols)
	pack := func(dst, b []float32) []float32 {
		kernels.PackPanels(dst, b, f.depth, f.cols, f.rowStride, f.colStride)
		return dst
	}
	if v.konst != nil && v.n == f.depth*f.cols {
		packed := pack(make([]float32, size), v.konst.F)
		return func(*memory, int) []float32 { return packed }
	}
	scratch := n.temporary(size)
	return func(m *memory, at int) []float32 { return pack(scratch.floats(m), v.floats(m)[at:]) }
}

func buildMatMul(_ ir.MatMul, n *node) (step, error) {
	a, b, out := n.in[0], n.in[1], n.out[0]
	left, right := a.shape, b.shape
	batch := out.shape
	if len(left) == 1 {
		left = []int{1, left[0]}
	} else {
		batch = batch[:len(batch)-1]
	}
	if len(right) == 1 {
		right = []int{right[0], 1}
	} else {
		batch = batch[:len(batch)-1]
	}
	batchA, rows, depth := splitMatrix(left)
	batchB, _, cols := splitMatrix(right)
	if product(batchB) == 1 { // the rows of all matrices on the left make one matrix
		rows *= product(batchA)
		batch, batchA, batchB = nil, nil, nil
	}
	startA := kernels.Lattice(batch, scaled(rows*depth, broadcastStrides(batchA, batch)))
	startB := kernels.Lattice(batch, scaled(depth*cols, broadcastStrides(batchB, batch)))
	panels := rightFactor{depth, cols, cols, 1}.panels(n, b)
	return func(m *memory) error {
		dst, x := out.floats(m), a.floats(m)
		clear(dst)
		for i, at := range startA {
			c := dst[i*rows*cols : (i+1)*rows*cols]
			kernels.Gemm(c, cols, x[at:], panels(m, int(startB[i])), rows, depth, cols)
		}
		return nil
	}, nil
}

// splitMatrix separates the last two axes.
func splitMatrix(shape []int) (batch []int, rows, cols int) {
	n := len(shape)
	return shape[:n-2], shape[n-2], shape[n-1]
}

func scaled(factor int, list []int) []int {
	s := make([]int, len(list))
	for i, v := range list {
		s[i] = factor * v
	}
	return s
}
