package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/escape"
	"ann2snn/internal/eval"
	"ann2snn/internal/report"
	"ann2snn/internal/search"
	"ann2snn/ir"
	"ann2snn/snn"
)

// convertOptions are the flags of convert.
type convertOptions struct {
	model   modelFlags
	data    dataFlags
	method  methodFlags
	task    taskFlag
	profile string
	maxDrop float64
	out     string
	force   bool
}

func (a *app) convertCommand() *cobra.Command {
	o := &convertOptions{}
	o.data.warn = a.warn
	cmd := &cobra.Command{
		Use:   "convert MODEL.onnx",
		Short: "Make a spiking network of an ONNX model",
		Long: `Calibrate, convert, check the result against the model on the calibration samples, and
write MODEL.snn. Without --data and --profile, thresholds come from made-up samples; then
spikes have 8 bits unless told otherwise.`,
		Example: `  ann2snn convert resnet20.onnx --data calib_batch.bin --preprocess cifar10
  ann2snn convert resnet20.onnx --data calib_batch.bin --preprocess cifar10 --bits 2 --steps 4 --weights int8`,
		Args: argsBetween(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.out == "" {
				o.out = stem(args[0]) + ".snn"
			}
			return a.convert(cmd.Context(), args[0], o)
		},
	}
	fs := cmd.Flags()
	o.model.register(fs)
	o.data.register(fs, "to calibrate on")
	o.method.register(fs)
	o.task.register(fs)
	fs.Float64Var(&o.maxDrop, "max-drop", 0, "search for the cheapest bits, steps, mode and bits of single layers that lose at most so many `points` on samples held back from calibration: of accuracy, without labels of answers that are the model's, of R² where answers are values; with --bits or --steps these are settled")
	fs.StringVar(&o.profile, "profile", "", "`file` with statistics, from calibrate")
	fs.StringVarP(&o.out, "out", "o", "", "`file` to write (default MODEL.snn)")
	fs.BoolVarP(&o.force, "force", "f", false, "overwrite an existing file")
	return cmd
}

// converted is the JSON of convert.
type converted struct {
	File    string                `json:"file"`
	Profile string                `json:"profile"` // given with --profile
	Layers  []convert.LayerReport `json:"layers"`
	Neurons int                   `json:"neurons"`
	Report  conversionNotes       `json:"report"`
	Search  *search.Result        `json:"search,omitempty"` // given with --max-drop

	madeUp bool // there were no real samples
}

// conversionNotes say what became of the model's nodes and how well it went.
type conversionNotes struct {
	Nodes    []convert.NodeClass `json:"nodes"`
	Warnings []string            `json:"warnings"`
	Check    *selfCheck          `json:"self_check"` // null without real samples to check on
	Doubts   []string            `json:"doubts"`     // about labels and preprocessing, said before the conversion
}

// selfCheck compares the two networks on samples held back from the conversion.
type selfCheck struct {
	Samples   int          `json:"samples"`
	Task      *eval.Found  `json:"task,omitempty"` // absent for classification
	Agreement eval.Percent `json:"agreement,omitzero"`
	// AgreementCI95 is the 95 % confidence interval of the agreement, absent where one sample
	// has several answers or a value.
	AgreementCI95 *[2]eval.Percent `json:"agreement_ci95,omitempty"`
	eval.Likeness
	// OutputError is |snn-ann|/|ann| of the output layer, absent where it is unknown.
	OutputError *float64 `json:"output_error,omitempty"`

	kept eval.Percent // see eval.Result
}

