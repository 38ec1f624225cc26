package kernels

// PanelWidth is the number of columns in one panel of the right factor of Gemm.
const PanelWidth = 8

// PanelsLen returns the length of a [k, n] matrix packed into panels.
func PanelsLen(k, n int) int { return (n + PanelWidth - 1) / PanelWidth * PanelWidth * k }

// PackPanels packs the matrix with element (p, j) at b[p*rowStride+j*colStride] for
// Gemm: panel after panel of PanelWidth columns, each row by row; the last panel is
// filled up with zeros. dst has length PanelsLen(k, n).
func PackPanels(dst, b []float32, k, n, rowStride, colStride int) {
	for j := 0; j < n; j += PanelWidth {
		panel := dst[j*k : (j+PanelWidth)*k]
		width := min(PanelWidth, n-j)
		for p := range k {
			row := panel[p*PanelWidth:][:PanelWidth]
			for i := range width {
				row[i] = b[p*rowStride+(j+i)*colStride]
			}
			clear(row[width:])
		}
	}
}

// Gemm computes C += A*B for A [m, k], row-major, and B [k, n], packed into panels;
// row i of C is c[i*ldc:][:n]. Every element of C is added to in rising order of k:
//
//	for p := range k { c[i*ldc+j] += a[i*k+p] * b[p*n+j] }
func Gemm(c []float32, ldc int, a, panels []float32, m, k, n int) {
	for j := 0; j < n; j += PanelWidth {
		panel := panels[j*k : (j+PanelWidth)*k]
		width := min(PanelWidth, n-j)
		for i := range m {
			row := c[i*ldc+j:][:width]
			if width == PanelWidth {
				mulRow((*[PanelWidth]float32)(row), a[i*k:(i+1)*k], panel)
				continue
			}
			var wide [PanelWidth]float32
			copy(wide[:], row)
			mulRow(&wide, a[i*k:(i+1)*k], panel)
			copy(row, wide[:])
		}
	}
}

// mulRow adds the product of the row vector a and a panel to c. Its eight sums live in
// registers; four rows of the panel at a time amortise the checks of the loop.
func mulRow(c *[PanelWidth]float32, a, panel []float32) {
	lo, hi := loadQuad(c[:4]), loadQuad(c[4:])
	for len(a) >= 4 && len(panel) >= 4*PanelWidth {
		x, y := (*[4]float32)(a), (*[4 * PanelWidth]float32)(panel)
		lo, hi = lo.plus(x[0], (*[4]float32)(y[0:])), hi.plus(x[0], (*[4]float32)(y[4:]))
		lo, hi = lo.plus(x[1], (*[4]float32)(y[8:])), hi.plus(x[1], (*[4]float32)(y[12:]))
		lo, hi = lo.plus(x[2], (*[4]float32)(y[16:])), hi.plus(x[2], (*[4]float32)(y[20:]))
		lo, hi = lo.plus(x[3], (*[4]float32)(y[24:])), hi.plus(x[3], (*[4]float32)(y[28:]))
		a, panel = a[4:], panel[4*PanelWidth:]
	}
	for i, x := range a {
		y := (*[PanelWidth]float32)(panel[i*PanelWidth:])
		lo, hi = lo.plus(x, (*[4]float32)(y[:4])), hi.plus(x, (*[4]float32)(y[4:]))
	}
	lo.store(c[:4])
	hi.store(c[4:])
}

// quad is four sums that the compiler keeps in registers.
type quad struct{ a, b, c, d float32 }

func loadQuad(s []float32) quad {
	p := (*[4]float32)(s)
	return quad{p[0], p[1], p[2], p[3]}
}

func (q quad) store(s []float32) { *(*[4]float32)(s) = [4]float32{q.a, q.b, q.c, q.d} }

// plus returns q + x*y.
func (q quad) plus(x float32, y *[4]float32) quad {
	return quad{q.a + x*y[0], q.b + x*y[1], q.c + x*y[2], q.d + x*y[3]}
}
