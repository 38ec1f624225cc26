package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// mix writes the kernels that turn rows of sums, 16n lanes wide, into currents.
func mix(p *program, suffix string, lanes int, register func() reg.VecVirtual) {
	p.family("mixTile"+suffix, "mixTile", []int{0, 1, 1, 1, 1}, func(t tile, _, n int) {
		sums, plus, rows := p.load(t, "sums"), p.load(t, "plus"), p.load(t, "rows")
		mult, offset, plusMult := p.load(t, "mult"), p.load(t, "offset"), p.load(t, "plusMult")
		v, tmp := vector(16*n/lanes, register), register()
		p.Label("row")
		p.each(v, func(v reg.VecVirtual, disp int) { p.VMOVUPS(at(sums, disp), v) })
		p.unless(mult, "multiplied")
		p.each(v, func(v reg.VecVirtual, disp int) { p.VPMULLD(at(mult, disp), v, v) })
		p.Label("multiplied")
		p.unless(offset, "moved")
		p.each(v, func(v reg.VecVirtual, disp int) { p.VPADDD(at(offset, disp), v, v) })
		p.Label("moved")
		p.unless(plus, "mixed")
		p.unless(plusMult, "alike")
		p.each(v, func(v reg.VecVirtual, disp int) {
			p.VMOVUPS(at(plus, disp), tmp)
			p.VPMULLD(at(plusMult, disp), tmp, tmp)
			p.VPADDD(tmp, v, v)
		})
		p.JMP(operand.LabelRef("mixed"))
		p.Label("alike")
		p.each(v, func(v reg.VecVirtual, disp int) { p.VPADDD(at(plus, disp), v, v) })
		p.Label("mixed")
		p.each(v, func(v reg.VecVirtual, disp int) { p.VMOVUPS(v, at(sums, disp)) })
		p.ADDQ(t.field("sumsStride"), sums)
		p.ADDQ(t.field("plusStride"), plus)
		p.DECQ(rows)
		p.JNZ(operand.LabelRef("row"))
		p.VZEROUPPER()
		p.RET()
	})
}

// each calls emit for every register of a row, with its offset in bytes.
func (p *program) each(v []reg.VecVirtual, emit func(v reg.VecVirtual, disp int)) {
	for j, r := range v {
		emit(r, j*int(r.Size()))
	}
}

// unless jumps to a label where a pointer is nil.
func (p *program) unless(pointer reg.Register, label string) {
	p.TESTQ(pointer, pointer)
	p.JZ(operand.LabelRef(label))
}
