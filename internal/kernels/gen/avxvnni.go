package main

import (
	"regexp"
	"strconv"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// convAVXVNNI writes the convolution kernels for processors that have VPDPBUSD on 256-bit
// registers but not AVX-512.
func convAVXVNNI(p *program) {
	p.family("convTileAVXVNNI", "convTile", []int{0, 6}, func(t tile, m, _ int) { convYMM(p, t, m, p.sumVNNI) })
	p.family("depthwiseTileAVXVNNI", "convTile", []int{0, 0, 1}, func(t tile, _, _ int) {
		w := p.YMM()
		p.overTiles(t, 1, func() {
			acc := p.sumTaps(t, p.YMM, func(weights operand.Mem, taps, sum reg.VecVirtual) {
				p.VMOVDQU(weights, w)
				p.VPDPBUSD(w, taps, sum)
			})
			p.transpose256(acc)
			p.finish(t, acc, p.fire256)
		})
	})
}

func (p *program) sumVNNI(t tile, px []reg.GPVirtual, acc [][]reg.VecVirtual) {
	w, level := vector(2, p.YMM), p.YMM()
	step := p.load(t, "step")
	p.overRuns(t, func(weights, k reg.Register) {
		for j := range w {
			p.VMOVDQU(at(weights, 32*j), w[j])
		}
		for i := range px {
			p.VPBROADCASTD(indexed(px[i], k), level)
			for j := range w {
				p.VPDPBUSD(w[j], level, acc[i][j])
			}
		}
		p.ADDQ(step, weights)
	})
}

var dotProduct = regexp.MustCompile(`VPDPBUSD +Y(\d+), Y(\d+), Y(\d+)`)

// toVEX writes VPDPBUSD on 256-bit registers as bytes: Go's assembler would choose the
// encoding of AVX-512. See Intel's Software Developer's Manual, VPDPBUSD, VEX.256.
func toVEX(asm []byte) []byte {
	return dotProduct.ReplaceAllFunc(asm, func(line []byte) []byte {
		var r [3]byte // signed, unsigned, sum
		for i, digits := range dotProduct.FindSubmatch(line)[1:] {
			n, err := strconv.ParseUint(string(digits), 10, 4)
			if err != nil {
				panic(err)
			}
			r[i] = byte(n)
		}
		code := []byte{
			0xc4,
			^(r[2]>>3)&1<<7 | 1<<6 | ^(r[0]>>3)&1<<5 | 2,
			^r[1]&15<<3 | 1<<2 | 1,
			0x50,
			0xc0 | r[2]&7<<3 | r[0]&7,
		}
		return encoded(code, line)
	})
}
