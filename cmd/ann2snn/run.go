package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ann2snn/internal/dataset"
	"ann2snn/internal/eval"
	"ann2snn/internal/par"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// runOptions are the flags of run.
type runOptions struct {
	data   dataFlags
	top    int
	labels string
	spikes bool

	lines, summary bool
	margin         marginFlag
	task           taskFlag
}

func (a *app) runCommand() *cobra.Command {
	o := &runOptions{}
	o.data.warn = a.warn
	cmd := &cobra.Command{
		Use:   "run NET.snn INPUT...",
		Short: "Run a spiking network on images, arrays or data sets",
		Long: `Run a spiking network on images (JPEG, PNG, WebP, BMP), NumPy arrays or whole data sets and
print its answers as its task has them: the best classes, a decision, the labels above the
threshold, how many pixels each class has, or values. Preprocessing is what the network was
converted with. An INPUT of - is a picture or an array on standard input.

Scores are what the model computes. Where they are no probabilities, their softmax stands
beside them: that is the model's probability, if it was trained as most classifiers are.`,
		Example: `  ann2snn run demo.snn digit.png
  ann2snn run squeezenet.snn --labels imagenet.txt --top 3 photos/
  ann2snn run squeezenet.snn --jsonl - < photo.jpg`,
		Args: argsBetween(2, 1<<30),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.top < 1 {
				return usagef("--top %d shows nothing", o.top)
			}
			if o.spikes && o.margin.value != nil {
				return hintf(usagef("--spikes counts over all steps, --early-exit leaves some out"), "run once with each")
			}
			if o.lines && a.json {
				return usagef("--json and --jsonl exclude each other")
			}
			if n := count(args[1:], standardInput); n > 1 {
				return usagef("standard input (%s) can be read once, not %d times", standardInput, n)
			}
			return a.classifyAll(cmd.Context(), args[0], args[1:], o)
		},
	}
	fs := cmd.Flags()
	fs.IntVar(&o.top, "top", 5, "classes to show")
	o.margin.register(fs)
	o.task.register(fs)
	fs.StringVar(&o.labels, "labels", "", "`file` of class names, one a line, in place of those of the network")
	fs.BoolVar(&o.lines, "jsonl", false, "print each answer as JSON on a line of its own")
	fs.BoolVar(&o.summary, "summary", false, "print how many samples have each answer, and no samples")
	fs.BoolVar(&o.spikes, "spikes", false, "show how many spikes each layer emitted")
	fs.StringVar(&o.data.format, "data-format", "", "how to read the inputs, where it is not recognised")
	fs.IntVar(&o.data.limit, "limit", 0, "use only the first so many samples of each input (0: all)")
	fs.IntVar(&o.data.skip, "skip", 0, "leave out so many samples of each input first")
	o.data.registerSkipBad(fs)
	o.data.registerPreprocess(fs)
	return cmd
}

// classified is what run says about one sample.
type classified struct {
	Input string      `json:"input"`
	Task  *eval.Found `json:"task,omitempty"` // absent for classification, as in compare
	// What the output says, by its task.
	Top      []scored       `json:"top,omitempty"`      // classification
	Decision *eval.Decision `json:"decision,omitempty"` // binary
	Above    []scored       `json:"above,omitzero"`     // multi-label: those above the threshold, best first
	Areas    []eval.Area    `json:"areas,omitempty"`    // per-pixel
	Values   []float32      `json:"values,omitempty"`   // all else
	Rates    []layerRates   `json:"spikes,omitempty"`
	Exit     *earlyExit     `json:"early_exit,omitempty"`
}

// earlyExit says when a sample was answered.
type earlyExit struct {
	Step     int `json:"step"`
	Computed int `json:"steps_computed"` // counting those that were run again
}

// layerRates counts what the neurons of a layer emitted.
type layerRates struct {
	Layer   string  `json:"layer"`
	Neurons int64   `json:"neurons"`
	Spikes  int64   `json:"spikes"`
	Rate    float64 `json:"rate"` // per neuron and step
}

// classifier classifies samples, each worker with a session of its own.
type classifier struct {
	*runOptions
	net      *snn.Network // without weights
	reading  *eval.Reading
	stdin    io.Reader
	workers  int
	plans    []runtime.Option
	sessions []*runtime.Session
	early    []*runtime.EarlySession // in place of sessions where there is an early exit
}

