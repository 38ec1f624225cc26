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
	want   []float32 // n x channels: the trained network's pre-activations
	others []float32 // n x channels: what else is added to the layer's current; nil for nothing
	gain   []float32 // per channel: factor of the layer's current in the sum; nil means 1

	// The inputs of a weighted layer: per group, n rows of the inputs of a neuron and a 1.
	inputs [][]float32
	width  int // of a row of inputs
}

// observe runs the built layers on the first n samples and shows visit the outputs of some
// of them, in C, H, W order. Calls for different samples overlap.
func (r *run) observe(ctx context.Context, n int, layers []*plan.Layer, visit func(sample int, values [][]float32)) error {
	s, err := r.subnetworkOf(ctx, layers)
	if err != nil {
		return err
	}
	values := make([][][]float32, len(s.sessions))
	return s.run(ctx, n, func(w, sample int, s *runtime.Session) error {
		if values[w] == nil {
			for _, l := range layers {
				values[w] = append(values[w], make([]float32, l.Shape.Len()))
			}
		}
		for i, l := range layers {
			if err := s.Value(l.Index, values[w][i]); err != nil {
				return err
			}
		}
		visit(sample, values[w])
		return nil
	})
}

// observeWeighted observes the inputs of a weighted layer whose current is a term of goal,
// and the other terms.
func (r *run) observeWeighted(ctx context.Context, l, goal *plan.Layer, term int) (*observations, error) {
	want, err := r.targetsOf(ctx, l)
	if err != nil {
		return nil, err
	}
	op, _ := l.Op.(plan.Weighted)
	fan, groups := op.Fan(l)
	per := r.perSample(l)
	seen := &observations{n: per * len(r.samples), want: want, inputs: make([][]float32, groups), width: fan + 1}
	for g := range seen.inputs {
		seen.inputs[g] = make([]float32, seen.n*seen.width)
	}
	observed := []*plan.Layer{l.In[0]}
	var terms []*plan.Layer
	if goal != l {
		terms = slices.Concat(goal.In[:term], goal.In[term+1:])
		observed = append(observed, terms...)
		seen.others = make([]float32, seen.n*l.Shape.C)
		s, _ := goal.Op.(*plan.Sum)
		seen.gain = plan.Repeat(s.Gains[term], l.Shape.C)
	}
	err = r.observe(ctx, len(r.samples), observed, func(sample int, values [][]float32) {
		patch := make([]float32, groups*fan)
		for i, at := range r.positions(l, sample) {
			row := sample*per + i
			op.Patch(l, patch, values[0], at)
			for g, u := range seen.inputs {
				copy(u[row*seen.width:], patch[g*fan:][:fan])
				u[row*seen.width+fan] = 1
			}
			if goal != l {
				addTerms(goal, seen.others[row*l.Shape.C:][:l.Shape.C], terms, values[1:], at)
			}
		}
	})
	return seen, err
}

// observeSum observes the current of a sum, all inputs of which are done.
func (r *run) observeSum(ctx context.Context, l *plan.Layer) (*observations, error) {
	want, err := r.targetsOf(ctx, l)
	if err != nil {
		return nil, err
	}
	per := r.perSample(l)
	seen := &observations{n: per * len(r.samples), want: want}
	seen.others = make([]float32, seen.n*l.Shape.C)
	err = r.observe(ctx, len(r.samples), l.In, func(sample int, values [][]float32) {
		for i, at := range r.positions(l, sample) {
			addTerms(l, seen.others[(sample*per+i)*l.Shape.C:][:l.Shape.C], l.In, values, at)
		}
	})
	return seen, err
}

// addTerms sets dst to the bias of a sum and some of its terms at a position.
func addTerms(l *plan.Layer, dst []float32, terms []*plan.Layer, values [][]float32, at int) {
	s, _ := l.Op.(*plan.Sum)
	pixels := l.Shape.H * l.Shape.W
	copy(dst, s.Bias)
	for k, term := range terms {
		gain := s.Gains[slices.Index(l.In, term)]
		for c := range dst {
			dst[c] += gain[(at*l.Shape.C+c)%len(gain)] * values[k][c*pixels+at]
		}
	}
}
