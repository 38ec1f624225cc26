package convert

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/par"
	"ann2snn/ir"
	"ann2snn/runtime"
)

// DefaultRidgeSamples is how many samples FitRidge takes where Options.FitSamples is 0.
const DefaultRidgeSamples = 1024

// Bounds of a fit.
const (
	ridgeRows    = 24 << 10  // positions of a layer that are looked at, over all samples
	ridgeMemory  = 512 << 20 // bytes of what a layer reads at those positions, and of all samples
	targetMemory = 256 << 20 // bytes of what the trained network has there, of several layers
	widestFit    = 6 << 10   // inputs of a neuron; a fit takes time as their third power
)

// ridge builds a network layer by layer. Each weighted layer is fitted, by ridge
// regression, to give the trained network's pre-activations from what the spiking layers
// before it put out; then its thresholds are chosen for the currents it really has. So
// every layer makes up for what those before it, and the skip path beside it, got wrong.
type ridge struct {
	*builder
	samples [][]float32
	seed    uint64
	program *ann.Program
	set     *cpu.Set
	targets map[*layer][]float32 // what the trained network has in the rows of a layer
	kept    kept
	room    int // for kept, in bytes
	done    int
}

// newRidge is a fit of which no layer is done.
func newRidge(ctx context.Context, b *builder) (*ridge, error) {
	r := &ridge{builder: b, seed: b.profileSeed(), targets: map[*layer][]float32{}, kept: kept{}, room: keptMemory}
	b.fits = make([]*fitted, len(b.plan.layers))
	var err error
	if r.program, err = ann.Compile(b.plan.graph, ann.Options{}); err != nil {
		return nil, err
	}
	if r.set, err = cpu.Best(); err != nil {
		return nil, err
	}
	return r, r.load(ctx)
}

// fitRidge builds the network.
func (b *builder) fitRidge(ctx context.Context) error {
	r, err := newRidge(ctx, b)
	if err != nil {
		return err
	}
	for _, l := range b.plan.layers {
		if err := r.layer(ctx, l); err != nil {
			return fmt.Errorf("convert: %q: %w", l.name, err)
		}
		if err := r.keep(ctx, l); err != nil {
			return fmt.Errorf("convert: %q: %w", l.name, err)
		}
		if b.options.Progress != nil {
			r.done++
			b.options.Progress(r.done, len(b.plan.layers))
		}
	}
	if err := b.net.Verify(); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	return nil
}

// load reads the samples, as many as memory allows.
func (r *ridge) load(ctx context.Context) error {
	n := r.options.FitSamples
	if n == 0 {
		n = DefaultRidgeSamples
	}
	n = min(n, max(leastFitSamples, ridgeMemory/(4*r.program.InLen())))
	source := calibrate.Pick(r.options.Source, r.seed, 0, n)
	r.samples = make([][]float32, source.Len())
	r.fitted = len(r.samples)
	return par.ForErr(ctx, len(r.samples), r.options.Workers, func(_, s int) error {
		r.samples[s] = make([]float32, r.program.InLen())
		_, err := source.Sample(s, r.samples[s])
		return err
	})
}

