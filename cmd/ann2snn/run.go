package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ann2snn"
	"ann2snn/internal/dataset"
	"ann2snn/internal/eval"
	"ann2snn/internal/par"
	"ann2snn/internal/report"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// runOptions are the flags of run.
type runOptions struct {
	data   dataFlags
	top    int
	spikes bool
	margin marginFlag
	task   taskFlag
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
converted with.`,
		Example: "  ann2snn run demo.snn digit.png\n  ann2snn run squeezenet.snn --top 3 --spikes photos/",
		Args:    argsBetween(2, 1<<30),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.top < 1 {
				return usagef("--top %d shows nothing", o.top)
			}
			if o.spikes && o.margin.value != nil {
				return hintf(usagef("--spikes counts over all steps, --early-exit leaves some out"), "run once with each")
			}
			return a.classifyAll(cmd.Context(), args[0], args[1:], o)
		},
	}
	fs := cmd.Flags()
	fs.IntVar(&o.top, "top", 5, "classes to show")
	o.margin.register(fs)
	o.task.register(fs)
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
	Top      []ann2snn.Answer `json:"top,omitempty"`      // classification
	Decision *eval.Decision   `json:"decision,omitempty"` // binary
	Above    []ann2snn.Answer `json:"above,omitzero"`     // multi-label: those above the threshold, best first
	Areas    []eval.Area      `json:"areas,omitempty"`    // per-pixel
	Values   []float32        `json:"values,omitempty"`   // all else
	Rates    []layerRates     `json:"spikes,omitempty"`
	Exit     *earlyExit       `json:"early_exit,omitempty"`
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
	c := &classifier{runOptions: o, plans: a.plans, net: n.WithoutWeights(), workers: a.workers()}
	if c.reading, err = eval.ReadingOf(c.net, o.task.value); err != nil {
		return err
	}
	if task := c.reading.Found(); task != nil {
		a.note("task: %s; --task names another", task)
	}
	if err := c.prepare(ctx, n); err != nil {
		return err
	}
	var all []classified
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
		if !a.json {
			if err := printClassified(a.stdout, results, a.style()); err != nil {
				return err
			}
			continue
		}
		all = append(all, results...)
	}
	if a.json {
		return report.JSON(a.stdout, all)
	}
	return nil
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

func printClassified(w io.Writer, results []classified, style report.Style) error {
	for _, r := range results {
		if err := r.print(w, style); err != nil {
			return err
		}
		if r.Exit != nil {
			fmt.Fprintf(w, "  answered after step %d, steps computed: %d\n", r.Exit.Step, r.Exit.Computed)
		}
		if len(r.Rates) == 0 {
			continue
		}
		rates := &report.Grid{Columns: []string{"", "layer", ">neurons", ">spikes", ">per neuron and step"}}
		for _, l := range r.Rates {
			rates.Add("", l.Layer, report.Count(l.Neurons), report.Count(l.Spikes), fmt.Sprintf("%.3f", l.Rate))
		}
		if err := rates.Write(w, style); err != nil {
			return err
		}
	}
	return nil
}
