package fit

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/internal/par"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// recordingMemory bounds what a fit keeps of what layers put out, in bytes.
const recordingMemory = 512 << 20

// recordings is what some built layers put out, on all samples. Layers above them run on it:
// without it every look at a layer would run the network from its start.
type recordings map[*plan.Layer][]runtime.Recording

// size is the memory that the emissions of some layers take.
func (k recordings) size(layers []*plan.Layer) int {
	sum := 0
	for _, l := range layers {
		for _, e := range k[l] {
			sum += e.Size()
		}
	}
	return sum
}

// belowLayers lists, in their order, the kept layers at which the ways down from some layers end.
func (k recordings) belowLayers(layers []*plan.Layer) []*plan.Layer {
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
	*ridge
	plan     *runtime.Plan
	given    []*plan.Layer // kept ones, on which the others run
	sessions []*runtime.Session
}

// subnetwork prepares what the built layers that taps depend on need to run.
func (r *ridge) subnetwork(taps []*plan.Layer) (*subnetwork, error) {
	p := &subnetwork{ridge: r, given: r.recordings.belowLayers(taps)}
	wanted := indices(taps)
	last := slices.Max(wanted)
	net := *r.Net
	net.Layers, net.Output, net.Host = net.Layers[:last+1], last, nil
	var err error
	proof := snn.NewProof(&net)
	if err := proof.Extend(last + 1); err != nil {
		return nil, err
	}
	p.plan, err = runtime.Subnetwork(proof, indices(p.given), wanted)
	p.sessions = make([]*runtime.Session, max(par.Workers(), r.options.Workers))
	return p, err
}

func indices(layers []*plan.Layer) []int {
	list := make([]int, len(layers))
	for i, l := range layers {
		list[i] = l.Index
	}
	return list
}

// run runs the first n samples and shows visit the session after each. Calls by different
// workers overlap.
func (p *subnetwork) run(ctx context.Context, n int, visit func(worker, sample int, s *runtime.Session)) error {
	return par.ForErr(ctx, n, p.options.Workers, func(w, sample int) error {
		if p.sessions[w] == nil {
			p.sessions[w] = p.plan.NewSession(runtime.SessionOptions{})
		}
		given := make([]runtime.Recording, len(p.given))
		for k, l := range p.given {
			given[k] = p.recordings[l][sample]
		}
		err := p.sessions[w].RunOn(ctx, p.samples[sample], given)
		if err == nil {
			visit(w, sample, p.sessions[w])
		}
		return err
	})
}

// record keeps what l puts out, which is now done, if layers to come need it and there is
// room, and drops what they need no more. Currents are not kept: they take four times the
// room of spikes and are soon computed.
func (r *ridge) record(ctx context.Context, l *plan.Layer) error {
	inputs := r.readAbove(l)
	if !l.Spikes() || !slices.Contains(inputs, l) {
		r.drop(r.recordings.belowLayers(inputs))
		return nil
	}
	p, err := r.subnetwork([]*plan.Layer{l})
	if err != nil {
		return err
	}
	after := maps.Clone(r.recordings)
	after[l] = make([]runtime.Recording, len(r.samples))
	needed := after.belowLayers(inputs)
	if after.size(needed)+len(r.samples)*p.plan.RecordingSize(l.Index) > r.budget {
		r.drop(r.recordings.belowLayers(inputs))
		return nil
	}
	err = p.run(ctx, len(r.samples), func(_, sample int, s *runtime.Session) {
		after[l][sample] = s.Recording(l.Index)
		for other, emissions := range r.recordings {
			if !slices.Contains(needed, other) {
				emissions[sample] = runtime.Recording{} // makes room for those of other samples
			}
		}
	})
	r.recordings = after
	r.drop(needed)
	return err
}

// readAbove lists the layers up to l that layers above it read.
func (r *ridge) readAbove(l *plan.Layer) []*plan.Layer {
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

// drop keeps no more than the needed layers.
func (r *ridge) drop(needed []*plan.Layer) {
	maps.DeleteFunc(r.recordings, func(l *plan.Layer, _ []runtime.Recording) bool { return !slices.Contains(needed, l) })
}
