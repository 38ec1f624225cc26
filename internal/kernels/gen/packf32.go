package main

import "github.com/mmcloughlin/avo/operand"

// packF32 writes the kernel that packs windows of stride 1. Masks stand for the borders:
// what they exclude is neither read nor written.
func packF32(p *program) {
	t := p.function("packF32AVX512", "packF32Tile")
	src, dst, width := p.load(t, "src"), p.load(t, "dst"), p.load(t, "width")
	offsets, inside := p.load(t, "offsets"), p.load(t, "inside")
	tap, taps, rows := p.load(t, "tap"), p.load(t, "taps"), p.load(t, "rows")
	from, read := p.GP64(), p.K()
	write := p.splitMask(t.field("mask"), 4)
	p.Label("row")
	p.KMOVQ(indexed(inside, tap), read)
	p.MOVQ(indexed(offsets, tap), from)
	p.ADDQ(src, from)
	for j := range 4 {
		v := p.ZMM()
		p.VMOVUPS_Z(at(from, 64*j), read, v)
		p.VMOVUPS(v, write[j], at(dst, 64*j))
		p.KSHIFTRQ(operand.Imm(16), read, read)
	}
	p.ADDQ(width, dst)
	p.ADDQ(operand.Imm(8), tap)
	p.CMPQ(tap, taps)
	p.JLT(operand.LabelRef("same"))
	p.XORQ(tap, tap)
	p.ADDQ(t.field("channel"), src)
	p.Label("same")
	p.DECQ(rows)
	p.JNZ(operand.LabelRef("row"))
	p.VZEROUPPER()
	p.RET()
}
