package fit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/ann"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/par"
	"ann2snn/ir"
	"ann2snn/runtime"
)

// Bounds of a fit.
const (
	ridgeRows    = 24 << 10  // positions of a layer that are looked at, over all samples
	ridgeMemory  = 512 << 20 // bytes of what a layer reads at those positions, and of all samples
	targetMemory = 256 << 20 // bytes of what the trained network has there, of several layers
	widestFit    = 6 << 10   // inputs of a neuron; a fit takes time as their third power
)

// Ridge builds the network layer by layer. Each weighted layer is fitted, by ridge
// regression, to give the trained network's pre-activations from the outputs of the spiking
// layers before it; then its thresholds are chosen for the currents that it has. So every
// layer corrects the errors of those before it, and of the skip path that it is added to.
func Ridge(ctx context.Context, b *fill.Builder, o Options) (*Result, error) {
	r, err := newRidge(ctx, b, o)
	if err != nil {
		return nil, err
	}
	for i, l := range b.Plan.Layers {
		if err := r.next(ctx, l); err != nil {
			return nil, fmt.Errorf("convert: fitting %q: %w", l.Name, err)
		}
		if o.Progress != nil {
			o.Progress(i+1, len(b.Plan.Layers))
		}
	}
	if r.gatesRemoved {
		b.DropUnread()
	}
	return &Result{Samples: len(r.samples), Notes: r.notes}, b.Verify()
}

// ridge is the state of a fit: the layers that it has done are built.
type ridge struct {
	*fill.Builder
	options Options
	samples [][]float32
	program *ann.Program // the trained network
	set     *cpu.Set

	targets      map[*plan.Layer][]float32 // pre-activations of the trained network at the positions of a layer
	recordings   recordings
	budget       int // of the recordings, in bytes
	notes        []string
	gatesRemoved bool
}

// newRidge is a fit of which no layer is done.
func newRidge(ctx context.Context, b *fill.Builder, o Options) (*ridge, error) {
	r := &ridge{
		Builder: b, options: o,
		targets: map[*plan.Layer][]float32{}, recordings: recordings{}, budget: recordingMemory, set: cpu.Default(),
	}
	var err error
	if r.program, err = ann.Compile(b.Plan.Graph, ann.Options{}); err != nil {
		return nil, err
	}
	return r, r.load(ctx)
}

// load reads the samples, as many as memory allows.
func (r *ridge) load(ctx context.Context) error {
	n := min(r.options.Samples, max(leastSamples, ridgeMemory/(4*r.program.InLen())))
	source := calibrate.Pick(r.options.Source, r.options.Seed, 0, n)
	r.samples = make([][]float32, source.Len())
	return par.ForErr(ctx, len(r.samples), r.options.Workers, func(_, s int) error {
		r.samples[s] = make([]float32, r.program.InLen())
		_, err := source.Sample(s, r.samples[s])
		return err
	})
}

// next does the next layer and records its output for those above it.
func (r *ridge) next(ctx context.Context, l *plan.Layer) error {
	if err := r.fitLayer(ctx, l); err != nil {
		return err
	}
	return r.record(ctx, l)
}

// fitLayer fits the weights of a layer and its gate, builds it, and chooses its thresholds;
// the layers below it are done.
func (r *ridge) fitLayer(ctx context.Context, l *plan.Layer) error {
	var seen *rows
	var err error
	if _, ok := l.Op.(plan.Weighted); ok && l.Current != ir.None {
		if seen, err = r.fitWeights(ctx, l); err != nil {
			return err
		}
	}
	if err := r.fitGate(ctx, l); err != nil {
		return err
	}
	if err := r.Layer(l); err != nil {
		return err
	}
	if l.Neuron == nil || !r.tunes(l) {
		return nil
	}
	if _, ok := l.Op.(*plan.Sum); ok {
		if seen, err = r.sumRows(ctx, l); err != nil {
			return err
		}
	}
	if seen == nil {
		return nil
	}
	if err := r.tune(l, seen); err != nil || !r.retunes() {
		return err
	}
	return r.retune(ctx, l, seen)
}

