package f32

// plainPanel is the width of a panel of the set in Go.
const plainPanel = 8

// gemmPlain is the specification of the micro-kernels, but for fused rounding.
func gemmPlain(_ *gemmArgs, g *gemmBlock) {
	for i := range g.a.Rows {
		var sums [plainPanel]float32
		if g.start != nil {
			fill(sums[:], g.start[i])
		}
		mulRow(&sums, g.a.Data[i*g.a.Row:][:g.a.Cols], g.b)
		row := g.c[i*g.cRow:][:g.cols]
		if !g.add {
			copy(row, sums[:])
			continue
		}
		for j := range row {
			row[j] += sums[j]
		}
	}
}

// mulRow adds the product of the row vector a and a panel to c. Its eight sums live in
// registers; four rows of the panel at a time amortise the checks of the loop.
func mulRow(c *[plainPanel]float32, a, panel []float32) {
	lo, hi := loadQuad(c[:4]), loadQuad(c[4:])
	for len(a) >= 4 && len(panel) >= 4*plainPanel {
		x, y := (*[4]float32)(a), (*[4 * plainPanel]float32)(panel)
		lo, hi = lo.plus(x[0], (*[4]float32)(y[0:])), hi.plus(x[0], (*[4]float32)(y[4:]))
		lo, hi = lo.plus(x[1], (*[4]float32)(y[8:])), hi.plus(x[1], (*[4]float32)(y[12:]))
		lo, hi = lo.plus(x[2], (*[4]float32)(y[16:])), hi.plus(x[2], (*[4]float32)(y[20:]))
		lo, hi = lo.plus(x[3], (*[4]float32)(y[24:])), hi.plus(x[3], (*[4]float32)(y[28:]))
		a, panel = a[4:], panel[4*plainPanel:]
	}
	for i, x := range a {
		y := (*[plainPanel]float32)(panel[i*plainPanel:])
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

// plus returns q + x*y, products rounded: the same bits on every processor.
func (q quad) plus(x float32, y *[4]float32) quad {
	return quad{q.a + float32(x*y[0]), q.b + float32(x*y[1]), q.c + float32(x*y[2]), q.d + float32(x*y[3])}
}