func (a *app) convert(ctx context.Context, model string, o *convertOptions) (err error) {
	options, err := o.method.options() // mistakes show before the work
	if err != nil {
		return err
	}
	if err := o.model.expected(model); err != nil {
		return err
	}
	if err := checkOutputs(o.force, o.out); err != nil {
		return err
	}
	m, err := o.model.load(ctx, model)
	if err != nil {
		return err
	}
	if options.Profile, err = o.loadProfile(ctx, m.Graph()); err != nil {
		return err
	}
	in, err := a.samples(ctx, m, o, options.Profile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if options.Profile != nil {
		in.Name = filepath.Base(o.profile)
	} else if in.MadeUp {
		a.warn("no --data: thresholds come from made-up samples; real ones give better results")
	}
	if err := a.noteSamples(&o.method, in, options); err != nil {
		return err
	}
	doubts, err := a.doubtSamples(ctx, m, in, o.task.value)
	if err != nil {
		return err
	}
	n, r, found, err := a.convertOrSearch(ctx, m, in, o, options)
	if err != nil {
		return err
	}
	c := candidate{network: n, report: r}
	if c.check, err = a.selfCheck(ctx, m.Graph(), n, in, options, o.task.value); err != nil {
		return err
	}
	if c.check.doubtful() && found == nil {
		if c, err = a.improve(ctx, m, in, o, options, c); err != nil {
			return err
		}
	}
	if err := c.recordTask(m.Graph(), o.task.value); err != nil {
		return err
	}
	if err := writeFile(o.out, o.force, func(w io.Writer) error { return snn.Encode(w, c.network) }); err != nil {
		return err
	}
	a.note("wrote %s", o.out)
	return a.printConverted(&converted{
		File: o.out, Profile: o.profile, Layers: c.report.Layers, Neurons: c.report.Neurons,
		Report: conversionNotes{Nodes: c.report.Nodes, Warnings: c.report.Warnings, Check: c.check, Doubts: doubts}, Search: found, madeUp: in.MadeUp,
	})
}

// convertOrSearch converts as the flags say, or searches where --max-drop asks for it.
func (a *app) convertOrSearch(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, o *convertOptions, options ann2snn.Options) (*snn.Network, *convert.Report, *search.Result, error) {
	if o.method.flags.Changed("max-drop") {
		found, err := a.search(ctx, m, in, o, options)
		if err != nil {
			return nil, nil, nil, err
		}
		return found.Network, found.Report, found, nil
	}
	n, r, err := a.convertModel(ctx, m, in, options)
	if err != nil {
		return nil, nil, nil, err
	}
	return n.SNN(), r, nil, nil
}

// loadProfile returns nil where no profile was given.
func (o *convertOptions) loadProfile(ctx context.Context, g *ir.Graph) (*calibrate.Profile, error) {
	if o.profile == "" {
		return nil, nil
	}
	p, err := loadProfile(ctx, o.profile)
	if err != nil {
		return nil, err
	}
	return p, checkModel("profile", o.profile, p.SHA256, g)
}

// samples opens the samples, or makes some up where none were given.
func (a *app) samples(ctx context.Context, m *ann2snn.Model, o *convertOptions, p *calibrate.Profile) (*ann2snn.Samples, error) {
	var stored []byte
	if p != nil {
		stored = p.Preprocess
	}
	if o.data.path == "" {
		if err := o.data.checkUsed(true); err != nil {
			return nil, err
		}
		if fit := o.method.fit; fit != "" && fit != convert.FitNone.String() {
			return nil, usagef("--fit %s needs --data", o.method.fit)
		}
		if o.method.tune > 0 {
			return nil, usagef("--tune %d needs --data", o.method.tune)
		}
		spec, err := o.data.spec(stored)
		if err != nil {
			return nil, err
		}
		return m.MadeUp(spec, o.method.seed)
	}
	shape, err := m.InputShape()
	if err != nil {
		return nil, err
	}
	o.data.values = o.task.takesValues(m.Graph())
	set, err := o.data.open(ctx, shape, stored)
	if err != nil {
		return nil, err
	}
	a.tell(set)
	o.task.settle(a, set)
	return fromSet(set, set, o.data.path), nil
}

// selfCheck runs model and network on the samples that the conversion held back: on those that
// it was fitted on, any network looks good, and made-up ones say nothing of real ones. Nil means
// that there are none.
func (a *app) selfCheck(ctx context.Context, g *ir.Graph, n *snn.Network, in *ann2snn.Samples, o ann2snn.Options, task eval.Task) (*selfCheck, error) {
	chosen, samples, err := in.Split(o)
	if err != nil || samples == nil || samples.Len() == 0 {
		return nil, err
	}
	samples, err = eval.Without(ctx, samples, chosen, n.Layers[0].Shape.Len(), a.workers()) // a picture may be there twice
	if err != nil || samples.Len() == 0 {
		return nil, err
	}
	var r *eval.Result
	err = a.withProgress("checking", func(progress func(done, total int)) (err error) {
		r, err = eval.Compare(ctx, eval.Options{
			Graph: g, Network: n, Source: samples, Task: task, Workers: a.workers(), Progress: progress, Plans: a.plans,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	c := &selfCheck{
		Samples: r.Samples, Task: r.Task, Agreement: r.Agreement, Likeness: r.SNN.Likeness,
		OutputError: r.Layers[n.Output-1].RelativeError, kept: r.Kept(),
	}
	if r.Task.Is(eval.TaskClassification) || r.Task.Is(eval.TaskBinary) {
		c.AgreementCI95 = new(eval.ShareInterval(int(math.Round(float64(r.Agreement)*float64(r.Samples)/100)), r.Samples))
	}
	return c, nil
}

func (a *app) printConverted(c *converted) error {
	if a.json {
		return report.JSON(a.stdout, c)
	}
	for _, w := range c.Report.Warnings {
		a.note("note: %s", w)
	}
	if c.Search != nil {
		grids := []*report.Grid{searchGrid(c.Search)}
		if len(c.Search.Sensitivity) > 0 {
			grids = append(grids, sensitivityGrid(c.Search))
		}
		for _, g := range grids {
			if err := g.Write(a.stdout, a.style()); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout)
		}
	}
	if err := convertedGrid(c.Layers).Write(a.stdout, a.style()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "\n%s: %s neurons. %s\n", escape.Terminal(filepath.Base(c.File)), report.Count(c.Neurons), c.checked())
	return err
}

func convertedGrid(layers []convert.LayerReport) *report.Grid {
	g := &report.Grid{Columns: []string{"layer", "op", "height x width x channels", ">neurons", ">bits", ">threshold", ">rounding", ">clipping", ">dead", "note"}}
	for _, l := range layers {
		shape := dims(l.Shape[:])
		if l.Neurons == 0 {
			g.Add(l.Name, l.Op, shape, "-", "-", "-", "-", "-", "-")
			continue
		}
		threshold := fmt.Sprintf("%.3g", l.ThresholdMin)
		if l.ThresholdMax > l.ThresholdMin {
			threshold += fmt.Sprintf("..%.3g", l.ThresholdMax)
		}
		g.Add(l.Name, l.Op, shape, report.Count(l.Neurons), strconv.Itoa(l.Bits), threshold,
			fmt.Sprintf("%.1f %%", 100*l.Rounding), fmt.Sprintf("%.1f %%", 100*l.Clipping), strconv.Itoa(l.Dead), l.Inserted)
	}
	return g
}
