package kernels

// patchColumns packs the matrix whose column j is what window j sees.
type patchColumns struct {
	x          []float32
	start, tap []int32
}

func (c *patchColumns) panel(dst []float32, width, from, depth, j, n int) []float32 {
	for p := range depth {
		row := dst[p*width:][:width]
		x := c.x[c.tap[from+p]:]
		for i, at := range c.start[j : j+n] {
			row[i] = x[at]
		}
		clear(row[n:])
	}
	return dst
}

// MulPatches sets c to a*b, for the matrix b whose element (k, j) is x[tap[k]+start[j]]:
// a convolution over any number of axes, see Windows. Row i of c starts from bias[i], or 0
// where bias is nil. c.Col is 1.
func (g *GemmF32) MulPatches(c, a MatrixF32, x []float32, start, tap []int32, bias []float32) {
	g.patches = patchColumns{x, start, tap}
	g.mul(c, a, &g.patches, bias, false)
}
