package fit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/par"
)

// Bounds of what a layer is observed on.
const (
	observedPositions = 24 << 10  // of a layer, over all samples
	observedProducts  = 2e11      // of inputs with each other at those positions
	observedMemory    = 512 << 20 // bytes of a layer's inputs at those positions, and of all samples
)

// load reads the samples, as many as memory allows. They stay in memory: every layer needs
// them all.
func (r *run) load(ctx context.Context) error {
	n := min(r.options.Samples, max(leastSamples, observedMemory/(4*r.program.InLen())))
	fitted, held := calibrate.Pick(r.options.Source, r.options.Seed, 0, n), r.options.HeldBack
	if held == nil {
		fitted, held = calibrate.Split(r.options.Source, r.options.Seed, n)
	}
	all := make([][]float32, fitted.Len()+held.Len())
	err := par.ForErr(ctx, len(all), r.options.Workers, func(_, s int) error {
		all[s] = make([]float32, r.program.InLen())
		source, i := fitted, s
		if s >= fitted.Len() {
			source, i = held, s-fitted.Len()
		}
		_, err := source.Sample(i, all[s])
		return err
	})
	r.keepDifferent(all, fitted.Len())
	return err
}

// keepDifferent keeps the samples that differ from all before them: a copy would judge a fit
// to its original.
func (r *run) keepDifferent(all [][]float32, fitted int) {
	seen := map[[sha256.Size]byte]bool{}
	for s, sample := range all {
		h := sha256.New()
		_ = binary.Write(h, binary.LittleEndian, sample) // a hash never fails
		key := [sha256.Size]byte(h.Sum(nil))
		if seen[key] {
			continue
		}
		seen[key] = true
		r.samples = append(r.samples, sample)
		if s < fitted {
			r.fitted++
		}
	}
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
		most = min(most, observedMemory/(4*groups*(fan+1)), observedProducts/(fan*fan))
	}
	n := len(r.samples)
	return max(1, min(l.Shape.H*l.Shape.W, (most+n-1)/n))
}
