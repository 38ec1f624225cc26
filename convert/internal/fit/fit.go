package fit

import (
	"context"
	"fmt"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/ann"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/ir"
)

// Options says what a network is fitted on. Package convert has checked them.
type Options struct {
	Source  calibrate.Source
	Samples int    // at most so many, as far as memory allows
	Seed    uint64 // picks them; that of the calibration, so that both see the same
	// HeldBack are samples that nothing is fitted on. They judge what is: how strong a fit is,
	// and whether it stays. Nil: some of Source are held back.
	HeldBack calibrate.Source
	Workers  int // goroutines; 0 means one per core
	Progress func(done, total int)
}

// Result says what a fit did.
type Result struct {
	Samples int         // that were fitted on
	Notes   []string    // for the user, about single layers
	Shifts  [][]float64 // of biases, by layer and channel; nil where weights are fitted
}

// Ridge builds the network layer by layer. Each weighted layer is fitted, by ridge
// regression, to give the trained network's pre-activations from the outputs of the spiking
// layers before it; then its thresholds are chosen for the currents that it has. So every
// layer corrects the errors of those before it, and of the skip path that it is added to.
func Ridge(ctx context.Context, b *fill.Builder, o Options) (*Result, error) {
	r, err := newRun(ctx, b, o)
	if err != nil {
		return nil, err
	}
	if r.fitted == len(r.samples) {
		return &Result{Notes: []string{"not fitted: that takes two different samples at least"}}, b.Build(ctx)
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
	return &Result{Samples: r.fitted, Notes: r.notes}, b.Verify()
}

// run is the state of a fit. The layers that it has done are built, and their outputs are
// recorded as far as others read them and memory allows.
type run struct {
	*fill.Builder
	options Options
	samples []sample
	fitted  int          // samples that are fitted on; those behind them are held back
	program *ann.Program // the trained network
	set     *cpu.Set

	targets      map[*plan.Layer][]float32 // see targetsOf
	recordings   recordings
	budget       int       // of the recordings, in bytes
	inputs       []float32 // memory for those that are observed of a layer
	notes        []string
	gatesRemoved bool
}

// newRun returns a fit of which no layer is done.
func newRun(ctx context.Context, b *fill.Builder, o Options) (*run, error) {
	r := &run{
		Builder: b, options: o,
		targets: map[*plan.Layer][]float32{}, recordings: recordings{}, budget: recordingMemory, set: cpu.Default(),
	}
	var err error
	if r.program, err = ann.Compile(ctx, b.Plan.Graph, ann.Options{}); err != nil {
		return nil, err
	}
	return r, r.load(ctx)
}

// next fits and builds layer l, and records its output for the layers above it.
func (r *run) next(ctx context.Context, l *plan.Layer) error {
	if err := r.fitLayer(ctx, l); err != nil {
		return err
	}
	r.Done(l)
	return r.record(ctx, l)
}

// fitLayer fits the weights of a layer and its gate, builds it, and chooses its thresholds;
// the layers below it are done.
func (r *run) fitLayer(ctx context.Context, l *plan.Layer) error {
	var seen *observations
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
	if l.Neuron == nil || !r.fitsThresholds(l) {
		return nil
	}
	if _, ok := l.Op.(*plan.Sum); ok {
		if seen, err = r.observeSum(ctx, l); err != nil {
			return err
		}
	}
	if seen == nil {
		return nil
	}
	if err := r.fitThresholds(ctx, l, seen); err != nil || !r.retunes() {
		return err
	}
	return r.retune(ctx, l, seen)
}

// note adds a note for the user about a layer.
func (r *run) note(l *plan.Layer, what string) {
	r.notes = append(r.notes, fmt.Sprintf("%q: %s", l.Name, what))
}
