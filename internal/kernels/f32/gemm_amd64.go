//go:build !purego

package f32

import "ann2snn/internal/kernels/geom"

// gemmArgs are the arguments of the micro-kernels. A Gemm keeps them, so that calls allocate
// nothing.
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

func gemmAVX512(args *gemmArgs, g *gemmBlock) {
	t := &args.tile
	t.prepare(g)
	kernels := gemmTileAVX512[g.width/16]
	for from, to := range geom.Split(g.a.Rows, len(kernels)) {
		t.aim(g, from)
		t.c = &g.c[from*g.cRow]
		kernels[to-from-1](t)
	}
}

// gemmAVX2 stores whole vectors. A panel that ends within a vector is computed in working
// memory, from where its columns are copied.
func gemmAVX2(args *gemmArgs, g *gemmBlock) {
	t := &args.tile
	t.prepare(g)
	kernels := gemmTileAVX2[2]
	if g.cols < g.width {
		t.cStride = int64(4 * g.width)
	}
	for from, to := range geom.Split(g.a.Rows, len(kernels)) {
		t.aim(g, from)
		if g.cols == g.width {
			t.c = &g.c[from*g.cRow]
			kernels[to-from-1](t)
			continue
		}
		t.c = &args.ragged[0]
		for i := range to - from {
			copy(args.ragged[i*g.width:], g.c[(from+i)*g.cRow:][:g.cols])
		}
		kernels[to-from-1](t)
		for i := range to - from {
			copy(g.c[(from+i)*g.cRow:][:g.cols], args.ragged[i*g.width:])
		}
	}
}
