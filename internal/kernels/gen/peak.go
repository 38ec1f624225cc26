package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The peak kernels are loops of independent multiply-adds on registers, t.k of them
// divided by 4: what the processor can do at most. Benchmarks are given as shares of it.

func peak8(p *program) {
	p.peak("peak8AVX512", 24, p.ZMM, func(a, b, v reg.VecVirtual) { p.VPDPBUSD(b, a, v) })
}

func peakf32(p *program, w width) {
	p.peak("peakf32"+w.name, 12, w.register(p), func(a, b, v reg.VecVirtual) { p.VFMADD231PS(b, a, v) })
}

func (p *program) peak(name string, independent int, register func() reg.VecVirtual, step func(a, b, v reg.VecVirtual)) {
	t := p.function(name, "gemmf32Tile")
	acc, a, b := vector(independent, register), register(), register()
	for _, v := range append(acc, a, b) {
		p.VXORPS(v, v, v)
	}
	k := p.load(t, "k")
	p.Label("loop")
	for _, v := range acc {
		step(a, b, v)
	}
	p.SUBQ(operand.Imm(4), k)
	p.JNZ(operand.LabelRef("loop"))
	p.VZEROUPPER()
	p.RET()
}
