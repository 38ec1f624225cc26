package main

import "github.com/mmcloughlin/avo/operand"

// Predicates of VCMPPD that are false for NaN.
const (
	less        = 1
	lessEqual   = 2
	greaterOrEq = 13
)

const roundDown = 9 // of VRNDSCALEPD, without raising exceptions

// quantise writes the kernel that rounds real numbers to levels.
func quantise(p *program) {
	t := p.function("quantiseTileAVX512", "quantiseTile")
	src, dst, left := p.load(t, "src"), p.load(t, "dst"), p.load(t, "eights")
	inverse, shift, end, low, high, zero := p.ZMM(), p.ZMM(), p.ZMM(), p.ZMM(), p.ZMM(), p.ZMM()
	p.VBROADCASTSD(t.field("inverse"), inverse)
	p.VBROADCASTSD(t.field("shift"), shift)
	p.VBROADCASTSD(t.field("end"), end)
	p.VBROADCASTSD(t.field("low"), low)
	p.VBROADCASTSD(t.field("high"), high)
	p.VXORPD(zero, zero, zero)
	x, floor, sure, all := p.ZMM(), p.ZMM(), p.K(), p.GP32()
	p.Label("eight")
	p.VCVTPS2PD(at(src, 0), x)
	p.VMULPD(inverse, x, x)
	p.VADDPD(shift, x, x)
	p.VRNDSCALEPD(operand.Imm(roundDown), x, floor)
	p.VCMPPD(operand.Imm(greaterOrEq), zero, x, sure)
	p.VCMPPD(operand.Imm(less), end, x, sure, sure)
	p.VSUBPD(floor, x, x)
	p.VCMPPD(operand.Imm(greaterOrEq), low, x, sure, sure)
	p.VCMPPD(operand.Imm(lessEqual), high, x, sure, sure)
	p.KMOVB(sure, all)
	p.CMPL(all, operand.U32(0xff))
	p.JNE(operand.LabelRef("doubt"))
	p.VCVTTPD2DQ(floor, x.AsY())
	p.VPMOVDB(x.AsY(), at(dst, 0))
	p.ADDQ(operand.Imm(32), src)
	p.ADDQ(operand.Imm(8), dst)
	p.DECQ(left)
	p.JNZ(operand.LabelRef("eight"))
	p.Label("doubt")
	p.MOVQ(left, t.field("left"))
	p.VZEROUPPER()
	p.RET()
}
