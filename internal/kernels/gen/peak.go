package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The peak kernels are t.loops rounds of independent multiply-adds on registers: what the
// processor can do at most. Benchmarks are given as shares of it.

func peakVNNI(p *program) {
	p.peak("peakTileAVX512", 24, p.ZMM, func(a, b, v reg.VecVirtual) { p.VPDPBUSD(b, a, v) })
}

func peakf32(p *program, w width) {
	p.peak("peakTile"+w.name, 12, w.register(p), func(a, b, v reg.VecVirtual) { p.VFMADD231PS(b, a, v) })
}

func (p *program) peak(name string, independent int, register func() reg.VecVirtual, step func(a, b, v reg.VecVirtual)) {
	t := p.function(name, "peakTile")
	acc, a, b := vector(independent, register), register(), register()
	for _, v := range append(acc, a, b) {
		p.VXORPS(v, v, v)
	}
	loops := p.load(t, "loops")
	p.Label("loop")
	for _, v := range acc {
		step(a, b, v)
	}
	p.DECQ(loops)
	p.JNZ(operand.LabelRef("loop"))
	p.VZEROUPPER()
	p.RET()
}
