package fit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math"
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
	observedOutputs   = 12 << 20  // at those positions
	observedMemory    = 192 << 20 // bytes of a layer's inputs at those positions
	sampleMemory      = 512 << 20 // bytes of all samples
)

// sample is an input of the network. Pixels have few values: where that takes less memory, it
// keeps these, and of each element which one it is.
type sample struct {
	elements []float32 // nil where the following are given
	values   []float32
	which    []uint16
}

// newSample keeps x or, where it has few values, these.
func newSample(x []float32) sample {
	const most = 1 << 16
	s, places := sample{which: make([]uint16, len(x))}, map[uint32]uint16{}
	for i, v := range x {
		bits := math.Float32bits(v)
		at, ok := places[bits]
		if !ok {
			if len(s.values) == min(most, len(x)/4) {
				return sample{elements: slices.Clone(x)}
			}
			at = uint16(len(s.values))
			places[bits] = at
			s.values = append(s.values, v)
		}
		s.which[i] = at
	}
	return s
}

// input returns the elements of a sample, maybe in memory of as many elements.
func (s *sample) input(memory []float32) []float32 {
	if s.which == nil {
		return s.elements
	}
	for i, at := range s.which {
		memory[i] = s.values[at]
	}
	return memory
}

// load reads the samples, as many as memory allows. They stay in memory: every layer needs
// them all.
func (r *run) load(ctx context.Context) error {
	n := min(r.options.Samples, max(leastSamples, sampleMemory/(4*r.program.InLen())))
	fitted, held := calibrate.Pick(r.options.Source, r.options.Seed, 0, n), r.options.HeldBack
	if held == nil {
		fitted, held = calibrate.Split(r.options.Source, r.options.Seed, n)
	}
	all := make([]sample, fitted.Len()+held.Len())
	keys := make([][sha256.Size]byte, len(all))
	buffers := r.inputBuffers()
	err := par.ForErr(ctx, len(all), r.options.Workers, func(w, s int) error {
		source, i := fitted, s
		if s >= fitted.Len() {
			source, i = held, s-fitted.Len()
		}
		if _, err := source.Sample(i, buffers[w]); err != nil {
			return err
		}
		h := sha256.New()
		_ = binary.Write(h, binary.LittleEndian, buffers[w]) // a hash never fails
		keys[s], all[s] = [sha256.Size]byte(h.Sum(nil)), newSample(buffers[w])
		return nil
	})
	r.keepDifferent(all, keys, fitted.Len())
	return err
}

// inputBuffers returns memory for a sample for each worker.
func (r *run) inputBuffers() [][]float32 {
	buffers := make([][]float32, max(par.Workers(), r.options.Workers))
	for w := range buffers {
		buffers[w] = make([]float32, r.program.InLen())
	}
	return buffers
}

// keepDifferent keeps the samples that differ, by their keys, from all before them: a copy would
// judge a fit to its original.
func (r *run) keepDifferent(all []sample, keys [][sha256.Size]byte, fitted int) {
	seen := map[[sha256.Size]byte]bool{}
	for s, sample := range all {
		if seen[keys[s]] {
			continue
		}
		seen[keys[s]] = true
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
	most := min(observedPositions, observedOutputs/l.Shape.C)
	if op, ok := l.Op.(plan.Weighted); ok {
		fan, groups := op.Fan(l)
		most = min(most, observedMemory/(4*groups*(fan+1)), observedProducts/(fan*fan))
	}
	n := len(r.samples)
	return max(1, min(l.Shape.H*l.Shape.W, (most+n-1)/n))
}
