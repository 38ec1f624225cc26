package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// convf32 writes the micro-kernels of the float32 convolution: m pixels by n vectors of
// output channels. Every element is summed, from its bias on, in the order of the window
// by fused multiply-adds.
func convf32(p *program, w width) {
	p.family("convTile"+w.name, "convTile", w.pixels, func(t tile, m, n int) {
		register := w.register(p)
		p.overTiles(t, m, func() {
			acc := grid(m, n, register)
			px := p.windows(t, m)
			p.resumeSums(t, acc, w)
			b, a := vector(n, register), vector(2, register)
			var ahead reg.GPVirtual
			if n == len(w.pixels)-1 { // narrower panels have few weights, and no register is free
				ahead = p.nextLine(t)
			}
			p.overRuns(t, func(weights, k reg.Register) {
				for j := range b {
					p.VMOVUPS(at(weights, w.bytes*j), b[j])
				}
				for i := range px {
					p.VBROADCASTSS(indexed(px[i], k), a[i%2])
					for j := range b {
						p.VFMADD231PS(b[j], a[i%2], acc[i][j])
					}
				}
				if n == len(w.pixels)-1 {
					p.PREFETCHT1(indexed(weights, ahead))
				}
				p.ADDQ(operand.I32(w.bytes*n), weights)
			})
			p.storePixels(t, acc, w)
		})
	})
}

// resumeSums sets the accumulators to the bias or, if the tile resumes, to the sums in the
// output.
func (p *program) resumeSums(t tile, acc [][]reg.VecVirtual, w width) {
	p.CMPQ(t.field("resume"), operand.Imm(0))
	p.JNE(operand.LabelRef("resume"))
	p.startSums(t, acc)
	p.JMP(operand.LabelRef("started"))
	p.Label("resume")
	out := p.load(t, "out")
	p.ADDQ(t.field("outAt"), out)
	for _, row := range acc {
		for j, v := range row {
			p.VMOVUPS(at(out, w.bytes*j), v)
		}
		p.ADDQ(t.field("outStride"), out)
	}
	p.Label("started")
}

// storePixels stores the tile's sums, clipped to its limits. NaN is stored as it is: of two
// operands the instructions return the second where one is NaN.
func (p *program) storePixels(t tile, acc [][]reg.VecVirtual, w width) {
	masks := p.columnMasks(t, len(acc[0]), w)
	low, high := w.register(p)(), w.register(p)()
	p.VBROADCASTSS(t.field("low"), low)
	p.VBROADCASTSS(t.field("high"), high)
	out := p.load(t, "out")
	p.ADDQ(t.field("outAt"), out)
	for _, row := range acc {
		for j, v := range row {
			p.VMAXPS(v, low, v)
			p.VMINPS(v, high, v)
			if masks == nil {
				p.VMOVUPS(v, at(out, w.bytes*j))
			} else {
				p.VMOVUPS(v, masks[j], at(out, w.bytes*j))
			}
		}
		p.ADDQ(t.field("outStride"), out)
	}
	p.SUBQ(t.field("out"), out)
	p.MOVQ(out, t.field("outAt"))
}

// windowf32 writes the kernels that fold the windows of m pixels channel by channel, n
// vectors of channels at a time.
func windowf32(p *program, w width) {
	for _, kind := range []string{"depthwise", "max", "sum"} {
		p.family(kind+"Tile"+w.name, "convTile", []int{0, 4, 4}, func(t tile, m, n int) {
			p.overTiles(t, m, func() { p.foldWindows(t, kind, grid(m, n, w.register(p)), w) })
		})
	}
}

func (p *program) foldWindows(t tile, kind string, acc [][]reg.VecVirtual, w width) {
	px := p.windows(t, len(acc))
	gaps, tap, weights := p.load(t, "gaps"), p.GP64(), p.GP64()
	switch kind {
	case "depthwise":
		p.startSums(t, acc)
		p.MOVQ(t.field("weights"), weights)
	case "max":
		p.eachVector(acc, func(i, j int, v reg.VecVirtual) { p.VMOVUPS(at(px[i], w.bytes*j), v) })
	case "sum":
		p.eachVector(acc, func(_, _ int, v reg.VecVirtual) { p.VXORPS(v, v, v) })
	}
	left := p.load(t, "runs")
	factor, x := vector(len(acc[0]), w.register(p)), w.register(p)()
	p.Label("tap")
	p.MOVQ(at(gaps, 0), tap)
	if kind == "depthwise" {
		for j, v := range factor {
			p.VMOVUPS(at(weights, w.bytes*j), v)
		}
		p.ADDQ(t.field("step"), weights)
	}
	p.eachVector(acc, func(i, j int, v reg.VecVirtual) {
		from := operand.Mem{Base: px[i], Index: tap, Scale: 1, Disp: w.bytes * j}
		switch kind {
		case "depthwise":
			p.VFMADD231PS(from, factor[j], v)
		case "max":
			p.VMOVUPS(from, x)
			p.VMAXPS(v, x, v)
		case "sum":
			p.VADDPS(from, v, v)
		}
	})
	p.ADDQ(operand.Imm(8), gaps)
	p.DECQ(left)
	p.JNZ(operand.LabelRef("tap"))
	p.storePixels(t, acc, w)
}

func (p *program) eachVector(acc [][]reg.VecVirtual, f func(i, j int, v reg.VecVirtual)) {
	for i, row := range acc {
		for j, v := range row {
			f(i, j, v)
		}
	}
}

// eachf32 writes the kernels that add two rows of vectors, and that copy one row, both
// clipped to limits.
func eachf32(p *program, w width) {
	for _, name := range []string{"addTile", "clampTile"} {
		t := p.function(name+w.name, "eachTile")
		register := w.register(p)
		low, high := register(), register()
		p.VBROADCASTSS(t.field("low"), low)
		p.VBROADCASTSS(t.field("high"), high)
		dst, a, b := p.load(t, "dst"), p.load(t, "a"), p.load(t, "b")
		left, k := p.load(t, "vectors"), p.GP64()
		p.XORQ(k, k)
		v := register()
		p.Label("vector")
		p.VMOVUPS(indexed(a, k), v)
		if name == "addTile" {
			p.VADDPS(indexed(b, k), v, v)
		}
		p.VMAXPS(v, low, v)
		p.VMINPS(v, high, v)
		p.VMOVUPS(v, indexed(dst, k))
		p.ADDQ(operand.Imm(uint64(w.bytes)), k)
		p.DECQ(left)
		p.JNZ(operand.LabelRef("vector"))
		p.VZEROUPPER()
		p.RET()
	}
}
