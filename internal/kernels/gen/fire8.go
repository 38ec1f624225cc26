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
	withCaps   = "capped8"    // the same, with limits to the totals
)

// fire8 is the code that lets rows of currents fire, 16n channels wide. Membranes stay in
// registers through all steps, and so do the least levels that totals allow: zero-total.
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
	constant             map[string]reg.GPVirtual    // otherwise where they lie
	sumsStride           [4]reg.GPVirtual            // 1 and 3 times
}

func fire8Families(p *program, suffix string, lanes int, register func() reg.VecVirtual) {
	for _, kind := range []string{stateless, membranes, withTotals, withCaps} {
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

// hasTotals reports whether neurons remember the totals of what they emitted.
func (f *fire8) hasTotals() bool { return f.kind == withTotals || f.kind == withCaps }

// counts reports whether the kernels count what they cut, which takes registers.
func (f *fire8) counts() bool { return f.kind != stateless && !f.narrow }

// together is how many rows go together: those whose levels fill the 64 bytes of a
// register, and in registers half as wide as many as give as many neurons as those hold.
func (f *fire8) together() int {
	switch {
	case f.lanes == 16:
		return 4 / f.n
	case f.n == 1 && !f.counts():
		return 2
	}
	return 1
}

// atOnce is how many vectors of a row go together.
func (f *fire8) atOnce() int {
	switch {
	case f.lanes == 16:
		return f.n
	case f.counts():
		return 2
	}
	return 4
}

func (f *fire8) emit() {
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
func (f *fire8) multiples(field string) (times [4]reg.GPVirtual) {
	if f.together() == 1 {
		return times
	}
	times[1], times[3] = f.load(f.tile, field), f.GP64()
	f.LEAQ(operand.Mem{Base: times[1], Index: times[1], Scale: 2}, times[3])
	return times
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
	f.kept, f.constant = map[string][]reg.VecVirtual{}, map[string]reg.GPVirtual{}
	for _, field := range []string{"mul", "add", "theta"} {
		f.constant[field] = f.load(f.tile, field)
	}
	if f.lanes < 16 {
		return
	}
	f.packed = f.openLevels(f.tile, f.kind == stateless)
	fields := []string{"mul", "add"}
	if f.narrow { // others need registers to count what they cut
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
func (f *fire8) channel(field string, j int) operand.Op {
	if kept := f.kept[field]; kept != nil {
		return kept[j]
	}
	return at(f.constant[field], 4*f.lanes*j)
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

// cell is where vector j of row i lies, from a pointer to row 0 on.
func (f *fire8) cell(base reg.Register, times [4]reg.GPVirtual, i, j int) operand.Mem {
	m := at(base, 4*f.lanes*j)
	switch i {
	case 1, 3:
		m.Index, m.Scale = times[i], 1
	case 2:
		m.Index, m.Scale = times[1], 2
	}
	return m
}

// rows fires m rows and moves on to the next ones.
func (f *fire8) rows(m int) {
	vectors := f.n * 16 / f.lanes
	for first := 0; first < vectors; first += f.atOnce() {
		g := fireGroup{fire8: f, m: m, first: first, n: min(f.atOnce(), vectors-first), label: fmt.Sprintf("Of%dFrom%d", m, first)}
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
func (f *fire8) moved(pointer, offset string) reg.GPVirtual {
	r := f.load(f.tile, pointer)
	f.ADDQ(f.field(offset), r)
	return r
}

// fireGroup is the code for n vectors from the first one on in m rows.
type fireGroup struct {
	*fire8
	m, first, n int
	label       string

	v, low, level  [][]reg.VecVirtual // low: the least levels that totals allow
	tmp            reg.VecVirtual
	sums, out, res reg.GPVirtual // of the step
	caps           reg.GPVirtual
	pixels         []reg.GPVirtual // where the levels of each row go; nil where they are looked up
}

func (g *fireGroup) emit() {
	g.v, g.low, g.level = grid(g.m, g.n, g.register), grid(g.m, g.n, g.register), grid(g.m, g.n, g.register)
	g.tmp = g.register()
	g.open()
	g.sums, g.res = g.moved("sums", "sumsAt"), g.load(g.tile, "res")
	g.openRows()
	if g.kind == withCaps {
		g.caps = g.load(g.tile, "caps")
	}
	if g.kind == stateless {
		g.step()
		return
	}
	steps := g.load(g.tile, "steps")
	g.MOVQ(steps, g.field("left"))
	g.Label("step" + g.label)
	g.decay()
	g.step()
	g.ADDQ(g.field("sumsStep"), g.sums)
	g.moveRows()
	g.ADDQ(g.field("resStep"), g.res)
	if g.kind == withCaps {
		g.ADDQ(g.field("capsStep"), g.caps)
	}
	g.DECQ(g.field("left"))
	g.JNZ(operand.LabelRef("step" + g.label))
	g.close()
}

// openRows finds where levels go: two vectors make 16 bytes of a row, and the registers
// that those take serve the next two.
func (g *fireGroup) openRows() {
	if g.lanes == 16 {
		g.out = g.load(g.tile, "out")
		return
	}
	offsets, two := g.moved("outOff", "offAt"), vector(2, g.register)
	for i := range g.m {
		pixel := g.load(g.tile, "out")
		g.ADDQ(at(offsets, 8*i), pixel)
		g.pixels = append(g.pixels, pixel)
		for j := range g.level[i] {
			g.level[i][j] = two[j%2]
		}
	}
}

// moveRows goes to where the levels of the next step go.
func (g *fireGroup) moveRows() {
	if g.lanes == 16 {
		g.ADDQ(g.field("outStep"), g.out)
		return
	}
	for _, pixel := range g.pixels {
		g.ADDQ(g.field("outStep"), pixel)
	}
}

// open sets membranes and totals to what was kept or to 0.
func (g *fireGroup) open() {
	if g.kind == stateless {
		return
	}
	g.cells(g.v, func(v reg.VecVirtual, i, j int) {
		g.VXORPS(v, v, v)
		if g.hasTotals() {
			g.VMOVUPS(g.zero, g.low[i][j])
		}
	})
	kept := g.load(g.tile, "v")
	g.unless(kept, "opened"+g.label)
	times := g.multiples("stateStride")
	g.ADDQ(g.field("stateAt"), kept)
	g.cells(g.v, func(v reg.VecVirtual, i, j int) { g.VMOVUPS(g.cell(kept, times, i, g.first+j), v) })
	if g.hasTotals() {
		totals := g.moved("n", "stateAt")
		g.cells(g.low, func(low reg.VecVirtual, i, j int) { g.VPSUBD(g.cell(totals, times, i, g.first+j), g.zero, low) })
	}
	g.Label("opened" + g.label)
}

// close keeps membranes and totals, where asked for.
func (g *fireGroup) close() {
	kept := g.load(g.tile, "v")
	g.unless(kept, "closed"+g.label)
	times := g.multiples("stateStride")
	g.ADDQ(g.field("stateAt"), kept)
	g.cells(g.v, func(v reg.VecVirtual, i, j int) { g.VMOVUPS(v, g.cell(kept, times, i, g.first+j)) })
	if g.hasTotals() {
		totals := g.moved("n", "stateAt")
		g.cells(g.low, func(low reg.VecVirtual, i, j int) {
			g.VPSUBD(low, g.zero, low)
			g.VMOVUPS(low, g.cell(totals, times, i, g.first+j))
		})
	}
	g.Label("closed" + g.label)
}

// decay multiplies membranes and totals by rho.
func (g *fireGroup) decay() {
	g.CMPQ(g.field("rho"), operand.Imm(1))
	g.JE(operand.LabelRef("unit" + g.label))
	times := func(v reg.VecVirtual) {
		if g.narrow {
			g.VPSLLVD(g.rho, v, v)
		} else {
			g.VPMULLD(g.rho, v, v)
		}
	}
	g.cells(g.v, func(v reg.VecVirtual, _, _ int) { times(v) })
	if g.hasTotals() {
		g.VPBROADCASTD(g.field("drop"), g.tmp)
		g.cells(g.low, func(low reg.VecVirtual, _, _ int) {
			times(low)
			g.VPSUBD(g.tmp, low, low)
		})
	}
	g.Label("unit" + g.label)
}

// step takes the neurons through a step.
func (g *fireGroup) step() {
	g.cells(g.v, func(v reg.VecVirtual, i, j int) {
		current := g.cell(g.sums, g.sumsStride, i, g.first+j)
		if g.kind == stateless {
			g.VMOVUPS(current, v)
		} else {
			g.VPADDD(current, v, v)
		}
	})
	g.residual()
	g.cells(g.v, func(v reg.VecVirtual, i, j int) {
		g.emitLevel(v, i, j)
		if g.lanes < 16 && j%2 == 1 {
			g.countCuts()
			g.VMOVDQU(g.pack256(g.level[i][j-1:], g.tmp), at(g.pixels[i], 8*(g.first+j-1)))
		}
	})
	if g.lanes == 16 {
		g.countCuts()
		g.store512(g.level, g.out, g.moved("outOff", "offAt"), g.packed)
	}
}

// emitLevel turns the membrane of vector j of row i into its level.
func (g *fireGroup) emitLevel(v reg.VecVirtual, i, j int) {
	k := g.level[i][j]
	g.VCVTDQ2PS(v, k)
	g.VFMADD213PS(g.channel("add", g.first+j), g.channelRegister("mul", g.first+j), k)
	g.VCVTTPS2DQ(k, k)
	if g.kind == stateless && g.lanes == 16 {
		return // packing saturates
	}
	g.VPMAXSD(g.none, k, k)
	g.VPMINSD(g.top, k, k)
	if g.hasTotals() {
		g.hold(k, g.low[i][j], g.first+j)
	}
	g.emitted(v, k, i, j)
}

// residual adds the levels of the residual map to the currents.
func (g *fireGroup) residual() {
	g.unless(g.res, "alone"+g.label)
	offsets, mult, pixel := g.moved("resOff", "offAt"), g.load(g.tile, "mult"), g.GP64()
	for i, row := range g.v {
		g.MOVQ(at(offsets, 8*i), pixel)
		g.ADDQ(g.res, pixel)
		for j, v := range row {
			g.VPMOVZXBD(at(pixel, g.lanes*(g.first+j)), g.tmp)
			g.VPMULLD(at(mult, 4*g.lanes*(g.first+j)), g.tmp, g.tmp)
			g.VPADDD(g.tmp, v, v)
		}
	}
	g.Label("alone" + g.label)
}

// hold keeps the total from falling below zero and from exceeding its cap.
func (g *fireGroup) hold(k, low reg.VecVirtual, j int) {
	g.VPMAXSD(low, k, k)
	if g.kind == withCaps {
		g.VPADDD(at(g.caps, 4*g.lanes*j), low, g.tmp)
		g.VPMINSD(g.tmp, k, k)
		g.VPMAXSD(g.none, k, k)
	}
}

// emitted takes what was emitted from the membranes, and adds it to the totals.
func (g *fireGroup) emitted(v, k reg.VecVirtual, i, j int) {
	if g.kind == stateless {
		return
	}
	g.VPSUBD(k, g.zero, g.tmp) // its negative
	if g.hasTotals() {
		g.VPADDD(g.tmp, g.low[i][j], g.low[i][j])
	}
	theta := g.channel("theta", g.first+j)
	switch {
	case !g.narrow:
		g.VPMULLD(theta, g.tmp, g.tmp)
		g.VPADDD(g.tmp, v, v)
	case g.lanes == 16: // int16 by int16, the upper halves of theta are 0
		g.VPDPWSSD(theta, g.tmp, v)
	default:
		g.VPMADDWD(theta, g.tmp, g.tmp)
		g.VPADDD(g.tmp, v, v)
	}
}

// countCuts counts, lane by lane, the levels that were cut to the range, where asked for.
func (g *fireGroup) countCuts() {
	if !g.counts() {
		return
	}
	cuts := g.load(g.tile, "cuts")
	g.unless(cuts, "counted"+g.label)
	minus := g.register()
	g.VPBROADCASTD(g.field("minus"), minus)
	g.cells(g.v, func(v reg.VecVirtual, i, j int) {
		above, below := g.cut(v, g.level[i][j], g.low[i][j], minus, g.first+j)
		g.VPSRLD(operand.Imm(31), above, above)
		g.VPSRLD(operand.Imm(31), below, below)
		g.VPADDD(below, above, above)
		g.VPADDD(at(cuts, 0), above, above)
		g.VMOVUPS(above, at(cuts, 0))
	})
	g.Label("counted" + g.label)
}

// cut returns vectors that are negative where level k was cut to the largest level, and to
// the least one: v is what is left of the membrane, low the least level that the total
// allows next. k is too small where v reaches half a threshold, and too large where it is
// below minus half of one. Its own sign keeps differences that wrap around from counting.
func (g *fireGroup) cut(v, k, low, minus reg.VecVirtual, j int) (above, below reg.VecVirtual) {
	above, below = g.register(), g.register()
	theta, half := g.channelRegister("theta", j), g.register()
	g.VPSRLD(operand.Imm(1), theta, half)
	g.VPADDD(minus, theta, above)
	g.VPSUBD(half, above, above)
	g.VPSUBD(v, above, above)
	g.andNot(v, above)
	g.VPADDD(minus, k, below)
	g.VPADDD(v, half, half)
	g.and(half, below)
	g.and(v, below)
	if g.kind != withCaps { // without levels below 0, none is cut to 0
		g.VPSUBD(g.zero, g.none, g.tmp)
		g.and(g.tmp, below)
		return above, below
	}
	least, most := g.register(), g.register() // that the total allowed
	g.VPSUBD(g.zero, k, least)
	g.VPADDD(low, least, least)
	g.VPADDD(at(g.caps, 4*g.lanes*j), least, most)
	g.VPSUBD(most, g.top, g.tmp)
	g.and(g.tmp, above)
	g.or(most, below)
	g.and(least, below)
	return above, below
}

func (f *fire8) and(from, to reg.VecVirtual) {
	if f.lanes == 16 {
		f.VPANDD(from, to, to)
		return
	}
	f.VPAND(from, to, to)
}

// andNot keeps what from lacks.
func (f *fire8) andNot(from, to reg.VecVirtual) {
	if f.lanes == 16 {
		f.VPANDND(to, from, to)
		return
	}
	f.VPANDN(to, from, to)
}

func (f *fire8) or(from, to reg.VecVirtual) {
	if f.lanes == 16 {
		f.VPORD(from, to, to)
		return
	}
	f.VPOR(from, to, to)
}

// cells calls emit for every vector of the rows.
func (f *fire8) cells(v [][]reg.VecVirtual, emit func(v reg.VecVirtual, i, j int)) {
	for i, row := range v {
		for j, r := range row {
			emit(r, i, j)
		}
	}
}
