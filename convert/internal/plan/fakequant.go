package plan

import (
	"errors"
	"math"
	"slices"

	"ann2snn/ir"
	"ann2snn/snn"
)

// Quantiser is how a quantised model rounds a value: to Step times the nearest integer, halves to
// even, held to Low..High, which hold 0.
type Quantiser struct {
	Step      float32
	Low, High int
}

// Bits is the width of spikes of such levels.
func (q *Quantiser) Bits() int {
	bits := 1
	for 1<<bits-1 < max(-q.Low, q.High) {
		bits++
	}
	return bits
}

// Range returns the smallest and the largest value.
func (q *Quantiser) Range() (low, high float32) {
	return float32(q.Low) * q.Step, float32(q.High) * q.Step
}

// lowerFakeQuant plans neurons where a quantised model rounds. They can keep the model's levels;
// otherwise they are like those of a Clip. An input that is rounded first of all needs none.
func lowerFakeQuant(p *planner, n *ir.Node) error {
	op, _ := n.Op.(ir.FakeQuant)
	v, scale := p.in(n, 0), p.constant(n, 1)
	switch {
	case v == nil:
		return errConstantInput
	case scale == nil:
		return errors.New("its scale is not constant")
	case slices.Min(scale.F) != slices.Max(scale.F):
		return errors.New("it has a scale for each channel, which is supported for weights only")
	case !(scale.F[0] > 0) || scale.F[0] > math.MaxFloat32:
		return errors.New("its scale is not positive")
	case op.Low > 0 || op.High < 0:
		return errors.New("its range does not hold 0")
	}
	q := &Quantiser{Step: scale.F[0], Low: op.Low, High: op.High}
	if v.layer.analog && p.Input == nil && p.readAlone(n.In[0]) {
		p.Input = q
		p.Nodes[p.node].Class, p.Nodes[p.node].Reason = Linear, "the input is taken in these levels"
		p.put(v.alias(n.Out[0]))
		return nil
	}
	low, high := q.Range()
	if err := p.activate(n, snn.Activation{Fn: snn.Clip, A: low, B: high}); err != nil {
		return err
	}
	p.values[n.Out[0]].layer.Neuron.Own = q
	return nil
}

// readAlone reports whether nothing but a chain of nodes reads the network's input, of which id is
// the last value.
func (p *planner) readAlone(id ir.ValueID) bool {
	for id != p.Graph.Inputs[0] {
		if p.uses[id] != 1 || p.makers[id] < 0 {
			return false
		}
		id = p.Graph.Nodes[p.makers[id]].In[0]
	}
	return p.uses[id] == 1
}

// Quantised reports whether the model rounds its input and whatever a neuron stands for, so that a
// network of one step can keep its levels; if not, why says where it does not.
func (p *Plan) Quantised() (ok bool, why string) {
	if p.Input == nil {
		return false, "it does not quantise its input"
	}
	for _, l := range p.Layers {
		switch {
		case l.Neuron == nil:
		case l.Neuron.Own == nil:
			return false, "it does not quantise what " + l.Name + " computes"
		case l.Neuron.Own.Bits() > snn.MaxBits:
			return false, "it quantises what " + l.Name + " computes to more than 8 bits"
		}
	}
	return p.Spiking(), ""
}
