//go:build !purego

package kernels

// gemmArgs are the arguments of the micro-kernels: kept, so that calls allocate nothing.
type gemmArgs struct {
	tile   gemmf32Tile
	ragged [6 * 16]float32
}

func (t *gemmf32Tile) prepare(g *gemmBlock) {
	*t = gemmf32Tile{
		aStride: int64(4 * g.a.Row), b: &g.b[0], k: int64(4 * g.a.Cols),
		cStride: int64(4 * g.cRow), mask: 1<<g.cols - 1,
	}
	if g.add {
		t.add = 1
	}
	t.start = &zeroF32
	if g.start != nil {
		t.next = 4
	}
}

var zeroF32 float32

// aim points t at rows from first on.
func (t *gemmf32Tile) aim(g *gemmBlock, first int) {
	t.a = &g.a.Data[first*g.a.Row]
	if g.start != nil {
		t.start = &g.start[first]
	}
}

// eachTile spreads the rows evenly over tiles of at most most.
func (g *gemmBlock) eachTile(most int, f func(first, rows int)) {
	tiles := pieces(g.a.Rows, most)
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
	kernels := gemmf32AVX512[g.width/16]
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
	kernels := gemmf32AVX2[2]
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

func packAVX512(w *windowColumns, dst []float32, n, width, from, depth int) {
	taps, channel := len(w.offsets), w.conv.in.H*w.conv.in.W
	w.args.tile = packF32Tile{
		src: &w.src[from/taps*channel], channel: int64(4 * channel),
		offsets: &w.offsets[0], inside: &w.inside[0], tap: int64(8 * (from % taps)), taps: int64(8 * taps),
		dst: &dst[0], width: int64(4 * width), rows: int64(depth), mask: lowBits(n),
	}
	packF32AVX512(&w.args.tile)
}

// packArgs are the arguments of packF32AVX512.
type packArgs struct{ tile packF32Tile }
