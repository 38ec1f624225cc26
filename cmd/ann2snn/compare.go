package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/internal/dataset"
	"ann2snn/internal/eval"
	"ann2snn/internal/report"
	"ann2snn/ir"
	"ann2snn/snn"
)

// compareOptions are the flags of compare.
type compareOptions struct {
	model     modelFlags
	data      dataFlags
	method    methodFlags
	calibData string
	margin    marginFlag
	task      taskFlag
	html      string
	force     bool

	allowOverlap bool
}

func (a *app) compareCommand() *cobra.Command {
	o := &compareOptions{}
	o.data.warn = a.warn
	cmd := &cobra.Command{
		Use:   "compare MODEL.onnx [NET.snn]",
		Short: "Compare a model with its spiking network on data",
		Long: `Run a model, its spiking network and the same-bit quantised model on samples, and compare
accuracy, agreement, errors, spikes, operations and time. Without NET.snn the model is
converted first, as convert would; then --calib-data names the samples to calibrate on,
or some of --data are drawn for that and not tested on.`,
		Example: `  ann2snn compare resnet20.onnx resnet20.snn --data test_batch.bin --html report.html
  ann2snn compare resnet20.onnx --data test_batch.bin --calib-data calib_batch.bin --preprocess cifar10 --bits 3`,
		Args: argsBetween(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.data.path == "" {
				return usagef("compare needs --data")
			}
			if given := o.conversionFlags(); len(args) == 2 && given != nil {
				return hintf(usagef("%s is converted already: %s cannot change it", args[1], strings.Join(given, ", ")),
					"without %s the model is converted on the fly", args[1])
			}
			return a.compare(cmd.Context(), args, o)
		},
	}
	fs := cmd.Flags()
	o.model.register(fs)
	o.data.register(fs, "to test on")
	o.method.register(fs)
	fs.StringVar(&o.calibData, "calib-data", "", "`path` of the samples to calibrate on, where there is no NET.snn")
	o.margin.register(fs)
	o.task.register(fs)
	fs.StringVar(&o.html, "html", "", "write a report to this `file`")
	fs.BoolVar(&o.allowOverlap, "allow-overlap", false, "test on samples that the network was calibrated on too")
	fs.BoolVarP(&o.force, "force", "f", false, "overwrite an existing file")
	return cmd
}

// conversionFlags lists the given flags that say how to convert.
func (o *compareOptions) conversionFlags() []string {
	given := o.method.changed()
	if o.calibData != "" {
		given = append(given, "--calib-data")
	}
	return given
}

// pairing is what compare compares, and on what.
type pairing struct {
	graph   *ir.Graph
	network *snn.Network
	source  calibrate.Source
	set     *dataset.Set // that the source comes from; nil if there is none
	stored  bool         // the network has a preprocessing
	origin  eval.Origin
	overlap *eval.Overlap
	margin  *float64 // margin of an early exit; nil for none
	task    eval.Task
	close   func() error
}

