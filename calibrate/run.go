package calibrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"

	"ann2snn/internal/ann"
	"ann2snn/internal/par"
	"ann2snn/internal/sampleid"
	"ann2snn/ir"
)

// DefaultSamples is how many samples Run takes where Options.Samples is 0.
const DefaultSamples = 256

// Options says what Run measures and which thresholds it chooses.
type Options struct {
	Sites   []Site // from convert.Sites
	Samples int    // at most so many, picked by Seed; 0 means DefaultSamples
	Seed    uint64

	// The profile's own Choices are made with these. The zero Method is mse, the zero Grid
	// one step of 4 bits.
	Method     Method
	PerChannel bool
	Grid       Grid

	Preprocess json.RawMessage // stands in the profile
	Synthetic  bool            // stands in the profile: the samples are made up

	Workers  int                   // goroutines; 0 means one per core
	Progress func(done, total int) // may be nil; calls do not overlap
}

// chunk is how many samples are in flight before their sums are added up.
const chunk = 64

// Run runs the network on samples and returns the statistics of the sites, the
// same for every number of workers. A sample that cannot be read or that leads to
// values that are not finite is an error.
func Run(ctx context.Context, g *ir.Graph, s Source, o Options) (*Profile, error) {
	r, err := newRun(ctx, g, s, o)
	if err != nil {
		return nil, err
	}
	for from := 0; from < r.samples.Len(); from += chunk {
		n := min(chunk, r.samples.Len()-from)
		err := par.ForErr(ctx, n, o.Workers, func(worker, i int) error {
			return r.sample(ctx, worker, from+i, i)
		})
		if err != nil {
			return nil, err
		}
		for _, obs := range r.observers {
			obs.reduce(n)
		}
	}
	return r.profile(ctx, g)
}

// run is the state of one call of Run.
type run struct {
	options   Options
	program   *ann.Program
	samples   Source
	buffers   [][]float32 // a sample, per worker
	observers []*observer
	byValue   []*observer // nil for values that are no site
	sites     []bool      // by value

	mu   sync.Mutex
	done int
}

func newRun(ctx context.Context, g *ir.Graph, s Source, o Options) (*run, error) {
	if o.Samples == 0 {
		o.Samples = DefaultSamples
	}
	if o.Method.Name == "" {
		o.Method = mseMethod
	}
	if err := o.Method.check(); err != nil {
		return nil, err
	}
	if o.Grid == (Grid{}) {
		o.Grid = Grid{Max: 15, Steps: 1, Rho: 1}
	}
	if len(g.Inputs) != 1 {
		return nil, fmt.Errorf("calibrate: the network has %d inputs, want 1", len(g.Inputs))
	}
	r := &run{options: o, samples: Pick(s, o.Seed, 0, o.Samples)}
	if r.samples.Len() == 0 {
		return nil, errors.New("calibrate: there are no samples")
	}
	var err error
	if r.program, err = ann.Compile(ctx, g, ann.Options{}); err != nil {
		return nil, err
	}
	r.buffers = make([][]float32, workers(o.Workers))
	return r, r.observe(g)
}

func workers(n int) int {
	if n <= 0 {
		return par.Workers()
	}
	return n
}

// observe makes the observers.
func (r *run) observe(g *ir.Graph) error {
	r.byValue, r.sites = make([]*observer, len(g.Values)), make([]bool, len(g.Values))
	for _, site := range r.options.Sites {
		obs, err := newObserver(g, site, min(chunk, r.samples.Len()))
		if err != nil {
			return err
		}
		if r.byValue[site.Value] != nil {
			return fmt.Errorf("calibrate: %q is listed twice", obs.name)
		}
		if perSample := obs.outer * obs.inner; perSample > math.MaxUint32/r.samples.Len() {
			return fmt.Errorf("calibrate: %q has too many values on %d samples (try fewer)", obs.name, r.samples.Len())
		}
		r.byValue[site.Value], r.sites[site.Value] = obs, true
		r.observers = append(r.observers, obs)
	}
	return nil
}

// sample runs sample i, which is number slot of its chunk.
func (r *run) sample(ctx context.Context, worker, i, slot int) error {
	in := r.buffers[worker]
	if in == nil {
		in = make([]float32, r.program.InLen())
		r.buffers[worker] = in
	}
	if _, err := r.samples.Sample(i, in); err != nil {
		return err
	}
	var fault error
	err := r.program.Observe(ctx, in, r.sites, func(id ir.ValueID, v []float32) {
		if fault == nil {
			fault = r.byValue[id].observe(slot, v)
		}
	})
	if err == nil && fault != nil {
		err = fmt.Errorf("calibrate: %s: %w (try inputs as the model was trained on; its sums exceed float32, or it takes the root or logarithm of a number below 0)", NameOf(r.samples, i), fault)
	}
	if err != nil {
		return err
	}
	r.advance()
	return nil
}

func (r *run) advance() {
	if r.options.Progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	r.options.Progress(r.done, r.samples.Len())
}

// profile puts the results together.
func (r *run) profile(ctx context.Context, g *ir.Graph) (*Profile, error) {
	o := r.options
	p := &Profile{
		Schema:     schema,
		SHA256:     g.Source.SHA256,
		Output:     outputOf(g),
		Preprocess: o.Preprocess,
		Samples:    r.samples.Len(),
		Seed:       o.Seed,
		Synthetic:  o.Synthetic,
		Sites:      make([]Stats, len(r.observers)),
	}
	for i, obs := range r.observers {
		p.Sites[i] = obs.stats(r.samples.Len())
	}
	if !o.Synthetic {
		ids, err := IDs(ctx, r.samples, r.program.InLen(), o.Workers)
		if err != nil {
			return nil, err
		}
		p.Calibrated = sampleid.NewList(ids...)
	}
	return p, p.Choose(ctx, o.Method, o.Grid, o.PerChannel, o.Workers)
}

// outputOf is the name of the output that a graph of several was cut to, empty where it had one.
func outputOf(g *ir.Graph) string {
	if len(g.LeftOut) == 0 {
		return ""
	}
	return g.Value(g.Outputs[0]).Name
}
