package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A width is a kind of vector register.
type width struct {
	name   string
	bytes  int
	rows   []int // of a tile of a product, at most, by its number of vectors
	pixels []int // of a tile of a convolution
}

var (
	ymm = width{"AVX2", 32, []int{0, 0, 6}, []int{0, 10, 6}}
	zmm = width{"AVX512", 64, []int{0, 10, 10, 8, 6}, []int{0, 10, 10, 8, 6}}
)

func (w width) register(p *program) func() reg.VecVirtual {
	if w.bytes == 32 {
		return p.YMM
	}
	return p.ZMM
}

// gemmf32 writes the micro-kernels of the float32 product: m rows by n vectors of
// columns. Every element is summed in the order of k by fused multiply-adds.
func gemmf32(p *program, w width) {
	p.family("gemmTile"+w.name, "gemmTile", w.rows, func(t tile, m, n int) {
		register := w.register(p)
		acc := grid(m, n, register)
		p.productf32(t, acc, register)
		p.storef32(t, acc, w)
	})
}

func (p *program) productf32(t tile, acc [][]reg.VecVirtual, register func() reg.VecVirtual) {
	rows := make([]reg.GPVirtual, len(acc))
	for i := range rows {
		rows[i] = p.GP64()
		if i == 0 {
			p.MOVQ(t.field("a"), rows[i])
			continue
		}
		p.MOVQ(rows[i-1], rows[i])
		p.ADDQ(t.field("aStride"), rows[i])
	}
	start := p.load(t, "start")
	for _, row := range acc {
		p.VBROADCASTSS(at(start, 0), row[0])
		for _, v := range row[1:] {
			p.VMOVAPS(row[0], v)
		}
		p.ADDQ(t.field("next"), start)
	}
	b, a := vector(len(acc[0]), register), vector(2, register)
	size := int(b[0].Size())
	panel, k := p.load(t, "b"), p.GP64()
	p.XORQ(k, k)
	p.Label("k")
	for j := range b {
		p.VMOVUPS(at(panel, size*j), b[j])
	}
	for i := range rows {
		p.VBROADCASTSS(indexed(rows[i], k), a[i%2])
		for j := range b {
			p.VFMADD231PS(b[j], a[i%2], acc[i][j])
		}
	}
	p.ADDQ(operand.I32(size*len(b)), panel)
	p.ADDQ(operand.Imm(4), k)
	p.CMPQ(k, t.field("k"))
	p.JLT(operand.LabelRef("k"))
}

// storef32 sets C or adds to it.
func (p *program) storef32(t tile, acc [][]reg.VecVirtual, w width) {
	masks := p.columnMasks(t, len(acc[0]), w)
	p.CMPQ(t.field("add"), operand.Imm(0))
	p.JE(operand.LabelRef("set"))
	p.eachC(t, acc, w, func(c operand.Mem, v reg.VecVirtual, j int) {
		if masks == nil {
			p.VADDPS(c, v, v)
			return
		}
		p.VADDPS(c, v, masks[j], v)
	})
	p.Label("set")
	p.eachC(t, acc, w, func(c operand.Mem, v reg.VecVirtual, j int) {
		if masks == nil {
			p.VMOVUPS(v, c)
			return
		}
		p.VMOVUPS(v, masks[j], c)
	})
	p.VZEROUPPER()
	p.RET()
}

// columnMasks splits the mask of the columns by vector. AVX2 has none: it stores whole
// vectors.
func (p *program) columnMasks(t tile, n int, w width) []reg.Register {
	if w.bytes == 32 {
		return nil
	}
	return p.splitMask(t.field("mask"), n)
}

// splitMask loads a mask and returns it in n parts of 16 bits.
func (p *program) splitMask(from operand.Mem, n int) []reg.Register {
	masks := make([]reg.Register, n)
	for j := range masks {
		mask := p.K()
		if j == 0 {
			p.KMOVQ(from, mask)
		} else {
			p.KSHIFTRQ(operand.Imm(uint64(16*j)), masks[0], mask)
		}
		masks[j] = mask
	}
	return masks
}

func (p *program) eachC(t tile, acc [][]reg.VecVirtual, w width, f func(c operand.Mem, v reg.VecVirtual, j int)) {
	c := p.load(t, "c")
	for i, row := range acc {
		for j, v := range row {
			f(at(c, w.bytes*j), v, j)
		}
		if i < len(acc)-1 {
			p.ADDQ(t.field("cStride"), c)
		}
	}
}