// compare takes MODEL.onnx and, where it is converted already, NET.snn.
func (a *app) compare(ctx context.Context, files []string, o *compareOptions) (err error) {
	if err := checkOutputs(o.force, o.html); err != nil {
		return err
	}
	options, err := o.method.options() // mistakes show before the work
	if err != nil {
		return err
	}
	if err := o.takeFromNetwork(ctx, files); err != nil {
		return swapped(err, files[1:])
	}
	m, err := o.model.load(ctx, files[0])
	if err != nil {
		return swapped(err, files[1:])
	}
	if text := eval.OutputsNote(eval.GraphOutputs(m.Graph())); text != "" {
		a.note("note: %s", text)
	}
	shape, err := m.InputShape()
	if err != nil {
		return err
	}
	o.data.targets = true
	if o.data.values, err = o.task.takesValues(m.Graph()); err != nil {
		return err
	}
	var p *pairing
	if len(files) == 2 {
		p, err = a.openPair(ctx, o, m.Graph(), shape, files[1])
	} else {
		p, err = a.convertForCompare(ctx, m, shape, o, options)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := a.leaveOutCalibrated(ctx, p, o.allowOverlap); err != nil {
		return err
	}
	p.margin, p.task = o.margin.value, o.task.value
	again := ""
	if p.stored {
		again = "; convert the model anew with that"
	}
	doubts, err := a.doubtInputs(ctx, m.Graph(), shape, p.set, p.task, again)
	if err != nil {
		return err
	}
	r, err := a.evaluate(ctx, p)
	if err != nil {
		return err
	}
	r.Doubts = doubts
	network := ""
	if len(files) == 2 {
		network = files[1]
	}
	r.Next = a.next(r, p, network, o.html != "")
	return a.printResult(r, o.html, o.force)
}

// takeFromNetwork takes that output of the model that the network computes, and the task that
// its conversion was asked for, unless a flag names another.
func (o *compareOptions) takeFromNetwork(ctx context.Context, files []string) error {
	if len(files) < 2 {
		return nil
	}
	n, err := loadNetwork(ctx, files[1])
	if err != nil {
		return nil //nolint:nilerr // the model is read first, and errors of the network are met again
	}
	if o.task.value == eval.TaskAuto {
		o.task.value = eval.AskedTask(n)
	}
	taken := eval.OutputsOf(n).Output
	if asked := o.model.output; asked != "" && taken != "" && asked != taken {
		return usagef("%s computes the output %s of the model, not %s", files[1], taken, asked)
	}
	if taken != "" {
		o.model.output = taken
	}
	return nil
}

// openPair pairs g with a network that was made from it.
func (a *app) openPair(ctx context.Context, o *compareOptions, g *ir.Graph, shape []int, path string) (*pairing, error) {
	n, err := loadNetwork(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := checkModel("network", path, n.Meta.SHA256, g); err != nil {
		return nil, err
	}
	o.data.classes, o.data.outputs = n.Meta.Labels, classesOf(g)
	set, err := o.data.open(ctx, shape, n.Meta.Preprocess)
	if err != nil {
		return nil, err
	}
	a.tell(set)
	if err := o.task.settle(a, set, g); err != nil {
		return nil, errors.Join(err, set.Close())
	}
	return &pairing{
		graph: g, network: n, source: set, set: set, stored: len(n.Meta.Preprocess) > 0, close: set.Close,
		origin: eval.Origin{Network: filepath.Base(path), Data: o.data.path},
	}, nil
}

// takeClasses takes the names of the classes from --calib-data, where they are complete.
func (o *compareOptions) takeClasses(ctx context.Context, shape []int, stored []byte) error {
	if o.calibData == "" {
		return nil
	}
	calib, err := o.calibFlags().open(ctx, shape, stored)
	if err != nil {
		return err
	}
	if names := calib.Classes(); len(names) == o.data.outputs {
		o.data.classes = names
	}
	return calib.Close()
}

// calibFlags say how to read --calib-data.
func (o *compareOptions) calibFlags() *dataFlags {
	return &dataFlags{values: true, targets: true, path: o.calibData, preprocess: o.data.preprocess, skipBad: o.data.skipBad, warn: o.data.warn}
}

// classesOf returns the number of a model's outputs, 0 where it is no list of scores.
func classesOf(g *ir.Graph) int {
	t := g.Type(g.Outputs[0])
	if dims := t.Shape.Ints(); len(dims) < 2 || t.Elems() != dims[1] {
		return 0
	}
	return t.Elems()
}

// convertForCompare converts a model and pairs it with the result.
func (a *app) convertForCompare(ctx context.Context, m *ann2snn.Model, shape []int, o *compareOptions, options ann2snn.Options) (_ *pairing, err error) {
	o.data.outputs = classesOf(m.Graph())
	stored, err := m.Preprocess().Encode()
	if err != nil {
		return nil, err
	}
	if err := o.takeClasses(ctx, shape, stored); err != nil {
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
	p := &pairing{graph: m.Graph(), source: set, set: set, close: set.Close, origin: eval.Origin{Data: o.data.path}}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	in, err := o.calibrationSet(ctx, p, set, shape)
	if err != nil {
		return nil, err
	}
	if o.calibData == "" {
		a.warn("no --calib-data: %d samples drawn from --data are calibrated on and NOT tested on", in.Source.Len())
	}
	if o.calibData != "" { // else the number is exact
		if err := a.noteSamples(&o.method, in, options); err != nil {
			return nil, err
		}
	}
	options.Task = o.task.value.String()
	n, err := a.convertToCompare(ctx, m, in, options)
	if err != nil {
		return nil, err
	}
	p.network = n.SNN()
	return p, nil
}

// calibrationSet opens --calib-data, or else splits the data: then p keeps the rest.
func (o *compareOptions) calibrationSet(ctx context.Context, p *pairing, set *dataset.Set, shape []int) (*ann2snn.Samples, error) {
	if o.calibData == "" {
		n := o.method.calib
		if n < 1 || n >= set.Len() {
			return nil, hintf(usagef("%d samples to calibrate on leave none of the %d to test on", n, set.Len()),
				"--calib-data names other samples to calibrate on, --calib-samples takes fewer")
		}
		drawn, rest := calibrate.Draw(set, o.method.seed, n)
		p.source = rest
		return fromSet(drawn, set, o.data.path), nil
	}
	pre, err := set.Preprocess().Encode()
	if err != nil {
		return nil, err
	}
	calib, err := o.calibFlags().open(ctx, shape, pre)
	if err != nil {
		return nil, err
	}
	p.close = func() error { return errors.Join(set.Close(), calib.Close()) }
	return fromSet(calib, calib, o.calibData), nil
}

// evaluate compares a pair.
func (a *app) evaluate(ctx context.Context, p *pairing) (r *eval.Result, err error) {
	err = a.withProgress("comparing", func(progress func(done, total int)) (err error) {
		r, err = eval.Compare(ctx, eval.Options{
			Graph: p.graph, Network: p.network, Source: p.source, Task: p.task, EarlyExit: p.margin,
			Workers: a.workers(), Progress: progress, Now: time.Now, CPU: cpuName(), Plans: a.plans,
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	r.Origin, r.Overlap = p.origin, p.overlap
	r.Origin.Tool, r.Origin.Command, r.Origin.Outputs = thisBuild().String(), a.commandLine(), eval.GraphOutputs(p.graph)
	r.Origin.Model, r.Origin.SHA256 = filepath.Base(p.graph.Source.Path), p.graph.Source.SHA256
	r.Origin.Calibration = eval.CalibrationOf(p.network)
	return r, nil
}

// printResult prints a comparison and writes the page, where one is asked for.
func (a *app) printResult(r *eval.Result, html string, force bool) error {
	if html != "" {
		if err := writeFile(html, force, func(w io.Writer) error { return report.HTML(w, r) }); err != nil {
			return err
		}
		a.note("wrote %s", html)
	}
	if a.json {
		return report.JSON(a.stdout, r)
	}
	return report.Table(a.stdout, r, a.style())
}
