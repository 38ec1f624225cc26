package main

import (
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tmm is a tile register: up to 16 rows of up to 64 bytes. The first four hold sums, the
// next two windows, the last two weights.
type tmm uint8

// operand stands for the register in an instruction. avo has no such registers, but prints
// the name of a label.
func (t tmm) operand() operand.Op { return operand.LabelRef("TMM" + string('0'+rune(t))) }

// The registers of two blocks of pixels and two vectors of channels.
const (
	firstSums    tmm = 0
	firstWindows tmm = 4
	firstWeights tmm = 6
)

func sumsOf(block, vec int) operand.Op { return (firstSums + tmm(2*block+vec)).operand() }
func windowsOf(block int) operand.Op   { return (firstWindows + tmm(block)).operand() }
func weightsOf(vec int) operand.Op     { return (firstWeights + tmm(vec)).operand() }

// convAMX writes the convolution kernel for processors with AMX. It works on pairs of
// blocks, whose pixels are the rows of a tile register, and on two vectors of channels.
func convAMX(p *program) {
	t := p.function("convTileBlocksAMX", "convBlocksTile")
	p.amx("LDTILECFG", t.field("shapes"))
	last := p.GP64()
	p.Label("vectors")
	p.MOVQ(t.field("lanesEnd"), last)
	p.SUBQ(t.field("lane"), last)
	p.JZ(operand.LabelRef("done"))
	p.CMPQ(last, operand.Imm(64))
	p.JE(operand.LabelRef("steps1"))
	for n := 2; n >= 1; n-- {
		p.blockSteps(t, n)
		if n == 2 {
			p.JMP(operand.LabelRef("vectors"))
		}
	}
	p.Label("done")
	p.amx("TILERELEASE")
	p.RET()
}

// peakAMX writes a loop of four independent products, t.steps of them.
func peakAMX(p *program) {
	t := p.function("peakTileAMX", "convBlocksTile")
	p.amx("LDTILECFG", t.field("shapes"))
	left := p.load(t, "steps")
	p.Label("loop")
	for block := range 2 {
		for vec := range 2 {
			p.amx("TDPBUSD", weightsOf(vec), windowsOf(block), sumsOf(block, vec))
		}
	}
	p.DECQ(left)
	p.JNZ(operand.LabelRef("loop"))
	p.amx("TILERELEASE")
	p.RET()
}

// blockSteps writes the loops over steps and pairs for n vectors of channels.
func (p *program) blockSteps(t tile, n int) {
	name := func(label string) string { return label + string('0'+rune(n)) }
	p.Label(name("steps"))
	zero, r := p.GP64(), p.GP64()
	p.XORQ(zero, zero)
	p.MOVQ(zero, t.field("inAt"))
	p.MOVQ(zero, t.field("sumsAt"))
	p.MOVQ(t.field("steps"), r)
	p.MOVQ(r, t.field("left"))
	p.MOVQ(t.field("bias"), r)
	p.MOVQ(r, t.field("biasNow"))
	p.nextWeights(t, n)
	p.Label(name("step"))
	p.XORQ(zero, zero)
	p.MOVQ(zero, t.field("pairsNow"))
	p.Label(name("pair"))
	p.blockPair(t, n, name("chunk"))
	p.MOVQ(t.field("pairsNow"), r)
	p.CMPQ(r, t.field("pairsEnd"))
	p.JLT(operand.LabelRef(name("pair")))
	p.move(t, "inStep", "inAt")
	p.move(t, "sumsStep", "sumsAt")
	p.MOVQ(t.field("later"), r)
	p.MOVQ(r, t.field("biasNow"))
	p.DECQ(t.field("left"))
	p.JNZ(operand.LabelRef(name("step")))
	p.ADDQ(operand.Imm(uint64(64*n)), t.field("lane"))
}

// nextWeights sets the distance to the weights after those of n vectors: they lie in the
// same panel, or at the start of the next one.
func (p *program) nextWeights(t tile, n int) {
	last, lane, far := p.GP64(), p.load(t, "lane"), p.load(t, "ahead")
	p.SUBQ(lane, far)
	p.ADDQ(operand.Imm(uint64(64*n)), lane)
	p.MOVQ(operand.I32(64*n), last)
	p.CMPQ(lane, t.field("lanesEnd"))
	p.CMOVQLT(last, far)
	p.MOVQ(far, t.field("aheadNow"))
}

// move adds a field to another.
func (p *program) move(t tile, step, to string) {
	p.ADDQ(p.load(t, step), t.field(to))
}

// blockPair writes the sums of a pair of blocks.
func (p *program) blockPair(t tile, n int, loop string) {
	pair := p.load(t, "pairs")
	p.ADDQ(t.field("pairsNow"), pair)
	p.ADDQ(operand.Imm(32), t.field("pairsNow"))
	lane, zero := p.load(t, "lane"), p.GP64()
	p.XORQ(zero, zero)
	bias := p.load(t, "biasNow")
	p.ADDQ(lane, bias)
	for block := range 2 {
		for vec := range n {
			p.amx("TILELOADD", operand.Mem{Base: bias, Index: zero, Scale: 1, Disp: 64 * vec}, sumsOf(block, vec))
		}
	}
	windows, end := [2]reg.GPVirtual{}, p.GP64()
	for block := range windows {
		windows[block] = p.load(t, "in")
		p.ADDQ(t.field("inAt"), windows[block])
		p.ADDQ(at(pair, 8*block), windows[block])
	}
	weights, chunk := p.load(t, "weights"), p.load(t, "chunks")
	p.ADDQ(lane, weights)
	p.MOVQ(chunk, end)
	p.ADDQ(t.field("chunksEnd"), end)
	inStride, quadStep, weightsStep := p.load(t, "inStride"), p.load(t, "quadStep"), p.load(t, "weightsStep")
	ahead := p.aheadOf(t, quadStep)
	p.Label(loop)
	for block, base := range windows {
		window := p.GP64()
		p.MOVQ(at(chunk, 0), window)
		p.ADDQ(base, window)
		p.amx("TILELOADD", operand.Mem{Base: window, Index: inStride, Scale: 1}, windowsOf(block))
		for vec := range n {
			if block == 0 {
				p.amx("TILELOADD", operand.Mem{Base: weights, Index: quadStep, Scale: 1, Disp: 64 * vec}, weightsOf(vec))
			}
			p.amx("TDPBUSD", weightsOf(vec), windowsOf(block), sumsOf(block, vec))
		}
	}
	p.prefetchQuads(weights, ahead, quadStep, n)
	p.ADDQ(weightsStep, weights)
	p.ADDQ(operand.Imm(8), chunk)
	p.CMPQ(chunk, end)
	p.JLT(operand.LabelRef(loop))
	stride := p.load(t, "sumsStride")
	for block := range 2 {
		sums := p.load(t, "sums")
		p.ADDQ(t.field("sumsAt"), sums)
		p.ADDQ(at(pair, 16+8*block), sums)
		p.ADDQ(lane, sums)
		for vec := range n {
			p.amx("TILESTORED", sumsOf(block, vec), operand.Mem{Base: sums, Index: stride, Scale: 1, Disp: 64 * vec})
		}
	}
}

// quadsAhead is how many quads of the next weights of a chunk a pair of blocks fetches into
// the cache: each of four pairs fetches other quads.
const quadsAhead = 4

// aheadOf returns the distance from the weights in use to those that a pair fetches.
func (p *program) aheadOf(t tile, quadStep reg.Register) reg.GPVirtual {
	r := p.load(t, "turn")
	p.INCQ(r)
	p.ANDQ(operand.Imm(blockQuads/quadsAhead-1), r)
	p.MOVQ(r, t.field("turn"))
	p.SHLQ(operand.Imm(2), r)
	p.IMULQ(quadStep, r)
	p.ADDQ(t.field("aheadNow"), r)
	return r
}

// blockQuads is the largest number of quads in a chunk.
const blockQuads = 16

func (p *program) prefetchQuads(weights, ahead, quadStep reg.Register, n int) {
	line := p.GP64()
	p.LEAQ(indexed(weights, ahead), line)
	for i := range quadsAhead {
		for vec := range n {
			p.PREFETCHT1(at(line, 64*vec))
		}
		if i < quadsAhead-1 {
			p.ADDQ(quadStep, line)
		}
	}
}

// amx writes an instruction that neither avo nor Go's assembler knows: see toBytes.
func (p *program) amx(opcode string, operands ...operand.Op) {
	in := &ir.Instruction{Opcode: opcode, Operands: operands}
	for _, o := range operands {
		if m, ok := o.(operand.Mem); ok {
			in.Inputs = append(in.Inputs, m)
		}
	}
	p.Instruction(in)
}