// goal is what a weighted layer is fitted to: its own current or, where it is the last
// term of a sum, the current of that sum.
func (r *ridge) goal(l *plan.Layer) (goal *plan.Layer, term int) {
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

// rows are what is seen of a layer at some positions of all samples.
type rows struct {
	n    int
	want []float32 // n x channels: the trained network's pre-activations
	rest []float32 // n x channels: what else is added to the current; nil for nothing
	gain []float32 // per channel: factor of the current; nil means 1

	// What a weighted layer reads: per group, n rows of the inputs of a neuron and a 1.
	u     [][]float32
	width int // of a row of u
}

// note tells the user about a layer.
func (r *ridge) note(l *plan.Layer, what string) {
	r.notes = append(r.notes, fmt.Sprintf("%q: %s", l.Name, what))
}

// places are the positions of a sample that are looked at.
func (r *ridge) places(l *plan.Layer, sample int) []int {
	pixels, per := l.Shape.H*l.Shape.W, r.perSample(l)
	if per == pixels {
		return inOrder(pixels)
	}
	random := rand.New(rand.NewPCG(r.options.Seed, uint64(l.Index)<<32|uint64(sample)))
	at := random.Perm(pixels)[:per]
	slices.Sort(at)
	return at
}

func inOrder(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// perSample is how many positions of a sample are looked at.
func (r *ridge) perSample(l *plan.Layer) int {
	most := ridgeRows
	if op, ok := l.Op.(plan.Weighted); ok {
		f, _, groups := op.Trained(l)
		most = min(most, ridgeMemory/(4*groups*(len(f)/l.Shape.C+1)))
	}
	n := len(r.samples)
	return max(1, min(l.Shape.H*l.Shape.W, (most+n-1)/n))
}

// run sends the first n samples through the layers built so far and shows visit what the
// taps put out, in C, H, W order. Calls of different samples overlap.
func (r *ridge) run(ctx context.Context, n int, taps []*plan.Layer, visit func(sample int, values [][]float32)) error {
	p, err := r.subnetwork(taps)
	if err != nil {
		return err
	}
	values := make([][][]float32, len(p.sessions))
	return p.run(ctx, n, func(w, sample int, s *runtime.Session) {
		if values[w] == nil {
			for _, tap := range taps {
				values[w] = append(values[w], make([]float32, tap.Shape.Len()))
			}
		}
		for i, tap := range taps {
			s.Value(tap.Index, values[w][i])
		}
		visit(sample, values[w])
	})
}

// weightRows looks at a weighted layer whose current is term of goal.
func (r *ridge) weightRows(ctx context.Context, l, goal *plan.Layer, term int) (*rows, error) {
	want, err := r.target(ctx, l)
	if err != nil {
		return nil, err
	}
	op, _ := l.Op.(plan.Weighted)
	f, _, groups := op.Trained(l)
	fan, per := len(f)/l.Shape.C, r.perSample(l)
	seen := &rows{n: per * len(r.samples), want: want, u: make([][]float32, groups), width: fan + 1}
	for g := range seen.u {
		seen.u[g] = make([]float32, seen.n*seen.width)
	}
	taps := []*plan.Layer{l.In[0]}
	var terms []*plan.Layer
	if goal != l {
		terms = slices.Concat(goal.In[:term], goal.In[term+1:])
		taps = append(taps, terms...)
		seen.rest = make([]float32, seen.n*l.Shape.C)
		s, _ := goal.Op.(*plan.Sum)
		seen.gain = plan.Repeat(s.Gains[term], l.Shape.C)
	}
	err = r.run(ctx, len(r.samples), taps, func(sample int, values [][]float32) {
		patch := make([]float32, groups*fan)
		for i, at := range r.places(l, sample) {
			row := sample*per + i
			op.Patch(l, patch, values[0], at)
			for g, u := range seen.u {
				copy(u[row*seen.width:], patch[g*fan:][:fan])
				u[row*seen.width+fan] = 1
			}
			if goal != l {
				addTerms(goal, seen.rest[row*l.Shape.C:][:l.Shape.C], terms, values[1:], at)
			}
		}
	})
	return seen, err
}

// sumRows looks at a sum, all inputs of which are done.
func (r *ridge) sumRows(ctx context.Context, l *plan.Layer) (*rows, error) {
	want, err := r.target(ctx, l)
	if err != nil {
		return nil, err
	}
	per := r.perSample(l)
	seen := &rows{n: per * len(r.samples), want: want}
	seen.rest = make([]float32, seen.n*l.Shape.C)
	err = r.run(ctx, len(r.samples), l.In, func(sample int, values [][]float32) {
		for i, at := range r.places(l, sample) {
			addTerms(l, seen.rest[(sample*per+i)*l.Shape.C:][:l.Shape.C], l.In, values, at)
		}
	})
	return seen, err
}

// addTerms sets dst to the bias of the sum and some of its terms at a position.
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

// target returns the trained network's pre-activations of the goal of layer l in its rows.
func (r *ridge) target(ctx context.Context, l *plan.Layer) ([]float32, error) {
	if r.targets[l] == nil {
		if err := r.findTargets(ctx, l.Index); err != nil {
			return nil, err
		}
	}
	want := r.targets[l]
	delete(r.targets, l)
	return want, nil
}

// findTargets runs the trained network for the rows of layer from and as many behind it
// as memory allows.
func (r *ridge) findTargets(ctx context.Context, from int) error {
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
		goal, _ := r.goal(l)
		r.targets[l] = make([]float32, size)
		readers[goal.Current] = append(readers[goal.Current], reader{goal, l})
	}
	return par.ForErr(ctx, len(r.samples), r.options.Workers, func(_, s int) error {
		_, err := r.program.Run(ctx, r.samples[s], func(id ir.ValueID, v []float32) {
			for _, to := range readers[id] {
				per := r.perSample(to.l)
				channelsAt(to.goal, r.targets[to.l][s*per*to.l.Shape.C:], v, r.places(to.l, s))
			}
		})
		return err
	})
}

// channelsAt copies the channels of the ANN value that stands for the layer, at some
// positions of the layer.
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

// tunes reports whether the thresholds of l can be chosen for the currents that it has: that
// takes a method that fits, and an activation that only limits its input.
func (r *ridge) tunes(l *plan.Layer) bool {
	if r.Options.Analog() || !r.Options.Method.Fits() || l.Current == ir.None {
		return false
	}
	_, _, ok := l.Neuron.Act.Limits()
	return ok
}

// tune chooses the thresholds of l for the currents that its neurons have and the outputs
// that they are to have, and builds the layer with them.
func (r *ridge) tune(l *plan.Layer, seen *rows) error {
	got := seen.preActivations(r.Builder, l, r.set)
	low, high, _ := l.Neuron.Act.Limits()
	want := make([]float32, len(seen.want))
	for i := range got {
		got[i], want[i] = max(low, min(got[i], high)), max(low, min(seen.want[i], high))
	}
	grid := calibrate.Grid{Max: 1<<r.Bits[l.Index] - 1, Steps: r.Options.Steps, Rho: r.Options.Rho}
	choice, err := r.Options.Method.Fit(grid, got, want, l.Shape.C, r.Options.PerChannel, r.options.Workers)
	if err != nil {
		return err
	}
	choice.Threshold = plan.Repeat(choice.Threshold, l.Shape.C)
	choice.Dead = r.Choices[l.Index].Dead
	r.Choices[l.Index] = choice
	return r.Layer(l)
}
