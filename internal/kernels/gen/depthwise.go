package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The depthwise kernels compute one pixel of as many channels as a register has bytes.
// They take the taps of a window four by four: two rounds of interleaving turn four
// registers of bytes into four registers whose dwords hold the taps of a channel. Register
// q then has channels 16L+4q .. 16L+4q+3 in its 128-bit lane L.

// A multiplier writes code that adds the products of four taps to the sums.
type multiplier func(weights operand.Mem, taps, sum reg.VecVirtual)

func depthwiseTileAVX512(p *program) {
	p.family("depthwiseTileAVX512", "convTile", []int{0, 0, 0, 0, 1}, func(t tile, _, _ int) {
		levels := p.openLevels(t, true)
		p.overTiles(t, 1, func() {
			acc := p.sumTaps(t, p.ZMM, func(weights operand.Mem, taps, sum reg.VecVirtual) {
				p.VPDPBUSD(weights, taps, sum)
			})
			p.transpose512(acc)
			p.finish(t, acc, func(t tile, acc [][]reg.VecVirtual) { p.fire512(t, acc, levels) })
		})
	})
}

// depthwiseTileRowAVX512 writes the kernel for windows three pixels wide and at most four
// high that move pixel by pixel along a row. The taps of a column are one four, which
// serves three windows.
func depthwiseTileRowAVX512(p *program) {
	t := p.function("depthwiseTileRowAVX512", "convTile")
	weights, step := p.load(t, "weights"), p.load(t, "step")
	rows := p.newestColumn(t)
	for _, row := range rows {
		p.SUBQ(step, row)
		p.SUBQ(step, row)
	}
	columns := [][]reg.VecVirtual{p.column(rows, step), p.column(rows, step)}
	levels := p.openLevels(t, true)
	p.overTiles(t, 1, func() {
		columns := append(columns[:2:2], p.column(rows, step))
		acc := vector(4, p.ZMM)
		for q, v := range acc {
			p.VPXORD(v, v, v)
			for x, column := range columns {
				p.VPDPBUSD(at(weights, 256*x+64*q), column[q], v)
			}
		}
		for q := range 4 {
			p.VMOVDQA32(columns[1][q], columns[0][q])
			p.VMOVDQA32(columns[2][q], columns[1][q])
		}
		p.transpose512(acc)
		p.finish(t, acc, func(t tile, acc [][]reg.VecVirtual) { p.fire512(t, acc, levels) })
	})
}

// newestColumn returns where the last column of the first pixel's window starts in its
// four rows.
func (p *program) newestColumn(t tile) []reg.GPVirtual {
	pixel, offsets := p.windows(t, 1)[0], p.load(t, "gaps")
	rows := make([]reg.GPVirtual, 4)
	for i := range rows {
		rows[i] = p.GP64()
		p.MOVQ(at(offsets, 8*(8+i)), rows[i])
		p.ADDQ(pixel, rows[i])
	}
	return rows
}

// column loads a column, interleaves it and moves on to the next one.
func (p *program) column(rows []reg.GPVirtual, step reg.Register) []reg.VecVirtual {
	taps := vector(4, p.ZMM)
	for i, row := range rows {
		p.VMOVUPS(at(row, 0), taps[i])
		p.ADDQ(step, row)
	}
	p.interleave(taps, vector(4, p.ZMM))
	return taps
}

func depthwiseTileAVX2(p *program) {
	emit := func(multiply func() multiplier) func(tile, int, int) {
		return func(t tile, _, _ int) {
			m := multiply()
			p.overTiles(t, 1, func() {
				acc := p.sumTaps(t, p.YMM, m)
				p.transpose256(acc)
				p.finish(t, acc, p.fire256)
			})
		}
	}
	p.family("depthwiseTileAVX2", "convTile", []int{0, 0, 1}, emit(p.multiply7))
	p.family("depthwiseTileAVX2Wide", "convTile", []int{0, 0, 1}, emit(p.multiply8))
}

