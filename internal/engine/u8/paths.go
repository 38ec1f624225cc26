package u8

import (
	"math"

	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// This file has what has to be proven before a fast path is taken, one function for each. All
// of it follows from the bounds of levels and membranes that snn.Ranges proves of a network and
// that package facts keeps. Where a proof fails, the layer is left to the specification
// (fallback.go). The package's comment lists the paths.

// inBytes proves that the levels of layer i, less the smallest, fit a byte.
func (p *planner) inBytes(i int) bool {
	f := &p.Facts[i]
	return !p.isCurrent(i) && f.Low <= 0 && f.High >= 0 && f.High-f.Low <= math.MaxUint8
}

// inKernels are the rules of neurons that the kernels follow; the others are left to the
// specification.
var inKernels = [...]bool{facts.Rate: true, facts.Signed: true, facts.Refine: true, facts.Capped: true}

// firesInKernel proves that the kernels can fire the neurons of layer i on the current that
// they compute from layer from: they know the rule, levels are bytes on both sides, and running
// totals fit 32 bits. That a neuron's division is exact in float32 is proven by u8.NewFire, up
// to the largest membrane.
func (p *planner) firesInKernel(i, from int) bool {
	const mostTotal = 1 << 30
	rule, n := p.Facts[i].Rule, p.Layers[i].Neuron
	return int(rule) < len(inKernels) && inKernels[rule] && !p.stores[i].wide && !p.stores[from].wide &&
		p.SumOverSteps(int64(n.Format.Max())) <= mostTotal
}

// bordered proves that the map which layer i reads stays small with a border as wide as its
// windows reach, and its weights with their padding: the kernels read both as if they were there.
func (p *planner) bordered(i int) bool {
	const (
		timesAsLarge = 16      // as the map
		atMost       = 1 << 14 // pixels more than that
	)
	window := p.windowOf(i)
	if window == nil {
		return true
	}
	in := p.Layers[p.Layers[i].In[0]].Shape
	halo := haloOf(in, p.Layers[i].Shape, window)
	pixels := int64(in.H+halo[0]+halo[2]) * int64(in.W+halo[1]+halo[3])
	taps := int64(window.Kernel[0]) * int64(window.Kernel[1])
	return max(pixels, taps) <= timesAsLarge*int64(in.H)*int64(in.W)+atMost
}

// windowOf returns the window of a layer, nil where it has none.
func (p *planner) windowOf(i int) *snn.Window {
	switch op := p.Layers[i].Op.(type) {
	case snn.Conv:
		return &op.Window
	case snn.SumPool:
		return &op.Window
	case snn.MaxPool:
		return &op.Window
	}
	return nil
}

// picksLevels proves that MaxPool i picks the largest of levels in bytes: there is one step, in
// which levels are their own sums.
func (p *planner) picksLevels(i int) bool {
	in, out := &p.stores[p.Layers[i].In[0]], &p.stores[i]
	return !in.wide && !out.wide && in.steps == 1 && in.zero == out.zero
}

// picksTotals proves that MaxPool i picks the largest of running totals in bytes: these never
// fall below 0, are within 255 in units of the last step, and the ratio between steps is a shift.
func (p *planner) picksTotals(i int) bool {
	from := p.Layers[i].In[0]
	in, out, f := &p.stores[from], &p.stores[i], &p.Facts[from]
	return !in.wide && !out.wide && in.steps > 1 && in.parent < 0 &&
		f.Rising && p.SumOverSteps(f.Largest()) <= math.MaxUint8 && p.Rho&(p.Rho-1) == 0
}

// mayUseWinograd proves that layer i is a convolution that Winograd's method serves, as far as
// the network tells; u8.NewWinograd proves that levels and weights are so small that it is
// exact. It costs a wider halo to try.
func (p *planner) mayUseWinograd(i int) bool {
	op, ok := p.Layers[i].Op.(snn.Conv)
	choice := p.options.Winograd
	return ok && p.Steps == 1 && choice != Never && (choice == Always || u8.HasWinograd(p.set)) &&
		op.Groups == 1 && u8.WinogradServes(op.Window, p.weightsOf(i).Q)
}

// mayList proves that what convolution c reads is a layer's levels in bytes, of which few groups
// are expected to be other than 0. Where more are, in a sample, the map is read as it is.
func (p *planner) mayList(c *conv) bool {
	if c.in >= len(p.Layers) || p.stores[c.in].wide || p.options.Sparse == Never {
		return false
	}
	density := p.Layers[c.in].Density
	return density > 0 && density <= sparseDensity
}

// canFuse proves that nobody but Sum i reads the current of layer from, so that it may be
// computed there.
func (p *planner) canFuse(i, from int) bool {
	l := &p.Layers[from]
	return l.Neuron == nil && p.subnet.Runs[from] && !p.subnet.Stays(from) && p.readers(from) == 1 &&
		p.bordered(from) && p.firesInKernel(i, l.In[0])
}

// addsLanes proves that the currents of two layers lie alike, step by step.
func (p *planner) addsLanes(a, b int) bool {
	ca, ok := p.Layers[a].Op.(snn.Conv)
	cb, also := p.Layers[b].Op.(snn.Conv)
	steps := func(i int) int { return p.stores[p.Layers[i].In[0]].steps }
	return ok && also && p.subnet.Runs[b] && p.Layers[b].Neuron == nil && ca.Groups == 1 && cb.Groups == 1 &&
		p.bordered(b) && steps(a) == steps(b)
}

// copies proves that the levels of layer from can be moved to layer i as they are.
func (p *planner) copies(i, from int) bool {
	a, b := &p.stores[i], &p.stores[from]
	return !a.wide && !b.wide && a.zero == b.zero && a.steps == b.steps
}

// inPlace proves that an input of a Concat can be written where it is joined. A sample's levels
// cannot: they are written before the stages run.
func (p *planner) inPlace(i, from int) bool {
	return from != 0 && p.stores[from].parent < 0 && p.copies(i, from)
}
