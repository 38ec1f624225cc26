package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ann2snn"
	"ann2snn/internal/eval"
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
	options, err := o.method.options() // mistakes show before the work
	if err != nil {
		return err
	}
	m, test, calib, err := openDemo(ctx)
	if err != nil {
		return err
	}
	n, err := a.convertToCompare(ctx, m, calib, options)
	if err != nil {
		return err
	}
	p := &pairing{
		graph: m.Graph(), network: n.SNN(), source: test.Source,
		origin: eval.Origin{Network: demoNetwork, Data: "the embedded test samples"},
	}
	if err := a.leaveOutCalibrated(ctx, p, false); err != nil {
		return err
	}
	r, err := a.evaluate(ctx, p)
	if err != nil {
		return err
	}
	r.Next = a.next(r, p, "", true)
	if err := writeFile(demoNetwork, o.force, func(w io.Writer) error { return snn.Encode(w, p.network) }); err != nil {
		return err
	}
	a.note("wrote %s", demoNetwork)
	if err := a.printResult(r, demoReport, o.force); err != nil {
		return err
	}
	a.note(`
Look at %s in a browser, then try
  ann2snn demo -f --bits 2 --steps 1  fewer bits: less accurate, fewer operations
  ann2snn demo -f --bits 2 --steps 4  re-stimulation wins the accuracy back
  ann2snn inspect %s
  ann2snn compare YOUR.onnx --data FOLDER --preprocess imagenet`, demoReport, demoNetwork)
	return nil
}

// openDemo opens the embedded model and its samples, which need no closing.
func openDemo(ctx context.Context) (m *ann2snn.Model, test, calib *ann2snn.Samples, err error) {
	if m, err = ann2snn.Parse(ctx, "demo.onnx", models.Demo(), ann2snn.LoadOptions{}); err != nil {
		return nil, nil, nil, fmt.Errorf("embedded network: %w", err)
	}
	var o ann2snn.SampleOptions
	if o.Preprocess, err = preprocess.Preset(models.Preset); err != nil {
		return nil, nil, nil, err
	}
	if test, err = m.OpenSamplesFS(models.Samples(), "test", o); err != nil {
		return nil, nil, nil, err
	}
	if calib, err = m.OpenSamplesFS(models.Samples(), "calibration", o); err != nil {
		return nil, nil, nil, err
	}
	calib.Name, calib.Classes = "the embedded calibration samples", models.Classes()
	return m, test, calib, nil
}
