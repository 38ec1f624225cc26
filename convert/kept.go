package convert

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"ann2snn/internal/par"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// keptMemory bounds what a fit keeps of what layers put out, in bytes.
const keptMemory = 512 << 20

// kept is what some built layers put out, on all samples. Layers above them run on it:
// without it every look at a layer would run the network from its start.
type kept map[*layer][]runtime.Recording

// size is the memory that the emissions of some layers take.
func (k kept) size(layers []*layer) int {
	sum := 0
	for _, l := range layers {
		for _, e := range k[l] {
			sum += e.Size()
		}
	}
	return sum
}

// below lists, in their order, the kept layers at which the ways down from some layers end.
func (k kept) below(layers []*layer) []*layer {
	found, seen := map[*layer]bool{}, map[*layer]bool{}
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
		open = append(open, l.in...)
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b *layer) int { return cmp.Compare(a.index, b.index) })
}

// player runs built layers on the samples.
type player struct {
	*ridge
	plan     *runtime.Plan
	given    []*layer // kept ones, on which the others run
	sessions []*runtime.Session
}

// player prepares what the built layers that taps depend on need to run.
func (r *ridge) player(taps []*layer) (*player, error) {
	p := &player{ridge: r, given: r.kept.below(taps)}
	wanted := indices(taps)
	last := slices.Max(wanted)
	net := *r.net
	net.Layers, net.Output, net.Host = net.Layers[:last+1], last, nil
	proof := snn.NewProof(&net)
	if err := proof.Extend(last + 1); err != nil {
		return nil, err
	}
	var err error
	p.plan, err = runtime.Subnetwork(proof, indices(p.given), wanted)
	p.sessions = make([]*runtime.Session, max(par.Workers(), r.options.Workers))
	return p, err
}

func indices(layers []*layer) []int {
	list := make([]int, len(layers))
	for i, l := range layers {
		list[i] = l.index
	}
	return list
}

// run runs the first n samples and shows visit the session after each. Calls by different
// workers overlap.
func (p *player) run(ctx context.Context, n int, visit func(worker, sample int, s *runtime.Session)) error {
	return par.ForErr(ctx, n, p.options.Workers, func(w, sample int) error {
		if p.sessions[w] == nil {
			p.sessions[w] = p.plan.NewSession(runtime.SessionOptions{})
		}
		given := make([]runtime.Recording, len(p.given))
		for k, l := range p.given {
			given[k] = p.kept[l][sample]
		}
		err := p.sessions[w].RunOn(ctx, p.samples[sample], given)
		if err == nil {
			visit(w, sample, p.sessions[w])
		}
		return err
	})
}

// keep keeps what l puts out, which is now done, if layers to come need it and there is
// room, and drops what they need no more. Currents are not kept: they take four times the
// room of spikes and are soon computed.
func (r *ridge) keep(ctx context.Context, l *layer) error {
	inputs := r.readAbove(l)
	if !l.spikes() || !slices.Contains(inputs, l) {
		r.drop(r.kept.below(inputs))
		return nil
	}
	p, err := r.player([]*layer{l})
	if err != nil {
		return err
	}
	after := maps.Clone(r.kept)
	after[l] = make([]runtime.Recording, len(r.samples))
	needed := after.below(inputs)
	if after.size(needed)+len(r.samples)*p.plan.RecordingSize(l.index) > r.room {
		r.drop(r.kept.below(inputs))
		return nil
	}
	err = p.run(ctx, len(r.samples), func(_, sample int, s *runtime.Session) {
		after[l][sample] = s.Recording(l.index)
		for other, emissions := range r.kept {
			if !slices.Contains(needed, other) {
				emissions[sample] = runtime.Recording{} // makes room for those of other samples
			}
		}
	})
	r.kept = after
	r.drop(needed)
	return err
}

// readAbove lists the layers up to l that layers above it read.
func (r *ridge) readAbove(l *layer) []*layer {
	var inputs []*layer
	for _, above := range r.plan.layers[l.index+1:] {
		for _, in := range above.in {
			if in.index <= l.index {
				inputs = append(inputs, in)
			}
		}
	}
	return inputs
}

// drop keeps no more than the needed layers.
func (r *ridge) drop(needed []*layer) {
	maps.DeleteFunc(r.kept, func(l *layer, _ []runtime.Recording) bool { return !slices.Contains(needed, l) })
}
