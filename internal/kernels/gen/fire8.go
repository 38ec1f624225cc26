package main

import (
	"fmt"

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
	narrow   bool // thresholds have at most 15 bits, and rho is a power of two
	register func() reg.VecVirtual
	lanes    int // per register
	n        int

	rho, zero, top, none reg.VecVirtual
	packed               levels512
	kept                 map[string][]reg.VecVirtual // constants of the channels, if registers suffice
	at                   map[string]reg.GPVirtual    // currents, state and offsets of the row
	stride               [4]reg.GPVirtual            // of the state: 1 and 3 times
	mult, out, res       reg.GPVirtual
}

func fire8Families(p *program, suffix string, lanes int, register func() reg.VecVirtual) {
	for _, kind := range []string{stateless, membranes, withTotals} {
		for _, narrow := range []bool{false, true} {
			name := kind + suffix
			if narrow {
				name = kind + "Narrow" + suffix
			}
			if narrow && kind == stateless {
				continue
			}
			p.family(name, "fire8Tile", []int{0, 1, 1, 1, 1}, func(t tile, _, n int) {
				f := fire8{program: p, tile: t, kind: kind, narrow: narrow, register: register, lanes: lanes, n: n}
				f.emit()
			})
		}
	}
}

func fire8AVX512(p *program) { fire8Families(p, "AVX512", 16, p.ZMM) }
func fire8AVX2(p *program)   { fire8Families(p, "AVX2", 8, p.YMM) }

// state lists what the neurons remember.
func (f *fire8) state() []string {
	switch f.kind {
	case stateless:
		return nil
	case membranes:
		return []string{"v"}
	}
	return []string{"v", "n"}
}

// together is how many rows fill the 64 bytes of a register with levels.
func (f *fire8) together() int {
	if f.lanes < 16 {
		return 1
	}
	return 4 / f.n
}

func (f *fire8) emit() {
	f.constants()
	f.at = map[string]reg.GPVirtual{}
	for _, field := range append([]string{"sums", "outOff", "resOff"}, f.state()...) {
		f.at[field] = f.load(f.tile, field)
	}
	f.mult, f.out, f.res = f.load(f.tile, "mult"), f.load(f.tile, "out"), f.load(f.tile, "res")
	left := f.load(f.tile, "rows")
	if f.kind != stateless {
		f.stride[1], f.stride[3] = f.load(f.tile, "stateStride"), f.GP64()
		f.LEAQ(operand.Mem{Base: f.stride[1], Index: f.stride[1], Scale: 2}, f.stride[3])
	}
	if m := f.together(); m > 1 {
		f.SUBQ(operand.Imm(uint64(m)), left)
		f.JLT(operand.LabelRef("rest"))
		f.Label("rows")
		f.rows(m)
		f.SUBQ(operand.Imm(uint64(m)), left)
		f.JGE(operand.LabelRef("rows"))
		f.Label("rest")
		f.ADDQ(operand.Imm(uint64(m)), left)
		f.JZ(operand.LabelRef("done"))
	}
	f.Label("row")
	f.rows(1)
	f.DECQ(left)
	f.JNZ(operand.LabelRef("row"))
	f.Label("done")
	f.VZEROUPPER()
	f.RET()
}

func (f *fire8) constants() {
	f.zero, f.top, f.none = f.register(), f.register(), f.register()
	f.VPBROADCASTD(f.field("zero"), f.zero)
	f.VPBROADCASTD(f.field("top"), f.top)
	f.VXORPS(f.none, f.none, f.none)
	if f.kind != stateless {
		f.rho = f.register()
		if f.narrow {
			f.VPBROADCASTD(f.field("shift"), f.rho)
		} else {
			f.VPBROADCASTD(f.field("rho"), f.rho)
		}
	}
	f.kept = map[string][]reg.VecVirtual{}
	if f.lanes < 16 {
		return
	}
	f.packed = f.openLevels(f.tile, false)
	fields := []string{"mul", "add"}
	if f.kind != stateless {
		fields = append(fields, "theta")
	}
	for _, field := range fields {
		from := f.load(f.tile, field)
		f.kept[field] = vector(f.n, f.register)
		for j, v := range f.kept[field] {
			f.VMOVUPS(at(from, 64*j), v)
		}
	}
}

// channel is a constant of vector j, as an operand that may be memory.
func (f *fire8) channel(field string, j int) operand.Op {
	if kept := f.kept[field]; kept != nil {
		return kept[j]
	}
	return at(f.load(f.tile, field), 4*f.lanes*j)
}

// channelRegister is a constant of vector j in a register.
func (f *fire8) channelRegister(field string, j int) reg.VecVirtual {
	if kept := f.kept[field]; kept != nil {
		return kept[j]
	}
	v := f.register()
	f.VMOVUPS(f.channel(field, j), v)
	return v
}

// remembered is where row i keeps vector j of a field of the state.
func (f *fire8) remembered(field string, i, j int) operand.Mem {
	m := at(f.at[field], 4*f.lanes*j)
	switch i {
	case 1, 3:
		m.Index, m.Scale = f.stride[i], 1
	case 2:
		m.Index, m.Scale = f.stride[1], 2
	}
	return m
}

