package fit

import (
	"gonum.org/v1/gonum/mat"
)

// widestBlock is how many inputs feed errors of rounding back to each other, at most: that
// takes time as their third power.
const widestBlock = 1536

// blocks round the weights of a neuron, block after block. Errors are made up for within a
// block, and by the bias.
type blocks []block

// block is a run of inputs.
type block struct {
	from, to int
	feedback *feedback // nil: weights are rounded to the nearest
}

// rounders returns what rounds the weights of the problem's neurons; scales are the level
// values of their inputs.
func (p *problem) rounders(s solver, scales []float32) blocks {
	inputs := p.width - 1
	count := (inputs + widestBlock - 1) / widestBlock
	list := make(blocks, count)
	for i := range list {
		from, to := inputs*i/count, inputs*(i+1)/count
		list[i] = block{from, to, newFeedback(p.normalOf(s, from, to), scales[from:to])}
	}
	return list
}

// normalOf returns the normal equations of some inputs and the one that is always 1, with the
// penalty for rounding.
func (p *problem) normalOf(s solver, from, to int) *mat.SymDense {
	width := to - from + 1
	part := &problem{observations: &observations{width: width, fitted: p.fitted}, set: p.set, workers: p.workers}
	if whole, ok := s.(*primal); ok {
		gram := make([]float64, width*width)
		for i := range width {
			row := whole.gram[place(i, from, width, p.width)*p.width:]
			for j := i; j < width; j++ {
				gram[i*width+j] = row[place(j, from, width, p.width)]
			}
		}
		return part.normal(gram, p.roundingPenalty())
	}
	part.u = make([]float32, p.fitted*width)
	for row := range p.fitted {
		for i := range width {
			part.u[row*width+i] = p.u[row*p.width+place(i, from, width, p.width)]
		}
	}
	return part.normal(part.gram(0, p.fitted), p.roundingPenalty())
}

// place returns which input of all input i of a block is; the last of both is always 1.
func place(i, from, width, all int) int {
	if i == width-1 {
		return all - 1
	}
	return from + i
}

// Round implements fill.Rounder.
func (b blocks) Round(dst []int8, weights []float32, bias float32, unit float64, largest int) float32 {
	for i := range b {
		part := &b[i]
		if part.feedback == nil {
			for k, x := range weights[part.from:part.to] {
				dst[part.from+k] = int8(nearest(float64(x), unit, largest))
			}
			continue
		}
		bias = part.feedback.Round(dst[part.from:part.to], weights[part.from:part.to], bias, unit, largest)
	}
	return bias
}
