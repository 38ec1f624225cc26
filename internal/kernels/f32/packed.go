package f32

import (
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/geom"
)

// Packed is a matrix in the layout in which the kernels of a set read the right factor
// of a product. It is immutable.
type Packed struct {
	data       []float32 // blocks of gemmDepth rows, each panel after panel
	rows, cols int
	columns    int // cols, filled up to whole vectors
}

// Pack packs b for the kernels of set.
func Pack(set *cpu.Set, b Matrix) *Packed { return pack(kernelsOf(set), b) }

func pack(set *kernelSet, b Matrix) *Packed {
	p := &Packed{rows: b.Rows, cols: b.Cols, columns: set.padded(b.Cols)}
	p.data = make([]float32, b.Rows*p.columns)
	for k := 0; k < b.Rows; k += gemmDepth {
		depth := min(gemmDepth, b.Rows-k)
		panels := make([][]float32, geom.Pieces(b.Cols, set.panel))
		p.strip(set, panels, nil, k, depth, 0, b.Cols)
		packMatrix(set, panels, &b, k, depth, 0, b.Cols)
	}
	return p
}

// strip returns panels where they lie: those before the last are as wide as they can be.
func (p *Packed) strip(set *kernelSet, panels [][]float32, _ []float32, from, depth, j, n int) {
	for i := range panels {
		first := i * set.panel
		panels[i] = p.data[from*p.columns+(j+first)*depth:][:depth*set.padded(min(set.panel, n-first))]
	}
}

// MulPacked sets c to a*b, for a b that was packed for the same set. c.Col is 1.
func (g *Gemm) MulPacked(c, a Matrix, b *Packed) { g.mul(c, a, b, nil, false) }
