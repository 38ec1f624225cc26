package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/export"
	"ann2snn/export/target"
	"ann2snn/internal/report"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// exportOptions are the flags of export.
type exportOptions struct {
	data      dataFlags
	target    string
	out       string
	name      string
	list      bool
	check     bool
	allowLoss bool
	verify    int
	maxFlash  int
	maxRAM    int
}

func (a *app) exportCommand() *cobra.Command {
	o := &exportOptions{}
	o.data.warn = a.warn
	cmd := &cobra.Command{
		Use:   "export NET.snn",
		Short: "Write a spiking network for another machine",
		Long: `Write an integer network (convert --weights int8) for another machine or tool into a new
folder. What a target cannot express exactly is an error that lists it, unless
--allow-loss is given. --data gives the samples for the export's self-test and for
--verify, which runs the export on this machine and compares every output.`,
		Example: "  ann2snn export --list-targets\n  ann2snn export demo.snn --target c --check\n  ann2snn export demo.snn --target c -o demo_c --verify 100 --data digits/",
		Args:    argsBetween(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.list {
				return a.listTargets()
			}
			if err := o.checkUsage(args); err != nil {
				return err
			}
			return a.export(cmd.Context(), args[0], o)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&o.target, "target", "", "what to write, see --list-targets")
	fs.StringVarP(&o.out, "out", "o", "", "`folder` to make")
	fs.StringVar(&o.name, "name", "", "what files and identifiers begin with (default NET)")
	fs.BoolVar(&o.list, "list-targets", false, "list the targets")
	fs.BoolVar(&o.check, "check", false, "list what would be lost, and write nothing")
	fs.BoolVar(&o.allowLoss, "allow-loss", false, "export though something is lost")
	fs.IntVar(&o.verify, "verify", 0, "run the export on so many samples and compare every output")
	fs.IntVar(&o.maxFlash, "max-flash", 0, "fail if the network takes more `bytes` of flash (target c)")
	fs.IntVar(&o.maxRAM, "max-ram", 0, "fail if the network takes more `bytes` of RAM (target c)")
	o.data.register(fs, "to verify and for the export's self-test")
	return cmd
}

func (o *exportOptions) checkUsage(args []string) error {
	switch {
	case len(args) != 1:
		return hintf(usagef("ann2snn export takes NET.snn, got 0 arguments"), "ann2snn export --help shows examples")
	case o.target == "":
		return hintf(usagef("export needs --target"), "ann2snn export --list-targets lists them")
	case knownTarget(o.target) != nil:
		return knownTarget(o.target)
	case o.out == "" && !o.check:
		return usagef("export needs -o FOLDER, or --check")
	case o.maxFlash < 0:
		return usagef("--max-flash %d bytes are negative", o.maxFlash)
	case o.maxRAM < 0:
		return usagef("--max-ram %d bytes are negative", o.maxRAM)
	case o.verify < 0:
		return usagef("--verify %d samples is nothing to do", o.verify)
	case o.verify > 0 && o.data.path == "":
		return usagef("--verify needs --data")
	case o.verify > 0 && o.check:
		return usagef("--check writes nothing that --verify could run")
	}
	return o.data.checkUsed(false)
}

func knownTarget(name string) error {
	if _, err := export.ForName(name); err != nil {
		return &usageError{err}
	}
	return nil
}

func (a *app) listTargets() error {
	type row struct {
		Name    string `json:"name"`
		Summary string `json:"summary"`
	}
	rows := []row{}
	g := &report.Grid{Columns: []string{"target", "what is written"}}
	for _, t := range export.Targets() {
		rows = append(rows, row{t.Name, t.Summary})
		g.Add(t.Name, t.Summary)
	}
	if a.json {
		return report.JSON(a.stdout, rows)
	}
	return g.Write(a.stdout, a.style())
}

// exported is the JSON of export.
type exported struct {
	Target   string           `json:"target"`
	Exact    bool             `json:"exact"`
	Losses   []target.Loss    `json:"losses"`
	Dir      string           `json:"dir,omitempty"` // these are absent with --check
	Name     string           `json:"name,omitempty"`
	Files    []exportedFile   `json:"files,omitempty"`
	Verified *export.Verified `json:"verified,omitempty"`
}

type exportedFile struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

func (a *app) export(ctx context.Context, path string, o *exportOptions) error {
	t, err := export.ForName(o.target)
	if err != nil {
		return err
	}
	if !t.Sized && (o.maxFlash != 0 || o.maxRAM != 0) {
		return usagef("--max-flash and --max-ram mean nothing to target %s", t.Name)
	}
	if o.name == "" {
		o.name = stem(path)
	}
	if err := export.CheckName(o.name); err != nil {
		return hintf(err, "--name chooses another one")
	}
	if !o.check {
		if err := export.CheckDir(o.out); err != nil {
			return err
		}
	}
	n, err := loadNetwork(ctx, path)
	if err != nil {
		return err
	}
	if !n.Integer {
		return hintf(fmt.Errorf("%s: the network computes with float32, exports need integers", path),
			"ann2snn convert --weights int8")
	}
	if _, err := runtime.Compile(ctx, n); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	r := &exported{Target: t.Name, Losses: append([]target.Loss{}, t.Check(n)...)}
	r.Exact = len(r.Losses) == 0
	if o.check {
		if err := a.printLosses(r); err != nil {
			return err
		}
		return refusal(r, o.allowLoss)
	}
	return a.writeExport(ctx, t, n, r, o)
}

// refusal is the error of an export that would lose something, nil if that is allowed.
func refusal(r *exported, allowed bool) error {
	err := fmt.Errorf("target %s cannot express the network exactly", r.Target)
	for _, l := range r.Losses {
		if l.Fatal {
			return fmt.Errorf("target %s cannot express the network", r.Target)
		}
	}
	if r.Exact || allowed {
		return nil
	}
	return hintf(err, "--allow-loss exports it nevertheless")
}

// printLosses is the result of --check.
func (a *app) printLosses(r *exported) error {
	switch {
	case a.json:
		return report.JSON(a.stdout, r)
	case r.Exact:
		_, err := fmt.Fprintf(a.stdout, "Target %s expresses the network exactly.\n", r.Target)
		return err
	}
	return lossGrid(r.Losses).Write(a.stdout, a.style())
}

func lossGrid(losses []target.Loss) *report.Grid {
	g := &report.Grid{Columns: []string{"layer", "what is lost", "way out"}}
	for _, l := range losses {
		what := l.What
		if l.Fatal {
			what += " (cannot be exported)"
		}
		g.Add(l.Layer, what, inFlags.Replace(l.Way))
	}
	return g
}

func (a *app) writeExport(ctx context.Context, t *target.Target, n *snn.Network, r *exported, o *exportOptions) error {
	if !r.Exact {
		if err := lossGrid(r.Losses).Write(a.stderr, report.Style{}); err != nil {
			return err
		}
		if err := refusal(r, o.allowLoss); err != nil {
			return err
		}
	}
	samples, name, err := o.samples(ctx, n)
	if err != nil {
		return err
	}
	options := target.Options{
		Name: o.name, Samples: samples[:min(len(samples), selfTestSamples)],
		MaxFlash: o.maxFlash, MaxRAM: o.maxRAM,
	}
	files, err := export.Files(t, n, options)
	if err != nil {
		return err
	}
	err = export.Write(o.out, files, func(dir string) (err error) {
		if o.verify > 0 {
			job := &target.Job{Net: n, Dir: dir, Options: options, Inputs: samples[:o.verify], Name: name}
			r.Verified, err = export.Verify(ctx, t, job, a.plans...)
		}
		return err
	})
	if errors.Is(err, target.ErrNoConsumer) {
		return hintf(err, "without --verify the export is written")
	}
	if err != nil {
		return err
	}
	r.Dir, r.Name = o.out, o.name
	for _, f := range files {
		r.Files = append(r.Files, exportedFile{f.Name, len(f.Data)})
	}
	a.note("wrote %s", o.out)
	return a.printExported(r)
}

// selfTestSamples is how many vectors the self-test of an export has.
const selfTestSamples = 4

// samples draws what the export is verified on, or at least what its self-test takes: the first
// samples may be all of one class. name names them.
func (o *exportOptions) samples(ctx context.Context, n *snn.Network) (_ [][]float32, name func(i int) string, err error) {
	if o.data.path == "" {
		return nil, nil, nil
	}
	o.data.values = true // labels are not asked for
	set, err := o.data.open(ctx, n.InputShape(), n.Meta.Preprocess)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	want := max(o.verify, selfTestSamples)
	if o.verify > set.Len() {
		return nil, nil, fmt.Errorf("%s holds %d samples, --verify wants %d", o.data.path, set.Len(), o.verify)
	}
	drawn := calibrate.Pick(set, ann2snn.DefaultSeed, 0, want)
	samples := make([][]float32, drawn.Len())
	for i := range samples {
		samples[i] = make([]float32, n.Layers[0].Shape.Len())
		if _, err := drawn.Sample(i, samples[i]); err != nil {
			return nil, nil, err
		}
	}
	return samples, func(i int) string { return calibrate.NameOf(drawn, i) }, nil
}

func (a *app) printExported(r *exported) error {
	if a.json {
		return report.JSON(a.stdout, r)
	}
	g := &report.Grid{Columns: []string{"file", ">bytes"}}
	for i := 0; i < len(r.Files); {
		folder, _, deep := strings.Cut(r.Files[i].Name, "/")
		n, bytes := 1, r.Files[i].Bytes
		for deep && i+n < len(r.Files) && strings.HasPrefix(r.Files[i+n].Name, folder+"/") {
			bytes += r.Files[i+n].Bytes
			n++
		}
		name := r.Files[i].Name
		if n > 1 {
			name = fmt.Sprintf("%s/ (%d files)", folder, n)
		}
		g.Add(name, strconv.Itoa(bytes))
		i += n
	}
	if err := g.Write(a.stdout, a.style()); err != nil {
		return err
	}
	if v := r.Verified; v != nil {
		spikes := ""
		if v.Spikes > 0 {
			spikes = fmt.Sprintf(" and %d levels of single layers and steps", v.Spikes)
		}
		if _, err := fmt.Fprintf(a.stdout, "\nVerified on %d samples: all %d outputs%s are those of runtime.\n", v.Samples, v.Outputs, spikes); err != nil {
			return err
		}
	}
	return nil
}
