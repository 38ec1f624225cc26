package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kinds of neurons, by what they remember.
const (
	stateless  = "fire8"      // one step: the current is the membrane
	membranes  = "integrate8" // membranes
	withTotals = "restim8"    // membranes and the totals of what was emitted
)

// fire8 is the code that lets rows of currents fire, 16n channels wide.
type fire8 struct {
	*program
	tile
	kind     string
	register func() reg.VecVirtual
	lanes    int // per register

	rho, zero, top, none reg.VecVirtual
	kept                 map[string][]reg.VecVirtual // constants of the channels, if registers suffice
	rows                 map[string]reg.GPVirtual    // the row's currents and state
	mult, pixel, res     reg.GPVirtual
}

func fire8Families(p *program, suffix string, lanes int, register func() reg.VecVirtual) {
	for _, kind := range []string{stateless, membranes, withTotals} {
		p.family(kind+suffix, "fire8Tile", []int{0, 1, 1, 1, 1}, func(t tile, _, n int) {
			f := fire8{program: p, tile: t, kind: kind, register: register, lanes: lanes}
			f.emit(n)
		})
	}
}

func fire8AVX512(p *program) { fire8Families(p, "AVX512", 16, p.ZMM) }
func fire8AVX2(p *program)   { fire8Families(p, "AVX2", 8, p.YMM) }

// state lists the arguments that every row has its own of.
func (f *fire8) state() []string {
	switch f.kind {
	case stateless:
		return []string{"sums"}
	case membranes:
		return []string{"sums", "v"}
	}
	return []string{"sums", "v", "n"}
}

func (f *fire8) emit(n int) {
	f.constants(n)
	f.rows = map[string]reg.GPVirtual{}
	for _, field := range f.state() {
		f.rows[field] = f.load(f.tile, field)
	}
	row := f.GP64()
	f.XORQ(row, row)
	f.Label("row")
	f.pixel = f.pixelOf("out", "outOff", row)
	f.res = f.pixelOf("res", "resOff", row)
	f.row(n)
	for _, field := range f.state() {
		stride := "stateStride"
		if field == "sums" {
			stride = "sumsStride"
		}
		f.ADDQ(f.field(stride), f.rows[field])
	}
	f.INCQ(row)
	f.CMPQ(row, f.field("rows"))
	f.JLT(operand.LabelRef("row"))
	f.VZEROUPPER()
	f.RET()
}

func (f *fire8) constants(n int) {
	f.zero, f.top, f.none = f.register(), f.register(), f.register()
	f.VPBROADCASTD(f.field("zero"), f.zero)
	f.VPBROADCASTD(f.field("top"), f.top)
	f.VXORPS(f.none, f.none, f.none)
	if f.kind != stateless {
		f.rho = f.register()
		f.VPBROADCASTD(f.field("rho"), f.rho)
	}
	f.mult = f.load(f.tile, "mult")
	f.kept = map[string][]reg.VecVirtual{}
	if f.lanes < 16 {
		return
	}
	for _, field := range f.channels() {
		from := f.load(f.tile, field)
		f.kept[field] = vector(n, f.register)
		for j, v := range f.kept[field] {
			f.VMOVUPS(at(from, 64*j), v)
		}
	}
}

// channels lists the constants that every channel has its own of.
func (f *fire8) channels() []string {
	if f.kind == stateless {
		return []string{"mul", "add"}
	}
	return []string{"mul", "add", "theta"}
}

// constant is a constant of vector j, as the last operand but for the destination.
func (f *fire8) channel(field string, j int) operand.Op {
	if kept := f.kept[field]; kept != nil {
		return kept[j]
	}
	return at(f.load(f.tile, field), 4*f.lanes*j)
}

// pixelOf returns the address of the row's pixel in a map.
func (f *fire8) pixelOf(base, offsets string, row reg.Register) reg.GPVirtual {
	p := f.load(f.tile, offsets)
	f.MOVQ(operand.Mem{Base: p, Index: row, Scale: 8}, p)
	f.ADDQ(f.field(base), p)
	return p
}

// row fires 16n channels: at once, or by as many as fill a register's bytes.
func (f *fire8) row(n int) {
	if f.lanes == 16 {
		v := f.levels(0, n, "alone")
		order, mask := f.order(), f.K()
		f.KMOVQ(f.field("mask"), mask)
		f.VMOVDQU8(f.pack512(v, order), mask, at(f.pixel, 0))
		return
	}
	for g := range n {
		v := f.levels(2*g, 2, "alone"+string(rune('0'+g)))
		f.VMOVDQU(f.pack256(v, f.register()), at(f.pixel, 16*g))
	}
}

// levels returns the levels of n vectors from the first one on.
func (f *fire8) levels(first, n int, label string) []reg.VecVirtual {
	v, tmp := vector(n, f.register), f.register()
	for j := range v {
		f.VMOVUPS(at(f.rows["sums"], 4*f.lanes*(first+j)), v[j])
	}
	f.CMPQ(f.field("res"), operand.Imm(0))
	f.JE(operand.LabelRef(label))
	for j := range v {
		f.VPMOVZXBD(at(f.res, f.lanes*(first+j)), tmp)
		f.VPMULLD(at(f.mult, 4*f.lanes*(first+j)), tmp, tmp)
		f.VPADDD(tmp, v[j], v[j])
	}
	f.Label(label)
	for j := range v {
		v[j] = f.step(v[j], first+j)
	}
	return v
}

// step returns the levels that currents give, and keeps the state of vector j.
func (f *fire8) step(v reg.VecVirtual, j int) reg.VecVirtual {
	level, disp := f.register(), 4*f.lanes*j
	if f.kind != stateless {
		f.VPMULLD(at(f.rows["v"], disp), f.rho, level)
		f.VPADDD(level, v, v)
	}
	f.VCVTDQ2PS(v, level)
	scale := f.register()
	f.VMOVUPS(f.channel("mul", j), scale)
	f.VFMADD213PS(f.channel("add", j), scale, level)
	f.VCVTTPS2DQ(level, level)
	f.VPMAXSD(f.none, level, level)
	f.VPMINSD(f.top, level, level)
	if f.kind == withTotals {
		f.total(level, disp)
	}
	if f.kind != stateless {
		taken := f.register()
		f.VPSUBD(f.zero, level, taken)
		f.VPMULLD(f.channel("theta", j), taken, taken)
		f.VPSUBD(taken, v, v)
		f.VMOVUPS(v, at(f.rows["v"], disp))
	}
	return level
}

// total keeps the running total from falling below zero, and updates it.
func (f *fire8) total(level reg.VecVirtual, disp int) {
	total, least := f.register(), f.register()
	f.VPMULLD(at(f.rows["n"], disp), f.rho, total)
	f.VPSUBD(total, f.zero, least)
	f.VPMAXSD(least, level, level)
	f.VPSUBD(least, level, total)
	f.VMOVUPS(total, at(f.rows["n"], disp))
}
