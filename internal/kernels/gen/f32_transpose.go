package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transposef32 writes the kernel that transposes a matrix in blocks of eight rows and
// columns. It goes down the rows of src first, which is along the rows of dst.
func transposef32(p *program) {
	t := p.function("transposeTileAVX2", "transposeTile")
	from, to := p.load(t, "src"), p.load(t, "dst")
	fromStep, toStep := p.load(t, "fromStep"), p.load(t, "toStep")
	across, down := p.load(t, "across"), p.GP64()
	in, out := p.GP64(), p.GP64()
	p.Label("column")
	p.MOVQ(from, in)
	p.MOVQ(to, out)
	p.MOVQ(t.field("down"), down)
	p.Label("block")
	p.turn(in, out, fromStep, toStep)
	p.ADDQ(operand.Imm(32), out)
	p.DECQ(down)
	p.JNZ(operand.LabelRef("block"))
	p.ADDQ(operand.Imm(32), from)
	p.LEAQ(operand.Mem{Base: to, Index: toStep, Scale: 8}, to)
	p.DECQ(across)
	p.JNZ(operand.LabelRef("column"))
	p.VZEROUPPER()
	p.RET()
}

// turn transposes the block at in to out, and moves in behind the block.
func (p *program) turn(in, out, fromStep, toStep reg.GPVirtual) {
	rows := vector(8, p.YMM)
	for _, v := range rows {
		p.VMOVUPS(operand.Mem{Base: in}, v)
		p.ADDQ(fromStep, in)
	}
	pairs := make([]reg.VecVirtual, 8) // of rows 2i and 2i+1: columns 0, 1, 4, 5, then 2, 3, 6, 7
	for i := 0; i < 8; i += 2 {
		pairs[i], pairs[i+1] = p.YMM(), p.YMM()
		p.VUNPCKLPS(rows[i+1], rows[i], pairs[i])
		p.VUNPCKHPS(rows[i+1], rows[i], pairs[i+1])
	}
	fours := make([]reg.VecVirtual, 8) // of rows 0 to 3, then 4 to 7: columns i and i+4
	for i := range 8 {
		a, b := pairs[i/4*4+i%4/2], pairs[i/4*4+i%4/2+2]
		fours[i] = p.YMM()
		if i%2 == 0 {
			p.VUNPCKLPD(b, a, fours[i])
		} else {
			p.VUNPCKHPD(b, a, fours[i])
		}
	}
	at := p.GP64()
	p.MOVQ(out, at)
	whole := p.YMM()
	for _, halves := range []uint64{0x20, 0x31} {
		for i := range 4 {
			p.VPERM2F128(operand.Imm(halves), fours[i+4], fours[i], whole)
			p.VMOVUPS(whole, operand.Mem{Base: at})
			p.ADDQ(toStep, at)
		}
	}
}
