package ann

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

// rightFactor is the matrix on the right of a product, which begins at an offset of a
// value or is constant and packed once.
type rightFactor struct {
	v          *value
	shape      []int
	transposed bool
	packed     *f32.Packed
}

func (n *node) rightFactor(v *value, shape []int, transposed bool) *rightFactor {
	f := &rightFactor{v: v, shape: shape, transposed: transposed}
	if v.constant != nil && v.n == product(shape) {
		f.packed = packedOnce(n.packs, packedMatrix{v.constant, shape[0], shape[1], transposed}, func() *f32.Packed {
			return f32.Pack(n.packs.set, f.matrix(v.constant.F))
		})
	}
	return f
}

func (f *rightFactor) matrix(elems []float32) f32.Matrix {
	if f.transposed {
		return matrix(elems, f.shape).T()
	}
	return matrix(elems, f.shape)
}

// mul sets c to the product of a and the matrix at offset at.
func (f *rightFactor) mul(m *memory, c, a f32.Matrix, at int) {
	if f.packed != nil {
		m.gemm.MulPacked(c, a, f.packed)
		return
	}
	m.gemm.Mul(c, a, f.matrix(f.v.floats(m)[at:]), false)
}

// matrix is the row-major matrix at the beginning of elems.
func matrix(elems []float32, shape []int) f32.Matrix {
	return f32.RowMajor(elems[:shape[0]*shape[1]], shape[1])
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
	startA := f32.Lattice(batch, scaled(rows*depth, broadcastStrides(batchA, batch)))
	startB := f32.Lattice(batch, scaled(depth*cols, broadcastStrides(batchB, batch)))
	factor := n.rightFactor(b, []int{depth, cols}, false)
	return func(m *memory) error {
		dst, x := out.floats(m), a.floats(m)
		for i, at := range startA {
			c := f32.RowMajor(dst[i*rows*cols:(i+1)*rows*cols], cols)
			factor.mul(m, c, f32.RowMajor(x[at:][:rows*depth], depth), int(startB[i]))
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
