package eval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/par"
	"ann2snn/ir"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// Options of Compare. Graph, Network and Source are needed, the rest is optional.
type Options struct {
	Graph   *ir.Graph // after ir/passes
	Network *snn.Network
	Source  calibrate.Source // safe for concurrent use; a label below 0 means none

	Task  Task             // what the output is for; found where it is TaskAuto
	Plans []runtime.Option // how to run the network

	// EarlyExit is the margin of an early exit to measure too, nil for none.
	EarlyExit *float64

	// Brief leaves out what Check and Against do not need: the baseline, and the errors of all
	// layers but the output. Large networks take less than half of the time and memory then.
	Brief bool

	Workers      int                   // samples in flight at once; all cores where not positive
	ErrorSamples int                   // how many samples to measure relative errors on, drawn from all; 64 where 0
	Progress     func(done, total int) // calls do not overlap
	Now          func() time.Time      // the clock; without it no times are measured
	CPU          string                // name of the processor, for the report
}

const (
	defaultErrorSamples = 64
	chunkSize           = 256 // samples whose outcomes are held at once
)

// Compare runs ANN, baseline and spiking network on every sample of o.Source. It fails
// where a sample cannot be read, where one is labelled with a class the network does
// not have, where only some samples are labelled, and where the output cannot be for the task.
func Compare(ctx context.Context, o Options) (*Result, error) {
	if o.Source.Len() == 0 {
		return nil, errors.New("eval: there are no samples to compare on")
	}
	c, err := newComparison(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	r := c.result()
	if r.Time, err = c.times(ctx); err != nil {
		return nil, fmt.Errorf("eval: measuring times: %w", err)
	}
	return r, nil
}

// comparison is one run of Compare.
type comparison struct {
	Options
	classes   int
	target    *target
	truth     int // targets of a sample that are compared with; 0 where there are none
	ann       *ann.Program
	base      *ann.Program // nil where there is no baseline
	plan      *runtime.Plan
	early     *runtime.EarlyPlan // nil without an early exit
	sources   []ir.ValueID       // per layer: the ANN value its output stands for, or ir.None
	explained []explained
	measured  []bool // samples to measure errors on
	workers   []*worker
	labelled  bool
	tally     tally

	mu   sync.Mutex
	done int
}

// worker holds what one goroutine needs; its layer sums are integers, so the order in
// which the workers take samples does not change them.
type worker struct {
	session *runtime.Session
	trace   *runtime.Session // which has the outputs of all layers; nil in a brief comparison
	failed  error            // the first error of looking at them
	in, out []float32
	answer  []float32     // the ANN's
	pixels  []overlap     // of the baseline and of the SNN after each step
	truth   []float32     // the targets of a sample, as are
	classes []int         // those of its pixels
	counts  []classCounts // of the ANN, the baseline and the SNN after each step
	value   []float32     // of one layer
	layers  []runtime.LayerStats
	exits   *runtime.EarlySession
	why     *explainer // made for the first sample that errors are measured on
}

func newComparison(ctx context.Context, o Options) (*comparison, error) {
	if o.ErrorSamples == 0 {
		o.ErrorSamples = defaultErrorSamples
	}
	if o.Workers <= 0 {
		o.Workers = par.Workers()
	}
	o.ErrorSamples = min(o.ErrorSamples, o.Source.Len())
	c := &comparison{Options: o, sources: sources(o.Graph, o.Network)}
	var err error
	if c.ann, err = ann.Compile(ctx, o.Graph, ann.Options{}); err != nil {
		return nil, err
	}
	if !o.Brief {
		if c.base, err = c.baseline(ctx); err != nil {
			return nil, err
		}
		if c.explained, err = explainable(o.Graph, o.Network, c.sources); err != nil {
			return nil, err
		}
	}
	if c.plan, err = runtime.Compile(ctx, o.Network, o.Plans...); err != nil {
		return nil, err
	}
	if o.EarlyExit != nil {
		if c.early, err = runtime.CompileEarly(ctx, o.Network, *o.EarlyExit, o.Plans...); err != nil {
			return nil, err
		}
		c.tally.exits.byStep = make([]int, o.Network.Steps)
		c.tally.exits.first = make([]int, o.Network.Steps)
	}
	if err := c.findTarget(); err != nil {
		return nil, err
	}
	c.measured = make([]bool, o.Source.Len())
	for i, k := range calibrate.Permutation(o.Source.Len(), 0) {
		c.measured[k] = i < o.ErrorSamples
	}
	c.workers = make([]*worker, min(o.Workers, o.Source.Len()))
	for i := range c.workers {
		c.workers[i] = c.newWorker()
	}
	c.tally.output = o.Network.Output
	c.tally.steps = make([]score, o.Network.Steps)
	c.tally.errors = make([]errorSums, len(o.Network.Layers))
	c.tally.whys = make([]whySums, len(c.explained))
	return c, nil
}

// baseline compiles the ANN with the activations of the spiking network.
func (c *comparison) baseline(ctx context.Context) (*ann.Program, error) {
	replace, err := quantisers(c.Graph, c.Network)
	if err != nil {
		return nil, err
	}
	return c.ann.Replacing(ctx, replace)
}

// findTarget finds the task, for which the first sample's label counts.
func (c *comparison) findTarget() error {
	label, err := c.Source.Sample(0, make([]float32, c.plan.InLen()))
	if err != nil {
		return err
	}
	if c.target, err = findTask(c.Graph, c.Task, label >= 0); err != nil {
		return err
	}
	c.classes = max(2, c.plan.OutLen())
	c.findTruth()
	if c.early != nil && !c.target.task.labelled() {
		return fmt.Errorf("eval: an early exit compares the probabilities of classes, the task is %v (try without, or the task classification)", c.target.task)
	}
	if c.target.task != TaskClassification {
		c.tally.moments = make([]moments, c.target.channels)
	}
	if c.target.task == TaskBinary {
		c.tally.scores = make([][]float32, 2+c.Network.Steps)
	}
	return nil
}

func (c *comparison) newWorker() *worker {
	longest := 0
	for _, l := range c.Network.Layers {
		longest = max(longest, l.Shape.Len())
	}
	w := &worker{
		session: c.plan.NewSession(runtime.SessionOptions{Stats: true}),
		in:      make([]float32, c.plan.InLen()),
		out:     make([]float32, c.plan.OutLen()),
		answer:  make([]float32, c.plan.OutLen()),
		pixels:  make([]overlap, 1+c.Network.Steps),
		value:   make([]float32, longest),
		layers:  make([]runtime.LayerStats, len(c.Network.Layers)),
	}
	for i := range w.pixels {
		w.pixels[i] = c.target.newOverlap()
	}
	if c.truth > 0 {
		w.truth = make([]float32, c.truth)
		w.classes = make([]int, c.target.pixels)
		w.counts = make([]classCounts, 2+c.Network.Steps)
		for i := range w.counts {
			w.counts[i] = newClassCounts(c.truthClasses())
		}
	}
	if !c.Brief {
		w.trace = c.plan.NewSession(runtime.SessionOptions{Trace: true})
	}
	if c.early != nil {
		w.exits = c.early.NewSession(1)
	}
	return w
}

// run spreads each chunk of samples over the workers and then adds its outcomes in order.
func (c *comparison) run(ctx context.Context) error {
	total := c.Source.Len()
	outcomes := make([]outcome, min(chunkSize, total))
	for start := 0; start < total; start += chunkSize {
		chunk := outcomes[:min(chunkSize, total-start)]
		err := par.ForErr(ctx, len(chunk), len(c.workers), func(w, i int) error {
			return c.sample(ctx, c.workers[w], start+i, &chunk[i])
		})
		if err != nil {
			return err
		}
		for i := range chunk {
			if err := c.add(start+i, &chunk[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// add refuses data of which only a part is labelled: its accuracy would mean nothing.
func (c *comparison) add(i int, o *outcome) error {
	if i == 0 {
		c.labelled = o.label >= 0
	}
	if c.labelled != (o.label >= 0) {
		return fmt.Errorf("eval: %s: only a part of the samples is labelled", c.name(i))
	}
	c.tally.add(o)
	if m := c.tally.truths.masks; m[0] && m[1] {
		return fmt.Errorf("eval: %s: masks of a single class hold both 1 and %d, of which only one can be the class", c.name(i), ignored)
	}
	return nil
}

// name names sample i as its source does: an index would be one of samples that were drawn.
func (c *comparison) name(i int) string { return calibrate.NameOf(c.Source, i) }

// sample runs the three programs on sample i.
func (c *comparison) sample(ctx context.Context, w *worker, i int, o *outcome) error {
	label, err := c.Source.Sample(i, w.in)
	if err != nil {
		return err
	}
	if !c.target.task.labelled() {
		label = -1
	}
	if label >= c.classes {
		return c.noSuchClass(i, label)
	}
	*o = outcome{
		label: label, steps: o.steps[:0], errors: o.errors[:0], moments: o.moments[:0],
		grades: o.grades[:0], truth: o.truth[:0], scores: o.scores[:0],
	}
	if err := c.readTruth(w, i, o); err != nil {
		return err
	}
	if err := c.runANN(ctx, w, o); err != nil {
		return fmt.Errorf("eval: %s: %w", c.name(i), err)
	}
	if err := c.runSNN(ctx, w, o); err != nil {
		return fmt.Errorf("eval: %s: %w", c.name(i), err)
	}
	if c.early != nil {
		if err := c.runEarly(ctx, w, o); err != nil {
			return fmt.Errorf("eval: %s: %w", c.name(i), err)
		}
	}
	if c.measured[i] {
		measure := c.measureErrors
		if c.Brief {
			measure = c.measureOutput
		}
		if err := measure(ctx, w, o); err != nil {
			return fmt.Errorf("eval: %s: %w", c.name(i), err)
		}
	}
	c.advance()
	return nil
}

func (c *comparison) noSuchClass(i, label int) error {
	if c.target.task == TaskBinary {
		return fmt.Errorf("eval: %s is labelled as class %d, but the network's one output decides between 0 and 1 (try the task regression)", c.name(i), label)
	}
	way := "are these samples of another model? if the outputs are features and no classes, try the task embedding"
	if label == c.classes {
		way = "classes count from 0, these seem to count from 1"
	}
	return fmt.Errorf("eval: %s is labelled as class %d, but the network has %d outputs (%s)", c.name(i), label, c.classes, way)
}

// advance reports to the caller that a sample is done; calls do not overlap.
func (c *comparison) advance() {
	if c.Progress == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	c.Progress(c.done, c.Source.Len())
}

func (c *comparison) runANN(ctx context.Context, w *worker, o *outcome) error {
	out, err := c.ann.Run(ctx, w.in, nil)
	if err == nil {
		copy(w.answer, out)
		o.ann, err = c.target.judge(out, w.answer, o.label, c.target.newOverlap())
	}
	if err != nil {
		return fmt.Errorf("ANN: %w", err)
	}
	c.graded(w, o, w.answer, 0)
	o.above = c.target.above(w.answer)
	if n := len(c.tally.moments); n > 0 {
		o.moments = slices.Grow(o.moments, n)[:n]
		clear(o.moments)
		c.target.addMoments(o.moments, w.answer)
	}
	if c.base == nil {
		c.graded(w, o, w.answer, 1) // stands in its place
		return nil
	}
	if out, err = c.base.Run(ctx, w.in, nil); err == nil {
		o.base, err = c.target.judge(out, w.answer, o.label, w.pixels[0])
	}
	if err != nil {
		return fmt.Errorf("quantised ANN: %w", err)
	}
	c.graded(w, o, out, 1)
	return nil
}

func (c *comparison) runSNN(ctx context.Context, w *worker, o *outcome) error {
	stats, err := w.session.Run(ctx, w.out, w.in)
	if err != nil {
		return fmt.Errorf("SNN: %w", err)
	}
	for i, l := range stats.Layers {
		addStats(&w.layers[i], l)
	}
	for step := 1; step <= c.Network.Steps; step++ {
		err := w.session.Readout(step, w.out)
		var a answer
		if err == nil {
			a, err = c.target.judge(w.out, w.answer, o.label, w.pixels[step])
		}
		if err != nil {
			return fmt.Errorf("SNN: %w", err)
		}
		o.steps = append(o.steps, a)
		c.graded(w, o, w.out, 1+step)
	}
	return nil
}

// measureErrors runs both networks again and compares the values of every layer.
func (c *comparison) measureErrors(ctx context.Context, w *worker, o *outcome) error {
	if _, err := w.trace.Run(ctx, w.out, w.in); err != nil {
		return fmt.Errorf("SNN: %w", err)
	}
	if w.why == nil {
		var err error
		if w.why, err = c.newExplainer(ctx, w); err != nil {
			return fmt.Errorf("ANN: %w", err)
		}
	}
	o.errors = slices.Grow(o.errors, len(c.sources))[:len(c.sources)]
	clear(o.errors)
	_, err := c.ann.Run(ctx, w.in, func(id ir.ValueID, want []float32) {
		for layer, source := range c.sources {
			if source == id {
				got := w.value[:len(want)]
				w.note(w.trace.Value(layer, got))
				o.errors[layer] = compareValues(got, want)
			}
		}
		for k, l := range c.explained {
			if l.source == id {
				copy(w.why.want[k], want)
			}
		}
	})
	if err == nil {
		o.whys, err = w.why.explain(ctx, c.Network)
	}
	if err != nil {
		return fmt.Errorf("ANN: %w", err)
	}
	if w.failed != nil {
		return fmt.Errorf("SNN: %w", w.failed)
	}
	return nil
}

// measureOutput compares the values of the output layer, which the session has just computed.
func (c *comparison) measureOutput(ctx context.Context, w *worker, o *outcome) error {
	o.errors = slices.Grow(o.errors, len(c.sources))[:len(c.sources)]
	clear(o.errors)
	output := c.Network.Output
	source := c.sources[output]
	if source == ir.None {
		return nil
	}
	wanted := make([]bool, len(c.Graph.Values))
	wanted[source] = true
	err := c.ann.Observe(ctx, w.in, wanted, func(_ ir.ValueID, want []float32) {
		got := w.value[:len(want)]
		w.note(w.session.Value(output, got))
		o.errors[output] = compareValues(got, want)
	})
	if err != nil {
		return fmt.Errorf("ANN: %w", err)
	}
	if w.failed != nil {
		return fmt.Errorf("SNN: %w", w.failed)
	}
	return nil
}

// note keeps the first error of what runs while the ANN does, which cannot stop it.
func (w *worker) note(err error) {
	if w.failed == nil {
		w.failed = err
	}
}

func compareValues(got, want []float32) errorSums {
	var e errorSums
	for i, x := range want {
		d := float64(got[i]) - float64(x)
		e.diff += d * d
		e.norm += float64(x) * float64(x)
	}
	return e
}

// sources finds the ANN value that each layer's output stands for.
func sources(g *ir.Graph, n *snn.Network) []ir.ValueID {
	ids, names := make([]ir.ValueID, len(n.Layers)), g.Names()
	for i, l := range n.Layers {
		ids[i] = ir.None
		if _, input := l.Op.(snn.Input); input || l.ANNValue == "" {
			continue
		}
		if id, ok := names[l.ANNValue]; ok && g.Type(id).Elems() == l.Shape.Len() {
			ids[i] = id
		}
	}
	return ids
}

// addStats adds what was counted for a layer on other samples. Where there were none, as
// for a worker that came too late, not even the number of its neurons is known.
func addStats(sum *runtime.LayerStats, l runtime.LayerStats) {
	sum.Neurons = max(sum.Neurons, l.Neurons)
	sum.Spikes += l.Spikes
	sum.Bits += l.Bits
	sum.Zeros += l.Zeros
	sum.Saturated += l.Saturated
	sum.SOPs += l.SOPs
	sum.BitSOPs += l.BitSOPs
	sum.MACs += l.MACs
}