func (a *app) classifyAll(ctx context.Context, netPath string, inputs []string, o *runOptions) error {
	n, err := loadNetwork(ctx, netPath)
	if err != nil {
		return swapped(err, inputs)
	}
	if text := eval.OutputsNote(eval.OutputsOf(n)); text != "" {
		a.note("note: %s", text)
	}
	c := &classifier{runOptions: o, plans: a.plans, net: n.WithoutWeights(), workers: a.workers(), stdin: a.stdin}
	if c.reading, err = eval.ReadingOf(c.net, o.task.value); err != nil {
		return err
	}
	if o.labels != "" {
		if c.reading.Labels, err = readLabels(ctx, o.labels, c.reading.Classes()); err != nil {
			return err
		}
	}
	if task := c.reading.Found(); task != nil {
		a.note("task: %s; --task names another", task)
	}
	if err := c.prepare(ctx, n); err != nil {
		return err
	}
	out := &answers{app: a, runOptions: o}
	left := 0 // inputs without a sample that can be read
	for _, in := range inputs {
		results, err := c.input(ctx, in, a.tell)
		if left+1 < len(inputs) && errors.As(err, new(*dataset.AllBadError)) {
			a.warn("left out: %s", inWords(err.Error()))
			left++
			continue
		}
		if err != nil {
			return err
		}
		if err := out.add(in, results); err != nil {
			return err
		}
	}
	return out.end()
}

// prepare makes a session for every worker. Afterwards it needs no more of the network, unless
// that computes with floats.
func (c *classifier) prepare(ctx context.Context, n *snn.Network) error {
	if c.margin.value != nil {
		plan, err := runtime.CompileEarly(ctx, n, *c.margin.value, c.plans...)
		if err != nil {
			return err
		}
		for range c.workers {
			c.early = append(c.early, plan.NewSession(1))
		}
		return nil
	}
	plan, err := runtime.CompileDetached(ctx, n, nil, c.plans...)
	if err != nil {
		return err
	}
	for range c.workers {
		c.sessions = append(c.sessions, plan.NewSession(runtime.SessionOptions{Stats: c.spikes}))
	}
	return nil
}

// input classifies all samples of an input; tell says how these were read.
func (c *classifier) input(ctx context.Context, path string, tell func(*dataset.Set)) (_ []classified, err error) {
	data := c.data
	data.path, data.values = path, true // labels are not asked for
	if path == standardInput {
		data.stream = c.stdin
	}
	set, err := data.open(ctx, c.net.InputShape(), c.net.Meta.Preprocess)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	tell(set)
	results := make([]classified, set.Len())
	err = par.ForErr(ctx, set.Len(), c.workers, func(w, i int) (err error) {
		results[i], err = c.sample(ctx, w, set, i)
		return err
	})
	return results, err
}

// sample classifies sample i with the sessions of a worker.
func (c *classifier) sample(ctx context.Context, worker int, set *dataset.Set, i int) (classified, error) {
	in := make([]float32, c.net.Layers[0].Shape.Len())
	out := make([]float32, c.net.Layers[c.net.Output].Shape.Len())
	if _, err := set.Sample(i, in); err != nil {
		return classified{}, err
	}
	r := classified{Input: set.Name(i)}
	fail := func(err error) (classified, error) { return classified{}, fmt.Errorf("%s: %w", r.Input, err) }
	if c.early != nil {
		exit, err := c.early[worker].Run(ctx, out, in)
		if err != nil {
			return fail(err)
		}
		r.Exit = (*earlyExit)(&exit)
	} else {
		stats, err := c.sessions[worker].Run(ctx, out, in)
		if err != nil {
			return fail(err)
		}
		r.Rates = c.rates(stats)
	}
	r.read(c.reading, out, c.top)
	return r, nil
}

// rates is empty unless the session counts.
func (c *classifier) rates(stats runtime.Stats) []layerRates {
	var list []layerRates
	for i, l := range stats.Layers {
		if l.Neurons > 0 {
			list = append(list, layerRates{
				Layer: c.net.Layers[i].Name, Neurons: l.Neurons, Spikes: l.Spikes,
				Rate: float64(l.Spikes) / float64(l.Neurons*int64(c.net.Steps)),
			})
		}
	}
	return list
}
