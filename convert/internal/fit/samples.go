package fit

import (
	"context"
	"math/rand/v2"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/par"
)

// Bounds of what a layer is observed on.
const (
	observedPositions = 24 << 10  // of a layer, over all samples
	observedMemory    = 512 << 20 // bytes of a layer's inputs at those positions, and of all samples
)

// load reads the samples, as many as memory allows. They stay in memory: every layer needs
// them all.
func (r *run) load(ctx context.Context) error {
	n := min(r.options.Samples, max(leastSamples, observedMemory/(4*r.program.InLen())))
	source := calibrate.Pick(r.options.Source, r.options.Seed, 0, n)
	r.samples = make([][]float32, source.Len())
	return par.ForErr(ctx, len(r.samples), r.options.Workers, func(_, s int) error {
		r.samples[s] = make([]float32, r.program.InLen())
		_, err := source.Sample(s, r.samples[s])
		return err
	})
}

// positions returns the positions of a sample at which a layer is observed, in ascending
// order. They are drawn at random, by the layer and the sample alone.
func (r *run) positions(l *plan.Layer, sample int) []int {
	pixels, per := l.Shape.H*l.Shape.W, r.perSample(l)
	if per == pixels {
		return upTo(pixels)
	}
	random := rand.New(rand.NewPCG(r.options.Seed, uint64(l.Index)<<32|uint64(sample)))
	at := random.Perm(pixels)[:per]
	slices.Sort(at)
	return at
}

// upTo returns the numbers from 0 up to, not including, n.
func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// perSample returns at how many positions of each sample a layer is observed.
func (r *run) perSample(l *plan.Layer) int {
	most := observedPositions
	if op, ok := l.Op.(plan.Weighted); ok {
		fan, groups := op.Fan(l)
		most = min(most, observedMemory/(4*groups*(fan+1)))
	}
	n := len(r.samples)
	return max(1, min(l.Shape.H*l.Shape.W, (most+n-1)/n))
}
