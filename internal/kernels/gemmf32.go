package kernels

// MatrixF32 is a view of a matrix: element (i, j) is Data[i*Row+j*Col].
type MatrixF32 struct {
	Data       []float32
	Rows, Cols int
	Row, Col   int // distances from a row and a column to the next
}

// RowMajor returns the matrix of the given width whose rows follow each other in data.
func RowMajor(data []float32, cols int) MatrixF32 {
	return MatrixF32{Data: data, Rows: len(data) / max(1, cols), Cols: cols, Row: cols, Col: 1}
}

// T returns the transposed view.
func (m MatrixF32) T() MatrixF32 {
	return MatrixF32{Data: m.Data, Rows: m.Cols, Cols: m.Rows, Row: m.Col, Col: m.Row}
}

// gemmDepth is how many rows of the right factor are packed at a time. It is part of what
// a product is, see GemmF32.
const gemmDepth = 256

// columnsF32 is the right factor of a product. panel returns its elements (k, j..j+n) for
// k in [from, from+depth), row after row, each filled up with zeros to width; it may use
// dst for them.
type columnsF32 interface {
	panel(dst []float32, width, from, depth, j, n int) []float32
}

// GemmF32 multiplies float32 matrices. It holds working memory: a goroutine needs its own.
//
// Summation order: the inner dimension is cut into blocks of 256. An element is the sum
// of its blocks from first to last, and a block is summed in rising order, from 0 or, the
// first one of a convolution, from the bias. Sets of assembly use fused multiply-adds and
// give the same bits; the set in Go rounds products too. NaN and infinity propagate as IEEE 754 says.
type GemmF32 struct {
	set     *Set
	args    gemmArgs
	block   gemmBlock
	matrix  matrixColumns
	patches patchColumns
	packedA []float32
	packedB []float32
}

// NewGemmF32 returns a multiplier that runs the kernels of set.
func NewGemmF32(set *Set) *GemmF32 { return &GemmF32{set: set} }

// Mul sets c to a*b, or adds a*b to c. c.Col is 1.
func (g *GemmF32) Mul(c, a, b MatrixF32, add bool) {
	if a.Rows == 1 && b.Row == 1 { // a vector is cheaper to pack than a matrix
		c.Rows, c.Cols, c.Row = c.Cols, 1, 1
		a, b = b.T(), a.T()
	}
	g.matrix.b = b
	g.mul(c, a, &g.matrix, nil, add)
}

// mul computes a product whose rows start from start, which may be nil.
func (g *GemmF32) mul(c, a MatrixF32, b columnsF32, start []float32, add bool) {
	if a.Cols == 0 && !add {
		fillRows(c, start)
	}
	for k := 0; k < a.Cols; k += gemmDepth {
		depth := min(gemmDepth, a.Cols-k)
		g.block = gemmBlock{a: g.rowsOf(a, k, depth), cRow: c.Row, start: start, add: add || k > 0}
		for j := 0; j < c.Cols; j += g.set.panel {
			g.panel(c, b, k, j)
		}
		start = nil
	}
}

// panel adds one panel's part to c: the columns from j on, over a block of the inner
// dimension that begins at k.
func (g *GemmF32) panel(c MatrixF32, b columnsF32, k, j int) {
	block := &g.block
	depth := block.a.Cols
	block.cols = min(g.set.panel, c.Cols-j)
	block.width = g.set.padded(block.cols)
	g.packedB = grow(g.packedB, depth*block.width)
	block.b = b.panel(g.packedB, block.width, k, depth, j, block.cols)
	block.c = c.Data[j:]
	g.set.gemm(&g.args, block)
}

// padded rounds a number of columns up to whole vectors.
func (s *Set) padded(columns int) int {
	vector := min(16, s.panel)
	return (columns + vector - 1) / vector * vector
}

// fillRows sets all elements of row i to start[i], or to 0 where start is nil.
func fillRows(c MatrixF32, start []float32) {
	for i := range c.Rows {
		row := c.Data[i*c.Row:][:c.Cols]
		if start == nil {
			clear(row)
			continue
		}
		fill(row, start[i])
	}
}

// rowsOf returns columns [k, k+depth) of a with contiguous rows.
func (g *GemmF32) rowsOf(a MatrixF32, k, depth int) MatrixF32 {
	a.Data, a.Cols = a.Data[k*a.Col:], depth
	if a.Col == 1 {
		return a
	}
	g.packedA = grow(g.packedA, a.Rows*depth)
	for p := range depth { // the source is contiguous along this axis, if along any
		for i := range a.Rows {
			g.packedA[i*depth+p] = a.Data[i*a.Row+p*a.Col]
		}
	}
	return MatrixF32{Data: g.packedA, Rows: a.Rows, Cols: depth, Row: depth, Col: 1}
}

func grow[T any](buf []T, n int) []T {
	if cap(buf) < n {
		return make([]T, n)
	}
	return buf[:n]
}

// gemmBlock is a product of all rows of a with one packed panel.
type gemmBlock struct {
	a     MatrixF32 // contiguous rows
	b     []float32 // depth rows of width elements
	width int       // whole vectors
	cols  int       // how many of them exist
	c     []float32
	cRow  int
	start []float32 // what the sums of every row start from; nil: 0
	add   bool
}

// matrixColumns packs a matrix.
type matrixColumns struct{ b MatrixF32 }

func (m *matrixColumns) panel(dst []float32, width, from, depth, j, n int) []float32 {
	packMatrix(dst, &m.b, width, from, depth, j, n)
	return dst
}

func packMatrix(dst []float32, b *MatrixF32, width, from, depth, j, n int) {
	if b.Col == 1 {
		for p := range depth {
			row := dst[p*width:][:width]
			clear(row[copy(row, b.Data[(from+p)*b.Row+j:][:n]):])
		}
		return
	}
	clear(dst[:depth*width])
	for i := range n {
		column := b.Data[(j+i)*b.Col+from*b.Row:]
		for p := range depth {
			dst[p*width+i] = column[p*b.Row]
		}
	}
}

func fill(dst []float32, x float32) {
	for i := range dst {
		dst[i] = x
	}
}
