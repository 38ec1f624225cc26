package u8

import (
	"context"

	"ann2snn/internal/budget"
	"ann2snn/internal/engine"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// weightsOf returns the weights of layer i; a SumPool has weights of 1.
func (p *planner) weightsOf(i int) snn.Weights {
	l := &p.withWeights.Layers[i]
	if op, ok := l.Op.(snn.SumPool); ok {
		return snn.Weights{Q: ones(l.Shape.C * op.Window.Kernel[0] * op.Window.Kernel[1])}
	}
	w, _ := l.Weights()
	return w
}

func ones(n int) []int8 {
	w := make([]int8, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// weightBytes is the length of all packed weights.
func (p *Plan) weightBytes() int {
	n := len(p.weights)
	for _, s := range p.stages {
		if s, ok := s.(*fireStage); ok && s.winograd != nil {
			n += s.winograd.WeightLen()
		}
	}
	return n
}

// readStride is about how many weights are packed between two calls of read.
const readStride = 1 << 18

// packWeights packs all weights into one arena, in the order of their use. Meanwhile it
// calls read where it is done with some of the network's.
func (p *planner) packWeights(ctx context.Context) error {
	read := p.options.Read
	if read == nil {
		read = func() {}
	}
	convs, total := p.direct(), 0
	for _, c := range convs {
		total += c.WeightLen()
	}
	read()
	if budget.Asks {
		if err := budget.Ask(ctx, int64(total), "packing the network's weights"); err != nil {
			return err
		}
	}
	p.weights = make([]int8, total)
	at, packed := 0, 0
	for _, c := range convs {
		if err := ctx.Err(); err != nil {
			return engine.Stopped(&p.Layers[c.layer], err)
		}
		c.Place(p.weights[at:][:c.WeightLen()])
		at += c.WeightLen()
		weights := p.weightsOf(c.layer).Q
		for panel := range c.Panels() {
			c.PackPanel(panel, weights)
			if packed += len(weights) / c.Panels(); packed >= readStride {
				read()
				packed = 0
			}
		}
	}
	read()
	return nil
}

// direct lists the convolutions that are computed as they are, in the order of their use.
func (p *planner) direct() []*conv {
	var convs []*conv
	for _, s := range p.stages {
		switch s := s.(type) {
		case *sumsStage:
			convs = append(convs, s.conv)
		case *fireStage:
			if s.winograd == nil || !u8.HasWinograd(p.set) {
				convs = append(convs, s.conv)
			}
			if s.terms.second != nil {
				convs = append(convs, s.terms.second)
			}
		}
	}
	return convs
}