// layer fits, builds and tunes a layer; those below it are done.
func (r *ridge) layer(ctx context.Context, l *layer) error {
	var seen *rows
	var err error
	if _, ok := l.op.(weighted); ok && l.current != ir.None {
		if seen, err = r.fitWeights(ctx, l); err != nil {
			return err
		}
	}
	if err := r.fitGate(ctx, l); err != nil {
		return err
	}
	if err := r.builder.layer(l); err != nil {
		return err
	}
	if l.neuron == nil || !r.tunes(l) {
		return nil
	}
	if _, ok := l.op.(*sum); ok {
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

// weighted is a planned operator with weights.
type weighted interface {
	operator
	// trained returns the weights of the trained network, f having a row of inputs for each
	// output channel, in the order of the inputs in snn.Weights.
	trained(l *layer) (f, bias []float32, groups int)
	// patch copies what output position at reads from a map of the layer's input, in C, H, W
	// order, to dst: all groups, one after the other.
	patch(l *layer, dst, in []float32, at int)
	// scales returns the value of a level of each input of a neuron in a group.
	scales(b *builder, l *layer, group int) []float32
}

// goal is what a weighted layer is fitted to: its own current or, where it is the last
// term of a sum, the current of that sum.
func (r *ridge) goal(l *layer) (goal *layer, term int) {
	if l.neuron != nil || l == r.plan.output {
		return l, 0
	}
	var reader *layer
	for _, other := range r.plan.layers {
		if slices.Contains(other.in, l) {
			if reader != nil {
				return l, 0
			}
			reader = other
		}
	}
	if reader == nil || reader.current == ir.None || reader.shape != l.shape {
		return l, 0
	}
	s, ok := reader.op.(*sum)
	if !ok || slices.ContainsFunc(reader.in, func(in *layer) bool { return in.index > l.index }) {
		return l, 0
	}
	if term = slices.Index(reader.in, l); len(s.gains[term]) > l.shape.C {
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
func (r *ridge) note(l *layer, what string) {
	r.notes = append(r.notes, fmt.Sprintf("%q: %s", l.name, what))
}

// places are the positions of a sample that are looked at.
func (r *ridge) places(l *layer, sample int) []int {
	pixels, per := l.shape.H*l.shape.W, r.perSample(l)
	if per == pixels {
		return inOrder(pixels)
	}
	random := rand.New(rand.NewPCG(r.seed, uint64(l.index)<<32|uint64(sample)))
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
func (r *ridge) perSample(l *layer) int {
	most := ridgeRows
	if op, ok := l.op.(weighted); ok {
		f, _, groups := op.trained(l)
		most = min(most, ridgeMemory/(4*groups*(len(f)/l.shape.C+1)))
	}
	n := len(r.samples)
	return max(1, min(l.shape.H*l.shape.W, (most+n-1)/n))
}

// run sends the first n samples through the layers built so far and shows visit what the
// taps put out, in C, H, W order. Calls of different samples overlap.
func (r *ridge) run(ctx context.Context, n int, taps []*layer, visit func(sample int, values [][]float32)) error {
	p, err := r.player(taps)
	if err != nil {
		return err
	}
	values := make([][][]float32, len(p.sessions))
	return p.run(ctx, n, func(w, sample int, s *runtime.Session) {
		if values[w] == nil {
			for _, tap := range taps {
				values[w] = append(values[w], make([]float32, tap.shape.Len()))
			}
		}
		for i, tap := range taps {
			s.Value(tap.index, values[w][i])
		}
		visit(sample, values[w])
	})
}

// weightRows looks at a weighted layer whose current is term of goal.
func (r *ridge) weightRows(ctx context.Context, l, goal *layer, term int) (*rows, error) {
	want, err := r.target(ctx, l)
	if err != nil {
		return nil, err
	}
	op, _ := l.op.(weighted)
	f, _, groups := op.trained(l)
	fan, per := len(f)/l.shape.C, r.perSample(l)
	seen := &rows{n: per * len(r.samples), want: want, u: make([][]float32, groups), width: fan + 1}
	for g := range seen.u {
		seen.u[g] = make([]float32, seen.n*seen.width)
	}
	taps := []*layer{l.in[0]}
	var terms []*layer
	if goal != l {
		terms = slices.Concat(goal.in[:term], goal.in[term+1:])
		taps = append(taps, terms...)
		seen.rest = make([]float32, seen.n*l.shape.C)
		s, _ := goal.op.(*sum)
		seen.gain = spell(s.gains[term], l.shape.C)
	}
	err = r.run(ctx, len(r.samples), taps, func(sample int, values [][]float32) {
		patch := make([]float32, groups*fan)
		for i, at := range r.places(l, sample) {
			row := sample*per + i
			op.patch(l, patch, values[0], at)
			for g, u := range seen.u {
				copy(u[row*seen.width:], patch[g*fan:][:fan])
				u[row*seen.width+fan] = 1
			}
			if goal != l {
				goal.addTerms(seen.rest[row*l.shape.C:][:l.shape.C], terms, values[1:], at)
			}
		}
	})
	return seen, err
}

// sumRows looks at a sum, all inputs of which are done.
func (r *ridge) sumRows(ctx context.Context, l *layer) (*rows, error) {
	want, err := r.target(ctx, l)
	if err != nil {
		return nil, err
	}
	per := r.perSample(l)
	seen := &rows{n: per * len(r.samples), want: want}
	seen.rest = make([]float32, seen.n*l.shape.C)
	err = r.run(ctx, len(r.samples), l.in, func(sample int, values [][]float32) {
		for i, at := range r.places(l, sample) {
			l.addTerms(seen.rest[(sample*per+i)*l.shape.C:][:l.shape.C], l.in, values, at)
		}
	})
	return seen, err
}

// addTerms sets dst to the bias of the sum and some of its terms at a position.
func (l *layer) addTerms(dst []float32, terms []*layer, values [][]float32, at int) {
	s, _ := l.op.(*sum)
	pixels := l.shape.H * l.shape.W
	copy(dst, s.bias)
	for k, term := range terms {
		gain := s.gains[slices.Index(l.in, term)]
		for c := range dst {
			dst[c] += gain[(at*l.shape.C+c)%len(gain)] * values[k][c*pixels+at]
		}
	}
}

// target returns the trained network's pre-activations of the goal of layer l in its rows.
func (r *ridge) target(ctx context.Context, l *layer) ([]float32, error) {
	if r.targets[l] == nil {
		if err := r.findTargets(ctx, l.index); err != nil {
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
	type reader struct{ goal, l *layer }
	readers := make(map[ir.ValueID][]reader)
	elements := 0
	for _, l := range r.plan.layers[from:] {
		_, isWeighted := l.op.(weighted)
		_, isSum := l.op.(*sum)
		if l.current == ir.None || !isWeighted && (!isSum || l.neuron == nil) {
			continue
		}
		size := r.perSample(l) * len(r.samples) * l.shape.C
		if elements += size; elements > targetMemory/4 && len(readers) > 0 {
			break
		}
		goal, _ := r.goal(l)
		r.targets[l] = make([]float32, size)
		readers[goal.current] = append(readers[goal.current], reader{goal, l})
	}
	return par.ForErr(ctx, len(r.samples), r.options.Workers, func(_, s int) error {
		_, err := r.program.Run(ctx, r.samples[s], func(id ir.ValueID, v []float32) {
			for _, to := range readers[id] {
				per := r.perSample(to.l)
				to.goal.channelsAt(r.targets[to.l][s*per*to.l.shape.C:], v, r.places(to.l, s))
			}
		})
		return err
	})
}

// channelsAt copies the channels of the ANN value that stands for the layer, at some
// positions of the layer.
func (l *layer) channelsAt(dst, v []float32, places []int) {
	channels, pixels := l.shape.C, l.shape.H*l.shape.W
	if l.view == nil {
		for i, at := range places {
			for c := range channels {
				dst[i*channels+c] = v[c*pixels+at]
			}
		}
		return
	}
	from := make([]int32, l.shape.Len())
	for i, at := range l.view {
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

// tunes reports whether thresholds of l can be chosen for the currents it has: that takes a
// method that fits, and an activation that only limits its input.
func (r *ridge) tunes(l *layer) bool {
	if r.options.analog() || !r.options.Method.Fits() || l.current == ir.None {
		return false
	}
	_, _, ok := l.neuron.act.Limits()
	return ok
}

// tune chooses the thresholds of l by what its neurons are to put out and the currents
// they have, and puts them on the built layer.
func (r *ridge) tune(l *layer, seen *rows) error {
	got := seen.preActivations(r.builder, l, r.set)
	low, high, _ := l.neuron.act.Limits()
	want := make([]float32, len(seen.want))
	for i := range got {
		got[i], want[i] = max(low, min(got[i], high)), max(low, min(seen.want[i], high))
	}
	grid := calibrate.Grid{Max: 1<<r.bits[l.index] - 1, Steps: r.options.Steps, Rho: r.options.Rho}
	choice, err := r.options.Method.Fit(grid, got, want, l.shape.C, r.options.PerChannel, r.options.Workers)
	if err != nil {
		return err
	}
	choice.Threshold = spell(choice.Threshold, l.shape.C)
	choice.Dead = r.choices[l.index].Dead
	r.choices[l.index] = choice
	return r.builder.layer(l)
}
