package calibrate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"ann2snn/internal/par"
	"ann2snn/internal/sampleid"
	"ann2snn/ir"
)

// Source is a set of preprocessed samples. Sample fills dst, one sample exactly as the
// network's input takes it, and returns its class, or a number below 0 where it is not
// known. Sample must be safe for concurrent use.
type Source interface {
	Len() int
	Sample(i int, dst []float32) (label int, err error)
}

// Identified is a Source that can tell what its samples hold before they are preprocessed: the
// same picture has the same ID, whatever its file and preprocessing. size is the number of
// values of a sample. ID must be safe for concurrent use.
type Identified interface {
	Source
	ID(i, size int) (uint64, error)
}

// ID identifies sample i of a source, of size values: as it says itself, if it is [Identified],
// else by the values.
func ID(s Source, i, size int) (uint64, error) {
	if s, ok := s.(Identified); ok {
		return s.ID(i, size)
	}
	values := make([]float32, size)
	if _, err := s.Sample(i, values); err != nil {
		return 0, err
	}
	return sampleid.Values(values), nil
}

// IDs identifies all samples of a source, of size values each, in their order. It takes so many
// goroutines, one per core where that is not positive.
func IDs(ctx context.Context, s Source, size, workers int) ([]uint64, error) {
	ids := make([]uint64, s.Len())
	err := par.ForErr(ctx, len(ids), workers, func(_, i int) (err error) {
		ids[i], err = ID(s, i, size)
		return err
	})
	return ids, err
}

// Select returns those samples of s whose numbers are given.
func Select(s Source, numbers []int) Source { return picked{s, numbers} }

// Named is a Source that can say where a sample comes from, such as "test/3/17.png" or
// "x.npy[17]". Its errors say it too.
type Named interface {
	Source
	Name(i int) string
}

// NameOf names sample i of s in messages: by where it comes from, otherwise by its index.
func NameOf(s Source, i int) string {
	if named, ok := s.(Named); ok {
		return named.Name(i)
	}
	return fmt.Sprintf("sample %d", i)
}

// Site is a value whose statistics are collected. Axis is the channel axis, or -1 where the
// whole value shares one threshold. Signed says that negative values count: spikes of
// both signs will stand for the value.
type Site struct {
	Value  ir.ValueID
	Axis   int
	Signed bool
}

// Permutation is the order in which Pick draws from n samples.
func Permutation(n int, seed uint64) []int {
	return rand.New(rand.NewPCG(seed, permutationStream)).Perm(n)
}

// Pick returns samples from to from+n of a permutation of s that depends on seed alone,
// fewer where s has no more. Picks of the same seed that do not overlap share no sample:
// that is how samples are held back from calibration.
func Pick(s Source, seed uint64, from, n int) Source {
	order := Permutation(s.Len(), seed)
	from = min(max(from, 0), len(order))
	end := from + min(max(n, 0), len(order)-from)
	return picked{s, order[from:end]}
}

// Draw parts samples into n that are drawn as Pick draws them, and the rest, in the order of s.
func Draw(s Source, seed uint64, n int) (drawn, rest Source) {
	order := Permutation(s.Len(), seed)
	n = min(max(n, 0), len(order))
	others := order[n:]
	slices.Sort(others)
	return picked{s, order[:n]}, picked{s, others}
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

// Name names a sample as the source that it was picked from does.
func (p picked) Name(i int) string { return NameOf(p.Source, p.order[i]) }

func (p picked) Sample(i int, dst []float32) (int, error) {
	label, err := p.Source.Sample(p.order[i], dst)
	if err != nil {
		return 0, p.about(i, err)
	}
	return label, nil
}

// about names sample i in an error, unless the source has done so.
func (p picked) about(i int, err error) error {
	if _, named := p.Source.(Named); named {
		return err
	}
	return fmt.Errorf("calibrate: %s: %w", p.Name(i), err)
}

func (p picked) ID(i, size int) (uint64, error) {
	id, err := ID(p.Source, p.order[i], size)
	if err != nil {
		return 0, p.about(i, err)
	}
	return id, nil
}
