package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ann2snn/importer"
	"ann2snn/internal/dataset"
	"ann2snn/internal/eval"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/models"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// What demo writes to the working folder.
const (
	demoNetwork = "demo.snn"
	demoReport  = "demo.html"
)

// demoOptions are the flags of demo.
type demoOptions struct {
	method methodFlags
	force  bool
}

func (a *app) demoCommand() *cobra.Command {
	o := &demoOptions{}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Convert the embedded network on embedded samples and compare",
		Long: `Convert a small network that recognises drawn digits and letters, compare it with its
spiking version on 1,000 samples, and write demo.snn and demo.html to the working folder.
Model and samples are part of the program.`,
		Example: "  ann2snn demo\n  ann2snn demo -f --bits 2 --steps 4",
		Args:    argsBetween(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context(), o) },
	}
	o.method.register(cmd.Flags())
	cmd.Flags().BoolVarP(&o.force, "force", "f", false, "overwrite existing files")
	return cmd
}

func (a *app) demo(ctx context.Context, o *demoOptions) (err error) {
	if err := checkOutputs(o.force, demoNetwork, demoReport); err != nil {
		return err
	}
	if _, err := o.method.options(false); err != nil { // mistakes show before the work
		return err
	}
	p, in, err := openDemo(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if p.network, _, err = a.lower(ctx, p.graph, nil, in, &o.method); err != nil {
		return err
	}
	r, err := a.evaluate(ctx, p)
	if err != nil {
		return err
	}
	if err := writeFile(demoNetwork, o.force, func(w io.Writer) error { return snn.Encode(w, p.network) }); err != nil {
		return err
	}
	a.note("wrote %s", demoNetwork)
	if err := a.printResult(r, demoReport, o.force); err != nil || a.json {
		return err
	}
	a.note(`
Look at %s in a browser, then try
  ann2snn demo -f --bits 2            fewer bits: less accurate, fewer operations
  ann2snn demo -f --bits 2 --steps 4  re-stimulation wins the accuracy back
  ann2snn inspect %s
  ann2snn compare YOUR.onnx --data FOLDER --preprocess imagenet`, demoReport, demoNetwork)
	return nil
}

// openDemo opens the embedded network and its samples.
func openDemo(ctx context.Context) (p *pairing, in *calibrationInput, err error) {
	g, err := demoGraph(ctx)
	if err != nil {
		return nil, nil, err
	}
	shape, err := sampleShape(g)
	if err != nil {
		return nil, nil, err
	}
	spec, err := preprocess.Preset(models.Preset)
	if err != nil {
		return nil, nil, err
	}
	open := func(name string) (*dataset.Set, error) {
		return dataset.OpenFS(models.Samples(), name, dataset.Options{Preprocess: spec, InputShape: shape})
	}
	test, err := open("test")
	if err != nil {
		return nil, nil, err
	}
	calib, err := open("calibration")
	if err != nil {
		return nil, nil, errors.Join(err, test.Close())
	}
	p = &pairing{
		graph: g, source: test, origin: eval.Origin{Network: demoNetwork, Data: "the embedded test samples"},
		close: func() error { return errors.Join(test.Close(), calib.Close()) },
	}
	in, err = fromSet(calib, calib, "the embedded calibration samples")
	if err == nil {
		in.labels = models.Classes()
	}
	return p, in, err
}

func demoGraph(ctx context.Context) (*ir.Graph, error) {
	g, err := importer.Parse(ctx, models.Demo(), "", importer.Options{})
	if err != nil {
		return nil, fmt.Errorf("embedded network: %w", err)
	}
	g.Source.Path = "demo.onnx"
	if _, err := passes.Run(g, nil); err != nil {
		return nil, fmt.Errorf("embedded network: %w", err)
	}
	return g, nil
}