// multiply7 serves levels of at most 7 bits.
func (p *program) multiply7() multiplier {
	one, product := p.constant(ones), p.YMM()
	return func(weights operand.Mem, taps, sum reg.VecVirtual) {
		p.VPMADDUBSW(weights, taps, product)
		p.VPMADDWD(one, product, product)
		p.VPADDD(product, sum, sum)
	}
}

// multiply8 serves levels of 8 bits.
func (p *program) multiply8() multiplier {
	one, even, product := p.constant(ones), p.constant(evens), p.YMM()
	return func(weights operand.Mem, taps, sum reg.VecVirtual) {
		for _, half := range []func(a, b, c operand.Op){p.VPAND, p.VPANDN} {
			half(taps, even, product)
			p.VPMADDUBSW(weights, product, product)
			p.VPMADDWD(one, product, product)
			p.VPADDD(product, sum, sum)
		}
	}
}

// sumTaps sums over the window; the tile's runs are fours of taps.
func (p *program) sumTaps(t tile, register func() reg.VecVirtual, multiply multiplier) []reg.VecVirtual {
	acc, taps, halves := vector(4, register), vector(4, register), vector(4, register)
	for _, v := range acc {
		p.VXORPS(v, v, v)
	}
	pixel := p.windows(t, 1)[0]
	weights, offsets, left, tap := p.load(t, "weights"), p.load(t, "gaps"), p.load(t, "runs"), p.GP64()
	p.Label("taps")
	for i, v := range taps {
		p.MOVQ(at(offsets, 8*i), tap)
		p.VMOVUPS(indexed(pixel, tap), v)
	}
	p.interleave(taps, halves)
	for q, v := range acc {
		multiply(at(weights, 64*q), taps[q], v)
	}
	p.ADDQ(operand.I32(256), weights)
	p.ADDQ(operand.Imm(32), offsets)
	p.DECQ(left)
	p.JNZ(operand.LabelRef("taps"))
	return acc
}

// interleave turns four registers of bytes into dwords of four bytes.
func (p *program) interleave(taps, halves []reg.VecVirtual) {
	p.VPUNPCKLBW(taps[1], taps[0], halves[0])
	p.VPUNPCKHBW(taps[1], taps[0], halves[1])
	p.VPUNPCKLBW(taps[3], taps[2], halves[2])
	p.VPUNPCKHBW(taps[3], taps[2], halves[3])
	for i := range 2 {
		p.VPUNPCKLWD(halves[2+i], halves[i], taps[2*i])
		p.VPUNPCKHWD(halves[2+i], halves[i], taps[2*i+1])
	}
}

// transpose512 puts channels in order: lane L of register q moves to lane q of L.
func (p *program) transpose512(v []reg.VecVirtual) {
	t := vector(4, p.ZMM)
	for i := range 2 {
		p.VSHUFI32X4(operand.Imm(0x88), v[2*i+1], v[2*i], t[2*i])
		p.VSHUFI32X4(operand.Imm(0xdd), v[2*i+1], v[2*i], t[2*i+1])
	}
	for i := range 2 {
		p.VSHUFI32X4(operand.Imm(0x88), t[2+i], t[i], v[i])
		p.VSHUFI32X4(operand.Imm(0xdd), t[2+i], t[i], v[2+i])
	}
}

// transpose256 is transpose512 for registers of two lanes.
func (p *program) transpose256(v []reg.VecVirtual) {
	t := vector(4, p.YMM)
	for lane := range 2 {
		for pair := range 2 {
			p.VPERM2I128(operand.Imm(uint64(0x20+0x11*lane)), v[2*pair+1], v[2*pair], t[2*lane+pair])
		}
	}
	for i := range v {
		p.VMOVAPS(t[i], v[i])
	}
}

// finish adds the bias and stores or fires the pixel.
func (p *program) finish(t tile, acc []reg.VecVirtual, fire func(tile, [][]reg.VecVirtual)) {
	bias, size := p.load(t, "bias"), int(acc[0].Size())
	for j, v := range acc {
		p.VPADDD(at(bias, size*j), v, v)
	}
	p.storeSums(t, [][]reg.VecVirtual{acc}, size)
	fire(t, [][]reg.VecVirtual{acc})
}
