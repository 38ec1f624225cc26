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
		panels := make([][]float32, pieces(b.Cols, set.panel))
		p.strip(set, panels, nil, k, depth, 0, b.Cols)
		packMatrix(set, panels, &b, k, depth, 0, b.Cols)
	}
	return p
}

// strip returns panels where they lie: those before the last are as wide as they can be.
func (p *PackedF32) strip(set *Set, panels [][]float32, _ []float32, from, depth, j, n int) {
	for i := range panels {
		first := i * set.panel
		panels[i] = p.data[from*p.columns+(j+first)*depth:][:depth*set.padded(min(set.panel, n-first))]
	}
}

// MulPacked sets c to a*b, for a b that was packed for the same set. c.Col is 1.
func (g *GemmF32) MulPacked(c, a MatrixF32, b *PackedF32) { g.mul(c, a, b, nil, false) }
