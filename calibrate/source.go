package calibrate

import (
	"fmt"
	"math/rand/v2"

	"ann2snn/ir"
)

// Source is a set of preprocessed samples. Sample fills dst, one sample exactly as the
// network's input takes it, and returns its class, or a number below 0 where it is not
// known. Sample must be safe for concurrent use.
type Source interface {
	Len() int
	Sample(i int, dst []float32) (label int, err error)
}

// Site is a value whose statistics are collected. Axis is the channel axis, or -1 where the
// whole value shares one threshold. Signed says that negative values count: spikes of
// both signs will stand for the value.
type Site struct {
	Value  ir.ValueID
	Axis   int
	Signed bool
}

// Pick returns samples from to from+n of a permutation of s that depends on seed alone,
// fewer where s has no more. Picks of the same seed that do not overlap share no sample:
// that is how samples are held back from calibration.
func Pick(s Source, seed uint64, from, n int) Source {
	order := rand.New(rand.NewPCG(seed, permutationStream)).Perm(s.Len())
	from = min(max(from, 0), len(order))
	end := from + min(max(n, 0), len(order)-from)
	return picked{s, order[from:end]}
}

// Bounds of what Split holds back.
const (
	heldBackPart  = 8 // one sample in so many
	heldBackLeast = 32
)

// Split parts samples into those that thresholds and weights are computed from, at most n,
// and those held back, which judge the results: one in eight, but at least 32. Those held
// back are samples beyond the first n. Where s has too few of these, the others are taken
// from the first n, half of them at most. Both parts follow the permutation of Pick.
func Split(s Source, seed uint64, n int) (chosen, heldBack Source) {
	held := max(heldBackLeast, n/heldBackPart)
	have := min(s.Len(), n+held)
	first := min(n, max(have-held, (have+1)/2))
	return Pick(s, seed, 0, first), Pick(s, seed, first, have-first)
}

// permutationStream sets the permutation's random numbers apart from those of Synthetic.
const permutationStream = 0x7065726d75746521

type picked struct {
	Source
	order []int
}

func (p picked) Len() int { return len(p.order) }

func (p picked) Sample(i int, dst []float32) (int, error) {
	label, err := p.Source.Sample(p.order[i], dst)
	if err != nil {
		return 0, fmt.Errorf("calibrate: sample %d: %w", p.order[i], err)
	}
	return label, nil
}
