package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// winograd writes the transforms of the convolution F(2x2, 3x3): Winograd, Arithmetic
// Complexity of Computations, 1980; Lavin and Gray, arXiv:1509.09308.
func winograd(p *program) {
	winogradIn(p)
	p.family("winogradOutTileAVX512", "winogradOutTile", []int{0, 1, 1, 1, 1}, func(t tile, _, n int) { winogradOut(p, t, n) })
}

// winogradIn transforms bytes modulo 256; the results are in range.
func winogradIn(p *program) {
	t := p.function("winogradInTileAVX512", "winogradInTile")
	offset, spare, mask := p.ZMM(), p.ZMM(), p.K()
	p.VPBROADCASTB(t.field("offset"), offset)
	p.KMOVQ(t.field("mask"), mask)
	rows, row := make([]reg.GPVirtual, 4), p.load(t, "row")
	for i := range rows {
		rows[i] = p.load(t, "in")
		for range i {
			p.ADDQ(row, rows[i])
		}
	}
	pixel, out, position := p.load(t, "pixel"), p.load(t, "out"), p.load(t, "position")
	two, three := p.GP64(), p.GP64()
	p.LEAQ(operand.Mem{Base: pixel, Index: pixel, Scale: 1}, two)
	p.LEAQ(operand.Mem{Base: pixel, Index: pixel, Scale: 2}, three)
	p.Label("tile")
	d := grid(4, 4, p.ZMM)
	for y, base := range rows {
		p.VMOVDQU8(at(base, 0), d[y][0])
		for x, step := range []reg.Register{pixel, two, three} {
			p.VMOVDQU8(indexed(base, step), d[y][x+1])
		}
		p.ADDQ(two, base)
	}
	for x := range 4 {
		spare = p.butterfly(&d[0][x], &d[1][x], &d[2][x], &d[3][x], spare)
	}
	for y := range 4 {
		spare = p.butterfly(&d[y][0], &d[y][1], &d[y][2], &d[y][3], spare)
	}
	to := p.GP64()
	p.MOVQ(out, to)
	for y := range 4 {
		for x, v := range d[y] {
			if y != 1 || x != 1 {
				p.VPADDB(offset, v, v)
			}
			p.VMOVDQU8(v, mask, at(to, 0))
			p.ADDQ(position, to)
		}
	}
	p.ADDQ(t.field("tile"), out)
	p.DECQ(t.field("tiles"))
	p.JNZ(operand.LabelRef("tile"))
	p.VZEROUPPER()
	p.RET()
}

// butterfly replaces a, b, c, d by a-c, b+c, c-b, b-d and returns a register that is free
// now.
func (p *program) butterfly(a, b, c, d *reg.VecVirtual, spare reg.VecVirtual) reg.VecVirtual {
	p.VPSUBB(*c, *a, *a)
	p.VPSUBB(*d, *b, *d)
	p.VPADDB(*c, *b, spare)
	p.VPSUBB(*b, *c, *c)
	*b, spare = spare, *b
	return spare
}

// winogradOut turns products into a fourth of the sums, which are exact multiples of 4.
func winogradOut(p *program, t tile, n int) {
	in, out, below, position := p.load(t, "in"), p.load(t, "out"), p.load(t, "out"), p.load(t, "position")
	p.ADDQ(t.field("row"), below)
	from, biases := p.GP64(), p.load(t, "bias")
	p.Label("tile")
	for j := range n {
		p.MOVQ(in, from)
		m := grid(4, 4, p.ZMM)
		for y := range 4 {
			for x := range 4 {
				p.VMOVDQU32(at(from, 64*j), m[y][x])
				p.ADDQ(position, from)
			}
		}
		bias := p.ZMM()
		p.VMOVDQU32(at(biases, 64*j), bias)
		for x := range 4 {
			p.gather(m[0][x], m[1][x], m[2][x], m[3][x])
		}
		for y, to := range []reg.GPVirtual{out, below} {
			p.gather(m[y][0], m[y][1], m[y][2], m[y][3])
			for x, v := range m[y][:2] {
				p.VPSRAD(operand.Imm(2), v, v)
				p.VPADDD(bias, v, v)
				p.VMOVDQU32(v, at(to, 64*(n*x+j)))
			}
		}
	}
	p.ADDQ(operand.I32(64*n), in)
	p.ADDQ(operand.I32(128*n), out)
	p.ADDQ(operand.I32(128*n), below)
	p.DECQ(t.field("tiles"))
	p.JNZ(operand.LabelRef("tile"))
	p.VZEROUPPER()
	p.RET()
}

// gather replaces a by a+b+c and b by b-c-d.
func (p *program) gather(a, b, c, d reg.VecVirtual) {
	p.VPADDD(b, a, a)
	p.VPADDD(c, a, a)
	p.VPSUBD(c, b, b)
	p.VPSUBD(d, b, b)
}
