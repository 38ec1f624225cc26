package fit

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
		var part *normal
		if whole, ok := s.(*primal); ok {
			part = whole.normal.part(p, from, to)
		} else {
			part = p.normal(from, to)
		}
		list[i] = block{from, to, newFeedback(part, p.roundingPenalty(), scales[from:to])}
	}
	return list
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
