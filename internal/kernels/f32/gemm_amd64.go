//go:build !purego

package f32

import "ann2snn/internal/kernels/geom"

// gemmArgs are the arguments of the micro-kernels: kept, so that calls allocate nothing.
type gemmArgs struct {
	tile   gemmTile
	ragged [6 * 16]float32
}

func (t *gemmTile) prepare(g *gemmBlock) {
	*t = gemmTile{
		aStride: int64(4 * g.a.Row), b: &g.b[0], k: int64(4 * g.a.Cols),
		cStride: int64(4 * g.cRow), mask: 1<<g.cols - 1,
	}
	if g.add {
		t.add = 1
	}
	t.start = &zero
	if g.start != nil {
		t.next = 4
	}
}

var zero float32

// aim points t at rows from first on.
func (t *gemmTile) aim(g *gemmBlock, first int) {
	t.a = &g.a.Data[first*g.a.Row]
	if g.start != nil {
		t.start = &g.start[first]
	}
}

// eachTile spreads the rows evenly over tiles of at most most.
func (g *gemmBlock) eachTile(most int, f func(first, rows int)) {
	tiles := geom.Pieces(g.a.Rows, most)
	from := 0
	for i := range tiles {
		to := g.a.Rows * (i + 1) / tiles
		f(from, to-from)
		from = to
	}
}

func gemmAVX512(args *gemmArgs, g *gemmBlock) {
	t := &args.tile
	t.prepare(g)
	kernels := gemmTileAVX512[g.width/16]
	g.eachTile(len(kernels), func(first, rows int) {
		t.aim(g, first)
		t.c = &g.c[first*g.cRow]
		kernels[rows-1](t)
	})
}

// gemmAVX2 stores whole vectors; a panel that ends within one, aside first.
func gemmAVX2(args *gemmArgs, g *gemmBlock) {
	t := &args.tile
	t.prepare(g)
	kernels := gemmTileAVX2[2]
	g.eachTile(len(kernels), func(first, rows int) {
		t.aim(g, first)
		if g.cols == g.width {
			t.c = &g.c[first*g.cRow]
			kernels[rows-1](t)
			return
		}
		t.c, t.cStride = &args.ragged[0], int64(4*g.width)
		aside := args.ragged[:rows*g.width]
		for i := range rows {
			copy(aside[i*g.width:], g.c[(first+i)*g.cRow:][:g.cols])
		}
		kernels[rows-1](t)
		for i := range rows {
			copy(g.c[(first+i)*g.cRow:][:g.cols], aside[i*g.width:])
		}
	})
}
