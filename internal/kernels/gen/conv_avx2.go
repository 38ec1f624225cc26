package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	ones  = "ones"  // int16 ones
	evens = "evens" // selects the bytes of even index
)

// convTileAVX2 writes the micro-kernels for AVX2: m pixels by 16 output channels.
//
// VPMADDUBSW adds two products with int16 saturation. Levels of at most 7 bits cannot
// reach it: 2*127*128 < 2^15. convTileAVX2Wide serves 8 bits: it multiplies bytes of even
// and of odd index separately, so that every int16 holds one product, 255*128 < 2^15.
func convTileAVX2(p *program) {
	p.pattern(ones, 0x0001_0001)
	p.pattern(evens, 0x00ff_00ff)
	p.family("convTileAVX2", "convTile", []int{0, 6}, func(t tile, m, _ int) { convYMM(p, t, m, p.sum7) })
	p.family("convTileAVX2Wide", "convTile", []int{0, 4}, func(t tile, m, _ int) { convYMM(p, t, m, p.sum8) })
}

// pattern defines 32 bytes of a repeated dword.
func (p *program) pattern(name string, dword uint32) {
	p.StaticGlobal(name)
	p.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 8 {
		p.AddDatum(4*i, operand.U32(dword))
	}
}

func (p *program) constant(name string) reg.VecVirtual {
	v := p.YMM()
	p.VMOVDQU(operand.NewDataAddr(operand.Symbol{Name: name, Static: true}, 0), v)
	return v
}

func convYMM(p *program, t tile, m int, sum func(t tile, px []reg.GPVirtual, acc [][]reg.VecVirtual)) {
	p.overTiles(t, m, func() {
		acc := grid(m, 2, p.YMM)
		px := p.windows(t, m)
		p.startSums(t, acc)
		sum(t, px, acc)
		p.storeSums(t, acc, 32)
		p.fire256(t, acc)
	})
}

// sum7 sums products of levels of at most 7 bits.
func (p *program) sum7(t tile, px []reg.GPVirtual, acc [][]reg.VecVirtual) {
	one, level, product := p.constant(ones), p.YMM(), vector(2, p.YMM)
	step := p.load(t, "step")
	p.overRuns(t, func(weights, k reg.Register) {
		for i := range px {
			p.VPBROADCASTD(indexed(px[i], k), level)
			for j, v := range acc[i] {
				p.VPMADDUBSW(at(weights, 32*j), level, product[j])
				p.VPMADDWD(one, product[j], product[j])
				p.VPADDD(product[j], v, v)
			}
		}
		p.ADDQ(step, weights)
	})
}

// sum8 sums products of levels of 8 bits.
func (p *program) sum8(t tile, px []reg.GPVirtual, acc [][]reg.VecVirtual) {
	one, even, level, product := p.constant(ones), p.constant(evens), vector(2, p.YMM), vector(2, p.YMM)
	step := p.load(t, "step")
	p.overRuns(t, func(weights, k reg.Register) {
		for i := range px {
			p.VPBROADCASTD(indexed(px[i], k), level[1])
			p.VPAND(even, level[1], level[0])
			p.VPANDN(level[1], even, level[1])
			for j, v := range acc[i] {
				for half := range level {
					p.VPMADDUBSW(at(weights, 32*j), level[half], product[half])
					p.VPMADDWD(one, product[half], product[half])
					p.VPADDD(product[half], v, v)
				}
			}
		}
		p.ADDQ(step, weights)
	})
}

// fire256 turns the accumulators into levels and stores 16 bytes for two of them.
func (p *program) fire256(t tile, acc [][]reg.VecVirtual) {
	tmp, top := p.YMM(), p.YMM()
	p.addResidual(t, acc, 8, tmp)
	p.toLevels(t, acc, tmp)
	p.VPBROADCASTB(t.field("top"), top)
	offsets, out, pixel := p.pixels(t, "outOff"), p.load(t, "out"), p.GP64()
	for i, row := range acc {
		p.MOVQ(at(offsets, 8*i), pixel)
		p.ADDQ(out, pixel)
		for j := 0; j < len(row); j += 2 {
			v := p.pack256(row[j:], tmp)
			p.VPMINUB(top.AsX(), v, v)
			p.VMOVDQU(v, at(pixel, 8*j))
		}
	}
}

// pack256 saturates two vectors of int32 to 16 bytes, in order.
func (p *program) pack256(row []reg.VecVirtual, tmp reg.VecVirtual) reg.Register {
	v := row[0]
	p.VPACKSSDW(row[1], v, v)
	p.VPERMQ(operand.Imm(0xd8), v, v)
	p.VEXTRACTI128(operand.Imm(1), v, tmp.AsX())
	p.VPACKUSWB(tmp.AsX(), v.AsX(), v.AsX())
	return v.AsX()
}
