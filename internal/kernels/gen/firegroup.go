package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// fireGroup is the code for n vectors from the first one on in m rows.
type fireGroup struct {
	*fire
	m, first, n int
	label       string

	v, low, level  [][]reg.VecVirtual // low: the least levels that totals allow
	tmp            reg.VecVirtual
	sums, out, res reg.GPVirtual // of the step
	caps           reg.GPVirtual
	pixels         []reg.GPVirtual // where the levels of each row are stored; nil if read from the table each time
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

// openRows loads where the levels of each row are stored.
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

// moveRows moves to where the levels of the next step are stored.
func (g *fireGroup) moveRows() {
	if g.lanes == 16 {
		g.ADDQ(g.field("outStep"), g.out)
		return
	}
	for _, pixel := range g.pixels {
		g.ADDQ(g.field("outStep"), pixel)
	}
}

// open loads membrane potentials and totals, or sets them to 0 where there are none.
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

// close stores membrane potentials and totals, if they are to be kept.
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

// decay multiplies membrane potentials and totals by rho.
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

// step computes a step of the neurons.
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

// emitLevel turns the membrane potential of vector j of row i into its level.
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

// hold limits the level so that the total neither falls below zero nor exceeds its cap.
func (g *fireGroup) hold(k, low reg.VecVirtual, j int) {
	g.VPMAXSD(low, k, k)
	if g.kind == withCaps {
		g.VPADDD(at(g.caps, 4*g.lanes*j), low, g.tmp)
		g.VPMINSD(g.tmp, k, k)
		g.VPMAXSD(g.none, k, k)
	}
}

// emitted subtracts the emitted levels from the membrane potentials (soft reset) and adds
// them to the totals.
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

// countCuts counts, lane by lane, the levels that were cut to the range, if the tile asks
// for it.
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

// cut returns two vectors, negative where level k was cut to the largest level and where it
// was cut to the least one. v is the membrane potential after the soft reset, low the least
// level that the total allows next. k is too small where v reaches half a threshold, and
// too large where v is below minus half a threshold. The sign of v is taken into account,
// so that differences that overflow do not count.
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
