package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// maxPool writes the kernel that takes maxima of as many channels as a register has bytes.
func maxPool(p *program, w width) {
	t := p.function("maxPoolTile"+w.name, "maxPoolTile")
	in, out := p.load(t, "in"), p.load(t, "out")
	for _, base := range []reg.GPVirtual{in, out} {
		p.ADDQ(t.field("channel"), base)
	}
	inOff, outOff, taps := p.load(t, "inOff"), p.load(t, "outOff"), p.load(t, "taps")
	best := w.register(p)()
	pixel, tap, i, end, k := p.GP64(), p.GP64(), p.GP64(), p.load(t, "tapsEnd"), p.GP64()
	mask := p.K()
	if w.bytes == 64 {
		p.KMOVQ(t.field("mask"), mask)
	}
	p.XORQ(i, i)
	p.Label("pixel")
	p.MOVQ(operand.Mem{Base: inOff, Index: i, Scale: 8}, pixel)
	p.ADDQ(in, pixel)
	p.VXORPS(best, best, best)
	p.XORQ(k, k)
	p.Label("tap")
	p.MOVQ(indexed(taps, k), tap)
	p.VPMAXUB(indexed(pixel, tap), best, best)
	p.ADDQ(operand.Imm(8), k)
	p.CMPQ(k, end)
	p.JLT(operand.LabelRef("tap"))
	p.MOVQ(operand.Mem{Base: outOff, Index: i, Scale: 8}, pixel)
	if w.bytes == 64 {
		p.VMOVDQU8(best, mask, indexed(out, pixel))
	} else {
		p.VMOVDQU(best, indexed(out, pixel))
	}
	p.INCQ(i)
	p.CMPQ(i, t.field("pixels"))
	p.JLT(operand.LabelRef("pixel"))
	p.VZEROUPPER()
	p.RET()
}
