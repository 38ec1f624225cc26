package f32

import (
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/geom"
)

// Matrix is a view of a matrix: element (i, j) is Data[i*Row+j*Col].
type Matrix struct {
	Data       []float32
	Rows, Cols int
	Row, Col   int // distances from a row and a column to the next
}

// RowMajor returns the matrix of the given width whose rows follow each other in data.
func RowMajor(data []float32, cols int) Matrix {
	return Matrix{Data: data, Rows: len(data) / max(1, cols), Cols: cols, Row: cols, Col: 1}
}

// T returns the transposed view.
func (m Matrix) T() Matrix {
	return Matrix{Data: m.Data, Rows: m.Cols, Cols: m.Rows, Row: m.Col, Col: m.Row}
}

// gemmDepth is how many rows of the right factor are packed at a time. The order of
// summation depends on it, see Gemm.
const gemmDepth = 256

// stripColumns columns of the right factor are packed at once: the rows of such a strip
// are long enough for the memory to deliver them fast. The strip stays in a second-level
// cache while stripRows rows of the left factor after the other are multiplied by it.
const (
	stripColumns = 128
	stripRows    = 96
)

// columns is the right factor of a product.
type columns interface {
	// strip sets panels to the elements (k, j..j+n) for k in [from, from+depth), the columns
	// being cut into panels of a set's width. A panel holds row after row, each filled up with
	// zeros to whole vectors. Panels may lie in buf.
	strip(set *kernelSet, panels [][]float32, buf []float32, from, depth, j, n int)
}

// Gemm multiplies float32 matrices. It holds working memory: a goroutine needs its own.
//
// Summation order: the inner dimension is cut into blocks of 256. An element is the sum
// of its blocks from first to last, and a block is summed in rising order, from 0 or, the
// first one of a convolution, from the bias. NaN and infinity propagate as IEEE 754 says.
type Gemm struct {
	set     *kernelSet
	args    gemmArgs
	block   gemmBlock
	matrix  matrixColumns
	patches patchColumns
	packedA []float32
	packedB []float32
	panels  [stripColumns / plainPanel][]float32 // of a strip
}

// NewGemm returns a multiplier that runs the kernels of set.
func NewGemm(set *cpu.Set) *Gemm { return &Gemm{set: kernelsOf(set)} }

// Mul sets c to a*b, or adds a*b to c. c.Col is 1.
func (g *Gemm) Mul(c, a, b Matrix, add bool) {
	if a.Rows == 1 && b.Row == 1 { // a vector is cheaper to pack than a matrix
		c.Rows, c.Cols, c.Row = c.Cols, 1, 1
		a, b = b.T(), a.T()
	}
	g.matrix.b = b
	g.mul(c, a, &g.matrix, nil, add)
}

// mul computes a product whose rows start from start, which may be nil.
func (g *Gemm) mul(c, a Matrix, b columns, start []float32, add bool) {
	if a.Cols == 0 && !add {
		fillRows(c, start)
	}
	for k := 0; k < a.Cols; k += gemmDepth {
		depth := min(gemmDepth, a.Cols-k)
		left := g.rowsOf(a, k, depth)
		for j := 0; j < c.Cols; j += stripColumns {
			g.strip(c, left, b, k, j, start, add || k > 0)
		}
		start = nil
	}
}

// strip adds one strip's part to c: the columns from j on, over a block of the inner
// dimension that begins at k.
func (g *Gemm) strip(c, left Matrix, b columns, k, j int, start []float32, add bool) {
	depth, n := left.Cols, min(stripColumns, c.Cols-j)
	g.packedB = grow(g.packedB, depth*g.set.padded(n))
	panels := g.panels[:geom.Pieces(n, g.set.panel)]
	b.strip(g.set, panels, g.packedB, k, depth, j, n)
	for i := 0; i < left.Rows; i += stripRows {
		rows := left
		rows.Data, rows.Rows = left.Data[i*left.Row:], min(stripRows, left.Rows-i)
		for p, panel := range panels {
			at := j + p*g.set.panel
			g.block = gemmBlock{a: rows, b: panel, width: len(panel) / depth, cols: min(g.set.panel, c.Cols-at), c: c.Data[i*c.Row+at:], cRow: c.Row, add: add}
			if start != nil {
				g.block.start = start[i:]
			}
			g.set.gemm(&g.args, &g.block)
		}
	}
}

// padded rounds a number of columns up to whole vectors.
func (s *kernelSet) padded(columns int) int {
	vector := min(16, s.panel)
	return (columns + vector - 1) / vector * vector
}

// fillRows sets all elements of row i to start[i], or to 0 where start is nil.
func fillRows(c Matrix, start []float32) {
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
func (g *Gemm) rowsOf(a Matrix, k, depth int) Matrix {
	a.Data, a.Cols = a.Data[k*a.Col:], depth
	if a.Col == 1 {
		return a
	}
	g.packedA = grow(g.packedA, a.Rows*depth)
	if a.Row == 1 {
		g.set.transpose(g.packedA, a.Data, depth, a.Rows, depth, a.Col)
	} else {
		for i := range g.packedA {
			g.packedA[i] = a.Data[i/depth*a.Row+i%depth*a.Col]
		}
	}
	return Matrix{Data: g.packedA, Rows: a.Rows, Cols: depth, Row: depth, Col: 1}
}

func grow[T any](buf []T, n int) []T {
	if cap(buf) < n {
		return make([]T, n)
	}
	return buf[:n]
}

// gemmBlock is a product of all rows of a with one packed panel.
type gemmBlock struct {
	a     Matrix    // contiguous rows
	b     []float32 // depth rows of width elements
	width int       // whole vectors
	cols  int       // how many of them exist
	c     []float32
	cRow  int
	start []float32 // what the sums of every row start from; nil: 0
	add   bool
}

// matrixColumns packs a matrix.
type matrixColumns struct{ b Matrix }

func (m *matrixColumns) strip(set *kernelSet, panels [][]float32, buf []float32, from, depth, j, n int) {
	for p := range panels {
		width := set.padded(min(set.panel, n-p*set.panel))
		panels[p] = buf[p*set.panel*depth:][:width*depth]
	}
	packMatrix(set, panels, &m.b, from, depth, j, n)
}

func packMatrix(set *kernelSet, panels [][]float32, b *Matrix, from, depth, j, n int) {
	if b.Col == 1 {
		for k := range depth {
			row := b.Data[(from+k)*b.Row+j:][:n]
			for _, panel := range panels {
				width, cols := len(panel)/depth, min(set.panel, len(row))
				packRow(panel[k*width:][:width], row[:cols])
				row = row[cols:]
			}
		}
		return
	}
	for p, panel := range panels {
		width := len(panel) / depth
		clear(panel)
		for i := range min(set.panel, n-p*set.panel) {
			column := b.Data[(j+p*set.panel+i)*b.Col+from*b.Row:]
			for k := range depth {
				panel[k*width+i] = column[k*b.Row]
			}
		}
	}
}

// packRow copies a row, which is too short for copy to be fast, and fills up with zeros.
func packRow(dst, row []float32) {
	for len(row) >= 16 {
		*(*[16]float32)(dst) = *(*[16]float32)(row)
		dst, row = dst[16:], row[16:]
	}
	if len(dst) > 0 {
		clear(dst[copy(dst, row):])
	}
}

func fill(dst []float32, x float32) {
	for i := range dst {
		dst[i] = x
	}
}
