package fit

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/internal/par"
	"ann2snn/runtime"
)

// recordingMemory bounds the recordings of a fit, in bytes.
const recordingMemory = 256 << 20

// recordings are the outputs of some built layers on all samples. Layers above them run on
// these: without recordings every observation would run the network from its start.
type recordings map[*plan.Layer][]runtime.Recording

// size returns the memory that the recordings of some layers take.
func (k recordings) size(layers []*plan.Layer) int {
	sum := 0
	for _, l := range layers {
		for _, e := range k[l] {
			sum += e.Size()
		}
	}
	return sum
}

// under lists, in their order, the recorded layers at which the ways down from some layers
// end.
func (k recordings) under(layers []*plan.Layer) []*plan.Layer {
	found, seen := map[*plan.Layer]bool{}, map[*plan.Layer]bool{}
	for open := slices.Clone(layers); len(open) > 0; {
		l := open[len(open)-1]
		open = open[:len(open)-1]
		if seen[l] {
			continue
		}
		seen[l] = true
		if _, ok := k[l]; ok {
			found[l] = true
			continue
		}
		open = append(open, l.In...)
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b *plan.Layer) int { return cmp.Compare(a.Index, b.Index) })
}

// subnetwork runs built layers on the samples.
type subnetwork struct {
	fit      *run
	plan     *runtime.Plan
	given    []*plan.Layer // recorded ones, on which the others run
	sessions []*runtime.Session
	inputs   [][]float32 // of a sample, by worker
}

// subnetworkOf prepares the built layers that some layers depend on, down to recorded ones,
// and these layers themselves.
func (r *run) subnetworkOf(ctx context.Context, layers []*plan.Layer) (*subnetwork, error) {
	s := &subnetwork{
		fit: r, given: r.recordings.under(layers), inputs: r.inputBuffers(),
		sessions: make([]*runtime.Session, max(par.Workers(), r.options.Workers)),
	}
	wanted := indices(layers)
	proof, err := r.Prove(slices.Max(wanted) + 1)
	if err != nil {
		return nil, err
	}
	s.plan, err = runtime.Subnetwork(ctx, proof, indices(s.given), wanted)
	return s, err
}

func indices(layers []*plan.Layer) []int {
	list := make([]int, len(layers))
	for i, l := range layers {
		list[i] = l.Index
	}
	return list
}

// run runs the samples from first on and shows visit the session after each. Calls by different
// workers overlap.
func (s *subnetwork) run(ctx context.Context, first int, visit func(worker, sample int, s *runtime.Session) error) error {
	return par.ForErr(ctx, len(s.fit.samples)-first, s.fit.options.Workers, func(w, i int) error {
		sample := first + i
		if s.sessions[w] == nil {
			s.sessions[w] = s.plan.NewSession(runtime.SessionOptions{})
		}
		given := make([]runtime.Recording, len(s.given))
		for k, l := range s.given {
			given[k] = s.fit.recordings[l][sample]
		}
		if err := s.sessions[w].RunOn(ctx, s.fit.samples[sample].input(s.inputs[w]), given); err != nil {
			return err
		}
		return visit(w, sample, s.sessions[w])
	})
}

// record records the output of l, which is done, if layers to come need it and the budget
// allows, and drops recordings that they no longer need. Currents are not recorded: they
// take four times the memory of spikes and are soon computed.
func (r *run) record(ctx context.Context, l *plan.Layer) error {
	inputs := r.readAbove(l)
	if !l.Spikes() || !slices.Contains(inputs, l) {
		r.drop(r.recordings.under(inputs))
		return nil
	}
	s, err := r.subnetworkOf(ctx, []*plan.Layer{l})
	if err != nil {
		return err
	}
	after := maps.Clone(r.recordings)
	after[l] = make([]runtime.Recording, len(r.samples))
	needed := after.under(inputs)
	if after.size(needed)+len(r.samples)*s.plan.RecordingSize(l.Index) > r.budget {
		r.drop(r.recordings.under(inputs))
		return nil
	}
	err = s.run(ctx, 0, func(_, sample int, s *runtime.Session) (err error) {
		after[l][sample], err = s.Recording(l.Index)
		for other, recordings := range r.recordings {
			if !slices.Contains(needed, other) {
				recordings[sample] = runtime.Recording{} // makes room for those of other samples
			}
		}
		return err
	})
	r.recordings = after
	r.drop(needed)
	return err
}

// readAbove lists the layers up to l that layers above it read.
func (r *run) readAbove(l *plan.Layer) []*plan.Layer {
	var inputs []*plan.Layer
	for _, above := range r.Plan.Layers[l.Index+1:] {
		for _, in := range above.In {
			if in.Index <= l.Index {
				inputs = append(inputs, in)
			}
		}
	}
	return inputs
}

// drop drops the recordings of all layers but the needed ones.
func (r *run) drop(needed []*plan.Layer) {
	maps.DeleteFunc(r.recordings, func(l *plan.Layer, _ []runtime.Recording) bool { return !slices.Contains(needed, l) })
}
