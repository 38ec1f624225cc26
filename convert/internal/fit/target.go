package fit

import (
	"context"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/internal/par"
	"ann2snn/ir"
)

// targetMemory bounds the targets of several layers together, in bytes.
const targetMemory = 128 << 20

// goalOf returns what a weighted layer is fitted to: its own current or, where it is the last
// term of a sum, the current of that sum.
func (r *run) goalOf(l *plan.Layer) (goal *plan.Layer, term int) {
	if l.Neuron != nil || l == r.Plan.Output {
		return l, 0
	}
	var reader *plan.Layer
	for _, other := range r.Plan.Layers {
		if slices.Contains(other.In, l) {
			if reader != nil {
				return l, 0
			}
			reader = other
		}
	}
	if reader == nil || reader.Current == ir.None || reader.Shape != l.Shape {
		return l, 0
	}
	s, ok := reader.Op.(*plan.Sum)
	if !ok || slices.ContainsFunc(reader.In, func(in *plan.Layer) bool { return in.Index > l.Index }) {
		return l, 0
	}
	if term = slices.Index(reader.In, l); len(s.Gains[term]) > l.Shape.C {
		return l, 0
	}
	return reader, term
}

// targetsOf returns the trained network's pre-activations of the goal of layer l at the
// positions where l is observed. They are handed out once.
func (r *run) targetsOf(ctx context.Context, l *plan.Layer) ([]float32, error) {
	if r.targets[l] == nil {
		if err := r.findTargets(ctx, l.Index); err != nil {
			return nil, err
		}
	}
	want := r.targets[l]
	delete(r.targets, l)
	return want, nil
}

// findTargets runs the trained network for the targets of layer from and of as many layers
// behind it as memory allows.
func (r *run) findTargets(ctx context.Context, from int) error {
	type reader struct{ goal, l *plan.Layer }
	readers := make(map[ir.ValueID][]reader)
	elements := 0
	for _, l := range r.Plan.Layers[from:] {
		_, isWeighted := l.Op.(plan.Weighted)
		_, isSum := l.Op.(*plan.Sum)
		if l.Current == ir.None || !isWeighted && (!isSum || l.Neuron == nil) {
			continue
		}
		size := r.perSample(l) * len(r.samples) * l.Shape.C
		if elements += size; elements > targetMemory/4 && len(readers) > 0 {
			break
		}
		goal, _ := r.goalOf(l)
		r.targets[l] = make([]float32, size)
		readers[goal.Current] = append(readers[goal.Current], reader{goal, l})
	}
	wanted, buffers := make([]bool, len(r.Plan.Graph.Values)), r.inputBuffers()
	for id := range readers {
		wanted[id] = true
	}
	return par.ForErr(ctx, len(r.samples), r.options.Workers, func(w, s int) error {
		return r.program.Observe(ctx, r.samples[s].input(buffers[w]), wanted, func(id ir.ValueID, v []float32) {
			for _, to := range readers[id] {
				per := r.perSample(to.l)
				channelsAt(to.goal, r.targets[to.l][s*per*to.l.Shape.C:], v, r.positions(to.l, s))
			}
		})
	})
}

// channelsAt copies v, the trained network's value for a layer, at some positions of the
// layer, with all channels.
func channelsAt(l *plan.Layer, dst, v []float32, places []int) {
	channels, pixels := l.Shape.C, l.Shape.H*l.Shape.W
	if l.View == nil {
		for i, at := range places {
			for c := range channels {
				dst[i*channels+c] = v[c*pixels+at]
			}
		}
		return
	}
	from := make([]int32, l.Shape.Len())
	for i, at := range l.View {
		if at >= 0 {
			from[at] = int32(i)
		}
	}
	for i, at := range places {
		for c := range channels {
			dst[i*channels+c] = v[from[at*channels+c]]
		}
	}
}
