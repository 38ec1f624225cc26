package f32

// patchColumns packs the matrix whose column j is the window j.
type patchColumns struct {
	x          []float32
	start, tap []int32
}

func (c *patchColumns) strip(set *kernelSet, panels [][]float32, buf []float32, from, depth, j, n int) {
	for p := range panels {
		first := p * set.panel
		cols := min(set.panel, n-first)
		width := set.padded(cols)
		panels[p] = buf[first*depth:][:width*depth]
		for k := range depth {
			row := panels[p][k*width:][:width]
			x := c.x[c.tap[from+k]:]
			for i, at := range c.start[j+first : j+first+cols] {
				row[i] = x[at]
			}
			clear(row[cols:])
		}
	}
}

// MulPatches sets c to a*b, for the matrix b whose element (k, j) is x[tap[k]+start[j]]:
// a convolution over any number of axes, see Windows. Row i of c starts from bias[i], or 0
// where bias is nil. c.Col is 1.
func (g *Gemm) MulPatches(c, a Matrix, x []float32, start, tap []int32, bias []float32) {
	g.patches = patchColumns{x, start, tap}
	g.mul(c, a, &g.patches, bias, false)
}
