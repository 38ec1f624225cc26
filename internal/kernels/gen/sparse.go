package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sparse is the code of a kernel that sums the products of listed groups of levels with
// the weights of 16n lanes, pixel by pixel.
type sparse struct {
	*program
	tile
	n        int
	register func() reg.VecVirtual
	signed   bool // a byte other than 0 stands for level 0

	acc, less  []reg.VecVirtual // less: the products of zero levels; VNNI only
	value      reg.VecVirtual
	none       reg.VecVirtual // zero levels
	one        reg.VecVirtual // AVX2 only
	tmp, other reg.VecVirtual
}

func sparseFamilies(p *program, suffix string, register func() reg.VecVirtual) {
	for _, signed := range []bool{false, true} {
		name := "sparseTile" + suffix
		if signed {
			name = "sparseTileSigned" + suffix
		}
		p.family(name, "sparseTile", []int{0, 1, 1, 1, 1}, func(t tile, _, n int) {
			s := sparse{program: p, tile: t, n: n, register: register, signed: signed}
			s.emit()
		})
	}
}

func (s *sparse) emit() {
	s.value, s.tmp = s.register(), s.register()
	vnni := s.value.Size() == 64
	s.acc = vector(s.n*64/int(s.value.Size()), s.register)
	if s.signed {
		s.none = s.register()
		s.VPBROADCASTB(s.field("zero"), s.none)
	}
	if vnni && s.signed {
		s.less = vector(s.n, s.register)
	}
	if !vnni {
		s.one, s.other = s.constant(ones), s.register()
	}
	places, values, sums := s.load(s.tile, "places"), s.load(s.tile, "values"), s.load(s.tile, "sums")
	pixel := s.GP64()
	s.XORQ(pixel, pixel)
	s.Label("pixel")
	start := s.load(s.tile, "start")
	s.each(s.acc, func(v reg.VecVirtual, disp int) { s.VMOVUPS(at(start, disp), v) })
	for _, v := range s.less {
		s.VPXORD(v, v, v)
	}
	run := s.GP64()
	s.XORQ(run, run)
	s.Label("run")
	i, end, weights := s.window(pixel, run)
	s.CMPQ(i, end)
	s.JGE(operand.LabelRef("listed"))
	s.Label("event")
	place := s.GP64()
	s.MOVL(operand.Mem{Base: places, Index: i, Scale: 4}, place.As32())
	s.VPBROADCASTD(operand.Mem{Base: values, Index: i, Scale: 4}, s.value)
	scale := uint8(s.n)
	if s.n == 3 {
		s.LEAQ(operand.Mem{Base: place, Index: place, Scale: 2}, place)
		scale = 1
	}
	for j := range s.acc {
		m := operand.Mem{Base: weights, Index: place, Scale: scale, Disp: j * int(s.value.Size())}
		if vnni {
			s.multiply512(m, j)
		} else {
			s.multiply256(m, j)
		}
	}
	s.INCQ(i)
	s.CMPQ(i, end)
	s.JLT(operand.LabelRef("event"))
	s.Label("listed")
	s.ADDQ(operand.Imm(8), run)
	s.CMPQ(run, s.field("runsEnd"))
	s.JLT(operand.LabelRef("run"))
	for j, v := range s.less {
		s.VPSUBD(v, s.acc[j], s.acc[j])
	}
	s.each(s.acc, func(v reg.VecVirtual, disp int) { s.VMOVUPS(v, at(sums, disp)) })
	s.ADDQ(s.field("sumsStride"), sums)
	s.INCQ(pixel)
	s.CMPQ(pixel, s.field("pixels"))
	s.JLT(operand.LabelRef("pixel"))
	s.VZEROUPPER()
	s.RET()
}

// window returns the first event of a run of a pixel's window, the end of its events, and
// where the weights of place 0 would be.
func (s *sparse) window(pixel, run reg.GPVirtual) (i, end, weights reg.GPVirtual) {
	slot, runs, before := s.load(s.tile, "slots"), s.load(s.tile, "runs"), s.load(s.tile, "before")
	s.MOVQ(operand.Mem{Base: slot, Index: pixel, Scale: 8}, slot)
	s.ADDQ(indexed(runs, run), slot)
	i, end = s.GP64(), s.GP64()
	s.LEAQ(operand.Mem{Base: before, Index: slot, Scale: 4}, before)
	s.MOVL(at(before, 0), i.As32())
	s.ADDQ(s.field("taps"), before)
	s.MOVL(at(before, 0), end.As32())
	s.IMULQ(s.field("slotStep"), slot)
	weights = s.GP64()
	s.MOVQ(run, weights)
	s.SHRQ(operand.Imm(3), weights)
	s.IMULQ(s.field("runStep"), weights)
	s.ADDQ(s.field("weights"), weights)
	s.SUBQ(slot, weights)
	return i, end, weights
}

func (s *sparse) multiply512(weights operand.Mem, j int) {
	if !s.signed {
		s.VPDPBUSD(weights, s.value, s.acc[j])
		return
	}
	s.VMOVDQU32(weights, s.tmp)
	s.VPDPBUSD(s.tmp, s.value, s.acc[j])
	s.VPDPBUSD(s.tmp, s.none, s.less[j])
}

// multiply256 serves levels of at most 7 bits.
func (s *sparse) multiply256(weights operand.Mem, j int) {
	s.VMOVDQU(weights, s.tmp)
	if s.signed {
		s.VPMADDUBSW(s.tmp, s.none, s.other)
		s.VPMADDWD(s.one, s.other, s.other)
		s.VPSUBD(s.other, s.acc[j], s.acc[j])
	}
	s.VPMADDUBSW(s.tmp, s.value, s.tmp)
	s.VPMADDWD(s.one, s.tmp, s.tmp)
	s.VPADDD(s.tmp, s.acc[j], s.acc[j])
}
