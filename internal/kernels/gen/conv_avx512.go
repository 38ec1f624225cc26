package main

import (
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes is the permutation that restores the order of dwords after two rounds of 128-bit
// packs.
const lanes = "lanes"

// convTileAVX512 writes the micro-kernels of the u8 x s8 convolution: m pixels by n vectors
// of 16 output channels, as many as 32 registers hold.
func convTileAVX512(p *program) {
	p.StaticGlobal(lanes)
	p.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 16 {
		p.AddDatum(4*i, operand.U32(i%4*4+i/4))
	}
	p.family("convTileAVX512", "convTile", []int{0, 10, 10, 8, 6}, func(t tile, m, n int) {
		levels := p.openLevels(t, true)
		p.overTiles(t, m, func() {
			acc := grid(m, n, p.ZMM)
			px := p.windows(t, m)
			p.startSums(t, acc)
			p.sum512(t, px, acc)
			p.storeSums(t, acc, 64)
			p.fire512(t, acc, levels)
		})
	})
}

// overTiles writes the loop over tiles. body may jump to the label next.
func (p *program) overTiles(t tile, m int, body func()) {
	p.Label("tile")
	body()
	p.Label("next")
	p.ADDQ(operand.Imm(uint64(8*m)), t.field("pixelAt"))
	p.DECQ(t.field("tiles"))
	p.JNZ(operand.LabelRef("tile"))
	p.VZEROUPPER()
	p.RET()
}

// pixels returns a table's entries for the tile's pixels.
func (p *program) pixels(t tile, table string) reg.GPVirtual {
	r := p.load(t, table)
	p.ADDQ(t.field("pixelAt"), r)
	return r
}

// windows returns pointers to the windows of m pixels.
func (p *program) windows(t tile, m int) []reg.GPVirtual {
	offsets := p.pixels(t, "inOff")
	px := make([]reg.GPVirtual, m)
	for i := range px {
		px[i] = p.GP64()
		p.MOVQ(at(offsets, 8*i), px[i])
		p.ADDQ(t.field("in"), px[i])
	}
	return px
}

// startSums sets the accumulators to the bias.
func (p *program) startSums(t tile, acc [][]reg.VecVirtual) {
	bias := p.load(t, "bias")
	for j, first := range acc[0] {
		size := int(first.Size())
		p.VMOVUPS(at(bias, size*j), first)
		for _, row := range acc[1:] {
			p.VMOVAPS(first, row[j])
		}
	}
}

// overRuns writes the loop over the quads of all runs of the window. body multiplies one
// quad, at offset k from every pixel's window, and moves the pointer to the weights on.
func (p *program) overRuns(t tile, body func(weights, k reg.Register)) {
	weights := p.load(t, "weights")
	k, end := p.GP64(), p.GP64()
	p.XORQ(k, k)
	p.MOVQ(k, t.field("gap"))
	p.MOVQ(t.field("runs"), end)
	p.MOVQ(end, t.field("left"))
	p.MOVQ(t.field("run"), end)
	p.Label("quad")
	body(weights, k)
	p.ADDQ(operand.Imm(4), k)
	p.CMPQ(k, end)
	p.JLT(operand.LabelRef("quad"))
	p.MOVQ(t.field("gaps"), end)
	p.ADDQ(t.field("gap"), end)
	p.ADDQ(at(end, 0), k)
	p.ADDQ(operand.Imm(8), t.field("gap"))
	p.MOVQ(k, end)
	p.ADDQ(t.field("run"), end)
	p.DECQ(t.field("left"))
	p.JNZ(operand.LabelRef("quad"))
}

func (p *program) sum512(t tile, px []reg.GPVirtual, acc [][]reg.VecVirtual) {
	n := len(acc[0])
	w, level := vector(n, p.ZMM), vector(2, p.ZMM)
	var ahead reg.GPVirtual
	if n == 4 { // narrower layers have few weights, and no register is free
		ahead = p.nextLine(t)
	}
	p.overRuns(t, func(weights, k reg.Register) {
		for j := range w {
			p.VMOVDQU32(at(weights, 64*j), w[j])
		}
		for i := range px {
			// The memory operand of VPDPBUSD is the signed one.
			p.VPBROADCASTD(indexed(px[i], k), level[i%2])
			for j := range w {
				p.VPDPBUSD(w[j], level[i%2], acc[i][j])
			}
		}
		if n == 4 {
			p.PREFETCHT1(indexed(weights, ahead))
		}
		p.ADDQ(operand.I32(64*n), weights)
	})
}

// nextLine returns how far ahead to prefetch: another line of every four in each tile.
func (p *program) nextLine(t tile) reg.GPVirtual {
	r := p.load(t, "aheadNow")
	p.ADDQ(operand.Imm(64), r)
	p.ANDQ(operand.Imm(192), r)
	p.MOVQ(r, t.field("aheadNow"))
	p.ADDQ(t.field("ahead"), r)
	return r
}

// storeSums ends the tile by storing the sums, where they are asked for.
func (p *program) storeSums(t tile, acc [][]reg.VecVirtual, size int) {
	sums := p.load(t, "sums")
	p.TESTQ(sums, sums)
	p.JZ(operand.LabelRef("fire"))
	p.ADDQ(t.field("sumsAt"), sums)
	for _, row := range acc {
		for j, v := range row {
			p.VMOVUPS(v, at(sums, size*j))
		}
		p.ADDQ(t.field("sumsStride"), sums)
	}
	p.SUBQ(t.field("sums"), sums)
	p.MOVQ(sums, t.field("sumsAt"))
	p.JMP(operand.LabelRef("next"))
	p.Label("fire")
}

// addResidual adds level*mult of the residual map to the accumulators.
func (p *program) addResidual(t tile, acc [][]reg.VecVirtual, lanes int, tmp reg.VecVirtual) {
	res := p.load(t, "res")
	p.TESTQ(res, res)
	p.JZ(operand.LabelRef("alone"))
	offsets, mult, pixel := p.pixels(t, "resOff"), p.load(t, "mult"), p.GP64()
	for i, row := range acc {
		p.MOVQ(at(offsets, 8*i), pixel)
		p.ADDQ(res, pixel)
		for j, v := range row {
			p.VPMOVZXBD(at(pixel, lanes*j), tmp)
			p.VPMULLD(at(mult, 4*lanes*j), tmp, tmp)
			p.VPADDD(tmp, v, v)
		}
	}
	p.Label("alone")
}

// toLevels turns currents into levels that are not yet clipped: trunc(current*mul+add).
func (p *program) toLevels(t tile, acc [][]reg.VecVirtual, tmp reg.VecVirtual) {
	mul, add := p.load(t, "mul"), p.load(t, "add")
	size := int(tmp.Size())
	for j := range acc[0] {
		p.VMOVUPS(at(mul, size*j), tmp)
		for i := range acc {
			v := acc[i][j]
			p.VCVTDQ2PS(v, v)
			p.VFMADD213PS(at(add, size*j), tmp, v)
			p.VCVTTPS2DQ(v, v)
		}
	}
}

// levels512 holds the constants for storing levels.
type levels512 struct {
	top   reg.VecVirtual // largest bytes; may be nil
	order reg.Register   // of pack512
	mask  reg.Register   // of the channels that exist
}

// openLevels loads the constants.
func (p *program) openLevels(t tile, limited bool) levels512 {
	order := p.ZMM()
	p.VMOVDQU32(operand.NewDataAddr(operand.Symbol{Name: lanes, Static: true}, 0), order)
	l := levels512{order: order, mask: p.K()}
	if limited {
		l.top = p.ZMM()
		p.VPBROADCASTB(t.field("top"), l.top)
	}
	p.KMOVQ(t.field("mask"), l.mask)
	return l
}

// fire512 turns the accumulators into levels and stores 16n bytes per pixel.
func (p *program) fire512(t tile, acc [][]reg.VecVirtual, l levels512) {
	tmp := p.ZMM()
	p.addResidual(t, acc, 16, tmp)
	p.toLevels(t, acc, tmp)
	out, offsets := p.load(t, "out"), p.pixels(t, "outOff")
	for rows := range slices.Chunk(acc, 4/len(acc[0])) {
		p.store512(rows, out, offsets, l)
		p.ADDQ(operand.Imm(uint64(8*len(rows))), offsets)
	}
}

// store512 packs a few rows of levels to one register and stores each row.
func (p *program) store512(rows [][]reg.VecVirtual, out, offsets reg.Register, l levels512) {
	v := p.pack512(slices.Concat(rows...), l.order)
	if l.top != nil {
		p.VPMINUB(l.top, v, v)
	}
	pixel := p.GP64()
	for i := range rows {
		p.MOVQ(at(offsets, 8*i), pixel)
		p.VMOVDQU8(p.part(v, i, len(rows[0])), l.mask, indexed(out, pixel))
	}
}

// part returns the i-th 16n bytes of v: short stores are less often split by cache lines.
func (p *program) part(v reg.VecVirtual, i, n int) reg.Register {
	switch {
	case n > 2:
		return v
	case i == 0 && n == 2:
		return v.AsY()
	case i == 0:
		return v.AsX()
	case n == 2:
		half := p.YMM()
		p.VEXTRACTI64X4(operand.Imm(uint64(i)), v, half)
		return half
	}
	quarter := p.XMM()
	p.VEXTRACTI32X4(operand.Imm(uint64(i)), v, quarter)
	return quarter
}

// pack512 saturates up to four vectors of int32 to bytes, in order.
func (p *program) pack512(row []reg.VecVirtual, order reg.Register) reg.VecVirtual {
	last := func(j int) reg.VecVirtual { return row[min(j, len(row)-1)] }
	v := row[0]
	if len(row) > 2 {
		p.VPACKSSDW(last(3), row[2], row[2])
	}
	p.VPACKSSDW(last(1), v, v)
	p.VPACKUSWB(last(2), v, v)
	p.VPERMD(v, order, v)
	return v
}
