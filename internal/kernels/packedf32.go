package kernels

// PackedF32 is a matrix in the layout in which the kernels of a set read the right factor
// of a product. It is immutable.
type PackedF32 struct {
	data       []float32 // blocks of gemmDepth rows, each panel after panel
	rows, cols int
	columns    int // cols, filled up to whole vectors
}

// PackF32 packs b for the kernels of set.
func PackF32(set *Set, b MatrixF32) *PackedF32 {
	p := &PackedF32{rows: b.Rows, cols: b.Cols, columns: set.padded(b.Cols)}
	p.data = make([]float32, b.Rows*p.columns)
	for k := 0; k < b.Rows; k += gemmDepth {
		depth := min(gemmDepth, b.Rows-k)
		for j := 0; j < b.Cols; j += set.panel {
			cols := min(set.panel, b.Cols-j)
			width := set.padded(cols)
			packMatrix(p.panel(nil, width, k, depth, j, cols), &b, width, k, depth, j, cols)
		}
	}
	return p
}

// panel returns a panel where it lies: those before it are as wide as they can be.
func (p *PackedF32) panel(_ []float32, width, from, depth, j, _ int) []float32 {
	return p.data[from*p.columns+j*depth:][:depth*width]
}

// MulPacked sets c to a*b, for a b that was packed for the same set. c.Col is 1.
func (g *GemmF32) MulPacked(c, a MatrixF32, b *PackedF32) { g.mul(c, a, b, nil, false) }
