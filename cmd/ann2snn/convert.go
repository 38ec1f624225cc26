package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

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
		Long: `Calibrate, convert, check the result against the model on samples held back from that, and
write MODEL.snn. Without --data and --profile, thresholds come from made-up samples; then
spikes have 8 bits unless told otherwise. A quantised model (QuantizeLinear and
DequantizeLinear) keeps its levels, in one step and without samples, unless flags ask for
others.

Flags are never overruled. What they leave open is chosen by the samples held back: 4 bits
and 2 steps, or where these lose too much 8 bits and 1 step, or what else loses least.
--effort says how much is tried: fast makes one conversion, normal up to four where the
first loses too much, best about six. A line says what was chosen, what it lost, and what
the next better setting would cost.`,
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
	Check    *ann2snn.Check      `json:"self_check"` // null without real samples to check on
	Choice   *ann2snn.Choice     `json:"choice,omitempty"`
	Doubts   []string            `json:"doubts"` // about labels and preprocessing, said before the conversion
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
	keeps := !o.method.flags.Changed("max-drop") && m.KeepsLevels(ctx, options)
	if options.Profile != nil {
		in.Name = filepath.Base(o.profile)
	} else if keeps {
		a.note("the model is quantised: the network has its levels, and nothing is calibrated")
	} else if in.MadeUp {
		a.warn("no --data: thresholds come from made-up samples; real ones give better results")
	}
	if err := a.noteSamples(&o.method, in, options); err != nil {
		return err
	}
	options.Task = o.task.value.String()
	if err := o.checkEffort(in, keeps); err != nil {
		return err
	}
	doubts, err := a.doubtSamples(ctx, m, in, o.task.value)
	if err != nil {
		return err
	}
	c, n, err := a.convertOrSearch(ctx, m, in, o, options)
	if err != nil {
		return err
	}
	if err := writeFile(o.out, o.force, func(w io.Writer) error { return snn.Encode(w, n) }); err != nil {
		return err
	}
	a.note("wrote %s", o.out)
	c.File, c.Profile, c.madeUp = o.out, o.profile, in.MadeUp
	c.Report.Doubts = doubts
	return a.printConverted(c, a.convertedLines(c, m.Graph(), n))
}

// checkEffort refuses --effort where nothing is tried, or something else decides what.
func (o *convertOptions) checkEffort(in *ann2snn.Samples, keeps bool) error {
	switch {
	case !o.method.flags.Changed("effort"):
	case keeps:
		return usagef("--effort has nothing to try: the model is quantised, and the network keeps its levels (try --bits 8 --steps 1 for levels that are calibrated)")
	case in.MadeUp:
		return usagef("--effort needs --data: settings are compared on real samples")
	case o.method.flags.Changed("max-drop"):
		return usagef("--effort and --max-drop exclude each other: --max-drop decides what is tried")
	}
	return nil
}

// convertOrSearch converts as the flags say, or searches where --max-drop asks for it.
func (a *app) convertOrSearch(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, o *convertOptions, options ann2snn.Options) (*converted, *snn.Network, error) {
	if o.method.flags.Changed("max-drop") {
		found, err := a.search(ctx, m, in, o, options)
		if err != nil {
			return nil, nil, err
		}
		c := newConverted(found.Report)
		c.Search = found
		if c.Report.Check, err = a.check(ctx, m, found.Network, in, options); err != nil {
			return nil, nil, err
		}
		return c, found.Network, eval.RecordTask(found.Network, m.Graph(), o.task.value, false, c.Report.Check.Settled())
	}
	n, r, err := a.convertModel(ctx, m, in, options)
	if err != nil {
		return nil, nil, err
	}
	a.warnOfLoss(r, &options)
	c := newConverted(r.Report)
	c.Report.Check, c.Report.Choice = r.Check, r.Choice
	return c, n.SNN(), nil
}

func newConverted(r *convert.Report) *converted {
	return &converted{Layers: r.Layers, Neurons: r.Neurons, Report: conversionNotes{Nodes: r.Nodes, Warnings: r.Warnings}}
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
	if err := checkModel("profile", o.profile, p.SHA256, g); err != nil {
		return nil, err
	}
	if err := p.Fits(g); err != nil {
		return nil, fmt.Errorf("%s: %w", o.profile, err)
	}
	return p, nil
}

// samples opens the samples, or makes some up where none were given.
func (a *app) samples(ctx context.Context, m *ann2snn.Model, o *convertOptions, p *calibrate.Profile) (*ann2snn.Samples, error) {
	stored, err := m.Preprocess().Encode()
	if err != nil {
		return nil, err
	}
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
	o.data.targets = true
	if o.data.values, err = o.task.takesValues(m.Graph()); err != nil {
		return nil, err
	}
	set, err := o.data.open(ctx, shape, stored)
	if err != nil {
		return nil, err
	}
	a.tell(set)
	if err := o.task.settle(a, set, m.Graph()); err != nil {
		return nil, errors.Join(err, set.Close())
	}
	return fromSet(set, set, o.data.path), nil
}

func (a *app) printConverted(c *converted, lines []string) error {
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
	_, err := fmt.Fprintf(a.stdout, "\n%s: %s neurons. %s\n%s\n", escape.Terminal(filepath.Base(c.File)), report.Count(c.Neurons), c.checked(),
		strings.Join(lines, "\n"))
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
		if l.OwnLevels {
			g.Add(l.Name, l.Op, shape, report.Count(l.Neurons), strconv.Itoa(l.Bits), threshold, "-", "-", "-", "the model's levels")
			continue
		}
		g.Add(l.Name, l.Op, shape, report.Count(l.Neurons), strconv.Itoa(l.Bits), threshold,
			fmt.Sprintf("%.1f %%", 100*l.Rounding), fmt.Sprintf("%.1f %%", 100*l.Clipping), strconv.Itoa(l.Dead), l.Inserted)
	}
	return g
}
