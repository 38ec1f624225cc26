package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kinds of neurons, by their state.
const (
	stateless  = "fireTile"      // none: in a single step the current is the membrane potential
	membranes  = "integrateTile" // membrane potentials
	withTotals = "restimTile"    // membrane potentials and the totals of emitted levels
	withCaps   = "cappedTile"    // the same, with limits to the totals
)

// fire is the code of a kernel that turns rows of currents into levels, 16n channels wide.
// Membrane potentials stay in registers through all steps, and so do the least levels that
// totals allow: zero-total.
type fire struct {
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
	constant             map[string]reg.GPVirtual    // their addresses, if not
	sumsStride           [4]reg.GPVirtual            // 1 and 3 times
}

func fireFamilies(p *program, suffix string, lanes int, register func() reg.VecVirtual) {
	for _, kind := range []string{stateless, membranes, withTotals, withCaps} {
		for _, narrow := range []bool{false, true} {
			name := kind + suffix
			if narrow {
				name = kind + "Narrow" + suffix
			}
			if narrow && kind == stateless {
				continue
			}
			p.family(name, "fireTile", []int{0, 1, 1, 1, 1}, func(t tile, _, n int) {
				f := fire{program: p, tile: t, kind: kind, narrow: narrow, register: register, lanes: lanes, n: n}
				f.emit()
			})
		}
	}
}

func fireTileAVX512(p *program) { fireFamilies(p, "AVX512", 16, p.ZMM) }
func fireTileAVX2(p *program)   { fireFamilies(p, "AVX2", 8, p.YMM) }

// hasTotals reports whether neurons have totals of emitted levels.
func (f *fire) hasTotals() bool { return f.kind == withTotals || f.kind == withCaps }

// counts reports whether the kernels count cut levels, which takes registers.
func (f *fire) counts() bool { return f.kind != stateless && !f.narrow }

// together is how many rows are computed together: with registers of 64 bytes as many as
// fill one with levels, and with registers of 32 bytes as many rows of half the length.
func (f *fire) together() int {
	switch {
	case f.lanes == 16:
		return 4 / f.n
	case f.n == 1 && !f.counts():
		return 2
	}
	return 1
}

// atOnce is how many vectors of a row are computed together.
func (f *fire) atOnce() int {
	switch {
	case f.lanes == 16:
		return f.n
	case f.counts():
		return 2
	}
	return 4
}

func (f *fire) emit() {
	f.constants()
	f.sumsStride = f.multiples("sumsStride")
	if m := f.together(); m > 1 {
		f.SUBQ(operand.Imm(uint64(m)), f.field("rows"))
		f.JLT(operand.LabelRef("rest"))
		f.Label("rows")
		f.rows(m)
		f.SUBQ(operand.Imm(uint64(m)), f.field("rows"))
		f.JGE(operand.LabelRef("rows"))
		f.Label("rest")
		f.ADDQ(operand.Imm(uint64(m)), f.field("rows"))
		f.JZ(operand.LabelRef("done"))
	}
	f.Label("row")
	f.rows(1)
	f.DECQ(f.field("rows"))
	f.JNZ(operand.LabelRef("row"))
	f.Label("done")
	f.VZEROUPPER()
	f.RET()
}

// multiples returns 1 and 3 times a field, where rows go together.
func (f *fire) multiples(field string) (times [4]reg.GPVirtual) {
	if f.together() == 1 {
		return times
	}
	times[1], times[3] = f.load(f.tile, field), f.GP64()
	f.LEAQ(operand.Mem{Base: times[1], Index: times[1], Scale: 2}, times[3])
	return times
}

func (f *fire) constants() {
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
	f.kept, f.constant = map[string][]reg.VecVirtual{}, map[string]reg.GPVirtual{}
	for _, field := range []string{"mul", "add", "theta"} {
		f.constant[field] = f.load(f.tile, field)
	}
	if f.lanes < 16 {
		return
	}
	f.packed = f.openLevels(f.tile, f.kind == stateless)
	fields := []string{"mul", "add"}
	if f.narrow { // the others need registers to count cut levels
		fields = append(fields, "theta")
	}
	for _, field := range fields {
		from := f.constant[field]
		f.kept[field] = vector(f.n, f.register)
		for j, v := range f.kept[field] {
			f.VMOVUPS(at(from, 64*j), v)
		}
	}
}

// channel is a constant of vector j, as an operand that may be memory.
func (f *fire) channel(field string, j int) operand.Op {
	if kept := f.kept[field]; kept != nil {
		return kept[j]
	}
	return at(f.constant[field], 4*f.lanes*j)
}

// channelRegister is a constant of vector j in a register.
func (f *fire) channelRegister(field string, j int) reg.VecVirtual {
	if kept := f.kept[field]; kept != nil {
		return kept[j]
	}
	v := f.register()
	f.VMOVUPS(f.channel(field, j), v)
	return v
}

// cell is the place of vector j of row i, given a pointer to row 0.
func (f *fire) cell(base reg.Register, times [4]reg.GPVirtual, i, j int) operand.Mem {
	m := at(base, 4*f.lanes*j)
	switch i {
	case 1, 3:
		m.Index, m.Scale = times[i], 1
	case 2:
		m.Index, m.Scale = times[1], 2
	}
	return m
}

// rows computes m rows and moves the pointers to the next ones.
func (f *fire) rows(m int) {
	vectors := f.n * 16 / f.lanes
	for first := 0; first < vectors; first += f.atOnce() {
		g := fireGroup{fire: f, m: m, first: first, n: min(f.atOnce(), vectors-first), label: fmt.Sprintf("Of%dFrom%d", m, first)}
		g.emit()
	}
	for _, field := range []string{"sums", "state"} {
		if field == "state" && f.kind == stateless {
			continue
		}
		stride := f.load(f.tile, field+"Stride")
		if m > 1 {
			f.SHLQ(operand.Imm(uint64(m/2)), stride)
		}
		f.ADDQ(stride, f.field(field+"At"))
	}
	f.ADDQ(operand.Imm(uint64(8*m)), f.field("offAt"))
}

// moved returns a pointer of the tile plus one of its offsets.
func (f *fire) moved(pointer, offset string) reg.GPVirtual {
	r := f.load(f.tile, pointer)
	f.ADDQ(f.field(offset), r)
	return r
}

func (f *fire) and(from, to reg.VecVirtual) {
	if f.lanes == 16 {
		f.VPANDD(from, to, to)
		return
	}
	f.VPAND(from, to, to)
}

// andNot clears in to the bits that from has.
func (f *fire) andNot(from, to reg.VecVirtual) {
	if f.lanes == 16 {
		f.VPANDND(to, from, to)
		return
	}
	f.VPANDN(to, from, to)
}

func (f *fire) or(from, to reg.VecVirtual) {
	if f.lanes == 16 {
		f.VPORD(from, to, to)
		return
	}
	f.VPOR(from, to, to)
}

// cells calls emit for every vector of the rows.
func (f *fire) cells(v [][]reg.VecVirtual, emit func(v reg.VecVirtual, i, j int)) {
	for i, row := range v {
		for j, r := range row {
			emit(r, i, j)
		}
	}
}
