package tune

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/fit"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/ann"
	"ann2snn/internal/grad"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/par"
	"ann2snn/ir"
)

// Options says what a network is trained on. Package convert has checked them.
type Options struct {
	Source   calibrate.Source
	HeldBack calibrate.Source // judges; nothing is trained on it
	Passes   int              // through the samples
	Seed     uint64           // of the order of samples and their views
	Workers  int              // goroutines; 0 means one per core
	Progress func(done, total int)
}

// Result says what training did.
type Result struct {
	Kept    bool    // the network was better before; nothing changed
	Updates int     // of the parameters
	Rate    float64 // the largest one, relative to a parameter's size
	// Before and After are errors of the output on the samples held back: the mean square of
	// the differences, relative to the variance of the trained network's output.
	Before, After float64
	Views         []string // how samples were changed at random
	Note          string   // why nothing was trained, for the user; else empty
}

const (
	batchSize      = 16
	mostParameters = 16 << 20  // as many gradients are held in every lane
	sampleMemory   = 512 << 20 // bytes
	attempts       = 3
	slower         = 3 // divides the rate of the next attempt
	leastError     = 1e-3
)

// Run trains the network of a builder, which is built. It returns the builder of the better
// network.
func Run(ctx context.Context, b *fill.Builder, o Options) (*fill.Builder, *Result, error) {
	t, err := newTrainer(ctx, b, o)
	if why := untrainable(""); errors.As(err, &why) {
		return b, &Result{Kept: true, Note: why.Error()}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	r := &Result{Kept: true, Views: t.views.names()}
	if r.Before, err = t.heldBackError(ctx); err != nil {
		return nil, nil, err
	}
	r.After, r.Rate = r.Before, rateOf(r.Before)
	if r.Before < leastError {
		r.Note = fmt.Sprintf("not trained: the squared error of the output is %.2g %% of its variance already", 100*r.Before)
		return b, r, nil
	}
	for attempt := range attempts {
		if attempt > 0 {
			r.Rate /= slower
		}
		if err := t.train(ctx, r.Rate, attempt); err != nil {
			return nil, nil, err
		}
		r.Updates = t.updates
		if t.best.error >= r.Before {
			continue
		}
		trained, err := t.rebuilt(ctx)
		if err != nil {
			return nil, nil, err
		}
		errs, err := fit.SampleErrors(ctx, b.Plan.Graph, list(t.heldBack), o.Workers, b.Net, trained.Net)
		if err != nil {
			return nil, nil, err
		}
		if left, surely := gain(errs, t.copies()); surely {
			r.Kept, r.After = false, r.Before*left
			return trained, r, nil
		}
	}
	return b, r, nil
}

// gain returns which part of the error is left, and whether it fell by more than samples
// differ: by two standard errors of the mean difference. Views of a sample count as one.
func gain(errs [][]float64, views int) (left float64, surely bool) {
	var before, after, square float64
	for of := range slices.Chunk(errs, views) {
		gained := 0.0
		for _, e := range of {
			before, after, gained = before+e[0], after+e[1], gained+e[0]-e[1]
		}
		square += gained * gained
	}
	n := float64(len(errs) / views)
	mean := (before - after) / n
	deviation := math.Sqrt(max(0, square/n-mean*mean) / max(1, n-1))
	return after / before, mean > 2*deviation
}

// list is a source of samples without labels.
type list [][]float32

func (l list) Len() int { return len(l) }

func (l list) Sample(i int, dst []float32) (int, error) {
	copy(dst, l[i])
	return -1, nil
}

// rateOf returns the rate for a network whose output has a relative error. What a step of a
// parameter does to the network should be small against that.
func rateOf(err float64) float64 {
	const most, share = 1e-2, 0.03
	return min(most, share*err)
}

// trainer is the state of a training.
type trainer struct {
	*fill.Builder
	options  Options
	teacher  *ann.Program
	samples  [][]float32
	heldBack [][]float32 // and views of them, see addViews
	answers  [][]float32 // of the teacher to them
	variance float64     // of its output
	views    views

	net      *grad.Network
	start    [][]float32 // its parameters before
	sessions []*grad.Session
	best     snapshot
	random   *rand.Rand
	updates  int
}

// snapshot are parameters and the error on the samples held back that they have.
type snapshot struct {
	error  float64
	params [][]float32
}

// untrainable is an error that says why a network is not trained.
type untrainable string

func (u untrainable) Error() string { return "not trained: " + string(u) }

// newTrainer makes everything ready.
func newTrainer(ctx context.Context, b *fill.Builder, o Options) (t *trainer, err error) {
	t = &trainer{Builder: b, options: o}
	if b.Plan.Output.Source == ir.None {
		return nil, untrainable("no value of the model stands for its output")
	}
	t.net, err = grad.New(b.Net, grad.Options{Train: t.trains, Shared: !b.Options.PerChannel, Ceiling: t.ceiling, Set: cpu.Default()})
	if err != nil {
		return nil, untrainable(err.Error())
	}
	n := 0
	for _, p := range t.net.Params {
		n += len(p.Data)
	}
	if n > mostParameters {
		return nil, untrainable(fmt.Sprintf("%d parameters are more than %d", n, mostParameters))
	}
	t.net.SetTypical()
	t.start = t.parameters()
	for range lanes {
		t.sessions = append(t.sessions, t.net.NewSession())
	}
	if t.teacher, err = ann.Compile(ctx, b.Plan.Graph, ann.Options{}); err != nil {
		return nil, err
	}
	if t.samples, err = t.load(ctx, o.Source); err != nil {
		return nil, err
	}
	if t.heldBack, err = t.load(ctx, o.HeldBack); err != nil {
		return nil, err
	}
	if len(t.samples) < batchSize || len(t.heldBack) < batchSize {
		return nil, untrainable(fmt.Sprintf("that takes %d samples, and as many that are held back", batchSize))
	}
	if err := t.ask(ctx); err != nil {
		return nil, err
	}
	if err := t.chooseViews(ctx); err != nil {
		return nil, err
	}
	return t, t.addViews(ctx)
}

// trains reports whether the weights of a layer are trained; those of gates are not.
func (t *trainer) trains(layer int) bool {
	_, ok := t.Plan.Layers[layer].Op.(plan.Weighted)
	return ok
}

// ceiling returns the upper bound of a layer's activation where its neurons saturate there.
func (t *trainer) ceiling(layer int) float32 {
	if n := t.Plan.Layers[layer].Neuron; n != nil && t.Saturates(n.Act) {
		return n.Act.B
	}
	return 0
}

// load reads samples, as many as memory allows.
func (t *trainer) load(ctx context.Context, source calibrate.Source) ([][]float32, error) {
	size := t.teacher.InLen()
	list := make([][]float32, min(source.Len(), max(batchSize, sampleMemory/(4*size))))
	err := par.ForErr(ctx, len(list), t.options.Workers, func(_, i int) error {
		list[i] = make([]float32, size)
		_, err := source.Sample(i, list[i])
		return err
	})
	return list, err
}

// ask asks the teacher about the samples held back.
func (t *trainer) ask(ctx context.Context) error {
	t.answers = make([][]float32, len(t.heldBack))
	err := par.ForErr(ctx, len(t.heldBack), t.options.Workers, func(_, i int) (err error) {
		t.answers[i], err = t.answer(ctx, t.heldBack[i])
		return err
	})
	sum, square, n := 0.0, 0.0, 0.0
	for _, answer := range t.answers {
		for _, x := range answer {
			sum, square, n = sum+float64(x), square+float64(x)*float64(x), n+1
		}
	}
	t.variance = max(square/n-sum/n*sum/n, 1e-30)
	return err
}

// answer returns what the trained network says to a sample, in the order of the spiking
// network's output.
func (t *trainer) answer(ctx context.Context, sample []float32) ([]float32, error) {
	out := t.Plan.Output
	answer := make([]float32, out.Shape.Len())
	_, err := t.teacher.Run(ctx, sample, func(id ir.ValueID, v []float32) {
		if id != out.Source {
			return
		}
		for i, x := range v {
			if at := out.Place(i); at >= 0 {
				answer[at] = x
			}
		}
	})
	return answer, err
}

// rebuilt returns a builder with the best parameters.
func (t *trainer) rebuilt(ctx context.Context) (*fill.Builder, error) {
	b, err := t.Again()
	if err != nil {
		return nil, err
	}
	t.set(t.best.params)
	fitted := make([]*fill.Fitted, len(t.Plan.Layers))
	for _, p := range t.net.Params {
		if p.Kind == grad.Threshold {
			b.Choices[p.Layer].Threshold = slices.Clone(t.net.Thresholds(p.Layer))
			continue
		}
		if fitted[p.Layer] == nil {
			fitted[p.Layer] = new(fill.Fitted)
			b.Replace(t.Plan.Layers[p.Layer], fitted[p.Layer])
		}
		if p.Kind == grad.Weight {
			fitted[p.Layer].F = slices.Clone(p.Data)
		} else {
			fitted[p.Layer].Bias = slices.Clone(p.Data)
		}
	}
	return b, b.Build(ctx)
}
