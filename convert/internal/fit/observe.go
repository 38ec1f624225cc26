package fit

import (
	"context"
	"slices"

	"ann2snn/convert/internal/plan"
	"ann2snn/runtime"
)

// observations hold what is known of a layer at some positions of all samples. Rows are
// positions, sample by sample.
type observations struct {
	n      int       // rows
	fitted int       // the first so many rows, of samples that are fitted on; the others judge
	want   []float32 // n x channels: the trained network's pre-activations
	others []float32 // n x channels: what else is added to the layer's current; nil for nothing
	gain   []float32 // per channel: factor of the layer's current in the sum; nil means 1

	// The inputs of a weighted layer: per group, n rows of the inputs of a neuron and a 1.
	inputs [][]float32
	width  int // of a row of inputs
}

// shown is what observe shows of a sample.
type shown struct {
	sample int
	at     []int       // the positions
	maps   [][]float32 // outputs of layers, in C, H, W order
	rows   [][]float32 // outputs of layers at the positions, with a row of channels for each
}

// observe runs the built layers on the samples from first on. It shows visit the whole outputs of
// some of them, and those of others at the positions at which l is observed. Calls for
// different samples overlap; what they are shown is valid until they return.
func (r *run) observe(ctx context.Context, first int, l *plan.Layer, maps, rows []*plan.Layer, visit func(shown)) error {
	s, err := r.subnetworkOf(ctx, slices.Concat(maps, rows))
	if err != nil {
		return err
	}
	buffers := make([]shown, len(s.sessions))
	return s.run(ctx, first, func(w, sample int, s *runtime.Session) error {
		b := &buffers[w]
		if b.maps == nil && b.rows == nil {
			for _, from := range maps {
				b.maps = append(b.maps, make([]float32, from.Shape.Len()))
			}
			for _, from := range rows {
				b.rows = append(b.rows, make([]float32, r.perSample(l)*from.Shape.C))
			}
		}
		b.sample, b.at = sample, r.positions(l, sample)
		for i, from := range maps {
			if err := s.Value(from.Index, b.maps[i]); err != nil {
				return err
			}
		}
		for i, from := range rows {
			if err := s.ValueAt(from.Index, b.at, b.rows[i]); err != nil {
				return err
			}
		}
		visit(*b)
		return nil
	})
}

// observeWeighted observes the inputs of a weighted layer whose current is a term of goal,
// and the other terms. The inputs lie in the memory of those of the layer before.
func (r *run) observeWeighted(ctx context.Context, l, goal *plan.Layer, term int) (*observations, error) {
	want, err := r.targetsOf(ctx, l)
	if err != nil {
		return nil, err
	}
	op, _ := l.Op.(plan.Weighted)
	fan, groups := op.Fan(l)
	per := r.perSample(l)
	o := &observations{n: per * len(r.samples), fitted: per * r.fitted, want: want, inputs: make([][]float32, groups), width: fan + 1}
	size := o.n * o.width
	if len(r.inputs) < groups*size {
		r.inputs = nil // two of these would be the most memory that a fit takes
		r.inputs = make([]float32, groups*size)
	}
	for g := range o.inputs {
		o.inputs[g] = r.inputs[g*size:][:size]
	}
	var terms []*plan.Layer
	if goal != l {
		terms = slices.Concat(goal.In[:term], goal.In[term+1:])
		o.others = make([]float32, o.n*l.Shape.C)
		s, _ := goal.Op.(*plan.Sum)
		o.gain = plan.Repeat(s.Gains[term], l.Shape.C)
	}
	err = r.observe(ctx, 0, l, l.In[:1], terms, func(s shown) {
		patch := make([]float32, groups*fan)
		for i, at := range s.at {
			row := s.sample*per + i
			op.Patch(l, patch, s.maps[0], at)
			for g, u := range o.inputs {
				copy(u[row*o.width:], patch[g*fan:][:fan])
				u[row*o.width+fan] = 1
			}
			if goal != l {
				s.addTerms(goal, terms, i, o.others[row*l.Shape.C:][:l.Shape.C])
			}
		}
	})
	return o, err
}

// observeSum observes the current of a sum, all inputs of which are done.
func (r *run) observeSum(ctx context.Context, l *plan.Layer) (*observations, error) {
	want, err := r.targetsOf(ctx, l)
	if err != nil {
		return nil, err
	}
	per := r.perSample(l)
	o := &observations{n: per * len(r.samples), fitted: per * r.fitted, want: want}
	o.others = make([]float32, o.n*l.Shape.C)
	err = r.observe(ctx, 0, l, nil, l.In, func(s shown) {
		for i := range s.at {
			s.addTerms(l, l.In, i, o.others[(s.sample*per+i)*l.Shape.C:][:l.Shape.C])
		}
	})
	return o, err
}

// addTerms sets dst to the bias of sum l and some of its terms, which the rows hold, at
// position i.
func (s *shown) addTerms(l *plan.Layer, terms []*plan.Layer, i int, dst []float32) {
	sum, _ := l.Op.(*plan.Sum)
	copy(dst, sum.Bias)
	for k, term := range terms {
		gain, row := sum.Gains[slices.Index(l.In, term)], s.rows[k][i*l.Shape.C:][:l.Shape.C]
		for c := range dst {
			dst[c] += gain[(s.at[i]*l.Shape.C+c)%len(gain)] * row[c]
		}
	}
}
