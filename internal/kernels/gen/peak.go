package main

import "github.com/mmcloughlin/avo/operand"

// peak writes loops of independent multiply-adds on registers, t.k of them divided by 4:
// what the processor can do at most. Benchmarks are given as shares of it.
func peak(p *program) {
	const independent = 24
	for _, kind := range []string{"peak8AVX512", "peakf32AVX512"} {
		t := p.function(kind, "gemmf32Tile")
		acc, a, b := vector(independent, p.ZMM), p.ZMM(), p.ZMM()
		for _, v := range append(acc, a, b) {
			p.VPXORD(v, v, v)
		}
		k := p.load(t, "k")
		p.Label("loop")
		for _, v := range acc {
			if kind == "peak8AVX512" {
				p.VPDPBUSD(b, a, v)
			} else {
				p.VFMADD231PS(b, a, v)
			}
		}
		p.SUBQ(operand.Imm(4), k)
		p.JNZ(operand.LabelRef("loop"))
		p.VZEROUPPER()
		p.RET()
	}
}