// rows fires m rows and moves on to the next ones.
func (f *fire8) rows(m int) {
	step := f.n
	if f.lanes < 16 {
		step = 2
	}
	for first := 0; first < f.n*16/f.lanes; first += step {
		v := f.levels(m, first, step, fmt.Sprintf("Of%dFrom%d", m, first))
		if f.lanes == 16 {
			f.store512(v, f.out, f.at["outOff"], f.packed)
		} else {
			f.store256(v[0], first)
		}
	}
	f.ADDQ(operand.I32(64*f.n*m), f.at["sums"])
	f.ADDQ(operand.Imm(uint64(8*m)), f.at["outOff"])
	f.ADDQ(operand.Imm(uint64(8*m)), f.at["resOff"])
	for _, field := range f.state() {
		f.LEAQ(operand.Mem{Base: f.at[field], Index: f.stride[1], Scale: uint8(m)}, f.at[field])
	}
}

// store256 stores the levels of two vectors.
func (f *fire8) store256(v []reg.VecVirtual, first int) {
	pixel := f.GP64()
	f.MOVQ(at(f.at["outOff"], 0), pixel)
	f.ADDQ(f.out, pixel)
	f.VMOVDQU(f.pack256(v, f.register()), at(pixel, 8*first))
}

// levels returns the levels of n vectors from the first one on in m rows.
func (f *fire8) levels(m, first, n int, label string) [][]reg.VecVirtual {
	v, level := grid(m, n, f.register), grid(m, n, f.register)
	f.cells(v, func(v reg.VecVirtual, i, j int) {
		f.VMOVUPS(at(f.at["sums"], 64*f.n*i+4*f.lanes*(first+j)), v)
	})
	f.residual(v, first, label)
	f.integrate(v, first, label)
	f.cells(v, func(v reg.VecVirtual, i, j int) {
		k := level[i][j]
		f.VCVTDQ2PS(v, k)
		f.VFMADD213PS(f.channel("add", first+j), f.channelRegister("mul", first+j), k)
		f.VCVTTPS2DQ(k, k)
		f.VPMAXSD(f.none, k, k)
		f.VPMINSD(f.top, k, k)
		if f.kind == withTotals {
			f.total(k, i, first+j)
		}
	})
	f.reset(v, level, first)
	return level
}

// cells calls emit for every vector of the rows.
func (f *fire8) cells(v [][]reg.VecVirtual, emit func(v reg.VecVirtual, i, j int)) {
	for i, row := range v {
		for j, r := range row {
			emit(r, i, j)
		}
	}
}

// residual adds the levels of the residual map to the currents.
func (f *fire8) residual(v [][]reg.VecVirtual, first int, label string) {
	f.unless(f.res, "alone"+label)
	pixel, tmp := f.GP64(), f.register()
	for i, row := range v {
		f.MOVQ(at(f.at["resOff"], 8*i), pixel)
		f.ADDQ(f.res, pixel)
		for j, v := range row {
			f.VPMOVZXBD(at(pixel, f.lanes*(first+j)), tmp)
			f.VPMULLD(at(f.mult, 4*f.lanes*(first+j)), tmp, tmp)
			f.VPADDD(tmp, v, v)
		}
	}
	f.Label("alone" + label)
}

// integrate adds rho times the membranes to the currents.
func (f *fire8) integrate(v [][]reg.VecVirtual, first int, label string) {
	if f.kind == stateless {
		return
	}
	tmp := f.register()
	if !f.narrow {
		f.cells(v, func(v reg.VecVirtual, i, j int) {
			f.VPMULLD(f.remembered("v", i, first+j), f.rho, tmp)
			f.VPADDD(tmp, v, v)
		})
		return
	}
	f.CMPQ(f.field("shift"), operand.Imm(0))
	f.JE(operand.LabelRef("unit" + label))
	f.cells(v, func(v reg.VecVirtual, i, j int) {
		f.VMOVUPS(f.remembered("v", i, first+j), tmp)
		f.VPSLLVD(f.rho, tmp, tmp)
		f.VPADDD(tmp, v, v)
	})
	f.JMP(operand.LabelRef("integrated" + label))
	f.Label("unit" + label)
	f.cells(v, func(v reg.VecVirtual, i, j int) { f.VPADDD(f.remembered("v", i, first+j), v, v) })
	f.Label("integrated" + label)
}

// total keeps the running total from falling below zero, and updates it.
func (f *fire8) total(level reg.VecVirtual, i, j int) {
	total, least, place := f.register(), f.register(), f.remembered("n", i, j)
	if f.narrow {
		f.VMOVUPS(place, total)
		f.VPSLLVD(f.rho, total, total)
	} else {
		f.VPMULLD(place, f.rho, total)
	}
	f.VPSUBD(total, f.zero, least)
	f.VPMAXSD(least, level, level)
	f.VPSUBD(least, level, total)
	f.VMOVUPS(total, place)
}

// reset takes what was emitted from the membranes and stores them.
func (f *fire8) reset(v, level [][]reg.VecVirtual, first int) {
	if f.kind == stateless {
		return
	}
	emitted := f.register()
	f.cells(v, func(v reg.VecVirtual, i, j int) {
		f.VPSUBD(level[i][j], f.zero, emitted) // its negative
		switch {
		case !f.narrow:
			f.VPMULLD(f.channel("theta", first+j), emitted, emitted)
			f.VPADDD(emitted, v, v)
		case f.lanes == 16: // int16 by int16, the upper halves of theta are 0
			f.VPDPWSSD(f.channel("theta", first+j), emitted, v)
		default:
			f.VPMADDWD(f.channel("theta", first+j), emitted, emitted)
			f.VPADDD(emitted, v, v)
		}
		f.VMOVUPS(v, f.remembered("v", i, first+j))
	})
}
