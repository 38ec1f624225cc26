package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"ann2snn/calibrate"
	"ann2snn/internal/escape"
	"ann2snn/internal/report"
)

// calibrateOptions are the flags of calibrate.
type calibrateOptions struct {
	model  modelFlags
	data   dataFlags
	method methodFlags
	out    string
	force  bool
}

func (a *app) calibrateCommand() *cobra.Command {
	o := &calibrateOptions{}
	o.data.warn = a.warn
	cmd := &cobra.Command{
		Use:   "calibrate MODEL.onnx",
		Short: "Collect the statistics that conversion needs, for re-use",
		Long: `Run samples through the network and keep what thresholds are chosen from. The profile
serves conversions to any number of bits and steps (convert --profile).`,
		Example: "  ann2snn calibrate resnet20.onnx --data calib_batch.bin --preprocess cifar10",
		Args:    argsBetween(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.data.path == "" {
				return hintf(usagef("calibrate needs --data"), "convert works without data, but not as well")
			}
			if o.out == "" {
				o.out = stem(args[0]) + ".profile.json"
			}
			return a.makeProfile(cmd.Context(), args[0], o)
		},
	}
	fs := cmd.Flags()
	o.model.register(fs)
	o.data.register(fs, "to calibrate on")
	o.method.flags = fs
	o.method.registerCalibration(fs)
	fs.StringVarP(&o.out, "out", "o", "", "`file` to write (default MODEL.profile.json)")
	fs.BoolVarP(&o.force, "force", "f", false, "overwrite an existing file")
	return cmd
}

// profiled is the JSON of calibrate.
type profiled struct {
	Kind    string        `json:"kind"`
	File    string        `json:"file"`
	SHA256  string        `json:"sha256"`
	Samples int           `json:"samples"`
	Seed    uint64        `json:"seed"`
	Method  string        `json:"method"`
	Sites   []profileSite `json:"sites"`
}

// profileSite is one site of a profile, for display.
type profileSite struct {
	Value    string  `json:"value"`
	Channels int     `json:"channels"`
	Signed   bool    `json:"signed"`
	Min      float32 `json:"min"`
	Max      float32 `json:"max"`
	Rounding float64 `json:"rounding_error"`
	Clipping float64 `json:"clip_error"`
	Dead     int     `json:"dead_channels"`
}

func (a *app) makeProfile(ctx context.Context, model string, o *calibrateOptions) (err error) {
	if err := checkOutputs(o.force, o.out); err != nil {
		return err
	}
	options, err := o.method.options()
	if err != nil {
		return err
	}
	m, err := o.model.load(ctx, model)
	if err != nil {
		return err
	}
	shape, err := m.InputShape()
	if err != nil {
		return err
	}
	o.data.values = true // calibration asks for no labels
	stored, err := m.Preprocess().Encode()
	if err != nil {
		return err
	}
	set, err := o.data.open(ctx, shape, stored)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	a.tell(set)
	in := fromSet(set, set, o.data.path)
	if err := a.noteSamples(&o.method, in, options); err != nil {
		return err
	}
	p, err := a.profile(ctx, m, in, options)
	if err != nil {
		return err
	}
	if err := writeFile(o.out, o.force, func(w io.Writer) error { _, err := p.WriteTo(w); return err }); err != nil {
		return err
	}
	a.note("wrote %s", o.out)
	return a.printProfile(o.out, p)
}

func (a *app) printProfile(file string, p *calibrate.Profile) error {
	r := describeProfile(file, p)
	if a.json {
		return report.JSON(a.stdout, r)
	}
	fmt.Fprintf(a.stdout, "%s: %d samples, method %s, %d sites\n\n", escape.Terminal(r.File), r.Samples, r.Method, len(r.Sites))
	return siteGrid(r.Sites).Write(a.stdout, a.style())
}

func describeProfile(file string, p *calibrate.Profile) *profiled {
	r := &profiled{Kind: kindProfile, File: file, SHA256: p.SHA256, Samples: p.Samples, Seed: p.Seed, Method: p.Method}
	for i := range p.Sites {
		s, c := &p.Sites[i], &p.Choices[i]
		r.Sites = append(r.Sites, profileSite{
			Value: s.Value, Channels: s.Channels, Signed: s.Signed,
			Min: slices.Min(s.Min), Max: slices.Max(s.Max),
			Rounding: c.Rounding, Clipping: c.Clipping, Dead: c.Dead,
		})
	}
	return r
}

func siteGrid(sites []profileSite) *report.Grid {
	g := &report.Grid{Columns: []string{"value", ">channels", ">min", ">max", ">rounding", ">clipping", ">dead"}}
	for _, s := range sites {
		g.Add(s.Value, strconv.Itoa(s.Channels), fmt.Sprintf("%.4g", s.Min), fmt.Sprintf("%.4g", s.Max),
			fmt.Sprintf("%.2f %%", 100*s.Rounding), fmt.Sprintf("%.2f %%", 100*s.Clipping), strconv.Itoa(s.Dead))
	}
	return g
}
