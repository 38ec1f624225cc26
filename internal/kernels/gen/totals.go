package main

import "github.com/mmcloughlin/avo/operand"

// totals writes the kernels that add shifted bytes to bytes, and subtract them.
func totals(p *program, w width) {
	for _, name := range []string{"addTile", "subTile"} {
		t := p.function(name+w.name, "shiftedTile")
		register := w.register(p)
		dst, x, y, end, i := p.load(t, "dst"), p.load(t, "x"), p.load(t, "y"), p.load(t, "end"), p.GP64()
		keep, offset, a, b, shift := register(), register(), register(), register(), p.XMM()
		p.VPBROADCASTB(t.field("keep"), keep)
		p.VPBROADCASTB(t.field("offset"), offset)
		p.VMOVQ(t.field("shift"), shift)
		p.XORQ(i, i)
		p.Label("vector")
		p.VMOVUPS(indexed(x, i), a)
		p.VMOVUPS(indexed(y, i), b)
		p.VPSLLW(shift, b, b)
		if w.bytes == 64 {
			p.VPANDD(keep, b, b)
		} else {
			p.VPAND(keep, b, b)
		}
		if name == "addTile" {
			p.VPADDB(b, a, a)
		} else {
			p.VPSUBB(b, a, a)
		}
		p.VPADDB(offset, a, a)
		p.VMOVUPS(a, indexed(dst, i))
		p.ADDQ(operand.Imm(uint64(w.bytes)), i)
		p.CMPQ(i, end)
		p.JLT(operand.LabelRef("vector"))
		p.VZEROUPPER()
		p.RET()
	}
}
