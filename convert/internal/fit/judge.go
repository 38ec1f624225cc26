package fit

import (
	"context"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/par"
	"ann2snn/ir"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// OutputErrors returns, for some networks made of g, the sum over samples of the squared error
// of the output.
func OutputErrors(ctx context.Context, g *ir.Graph, samples calibrate.Source, workers int, nets ...*snn.Network) ([]float64, error) {
	errs, err := SampleErrors(ctx, g, samples, workers, nets...)
	sums := make([]float64, len(nets))
	for _, list := range errs {
		for i, e := range list {
			sums[i] += e
		}
	}
	return sums, err
}

// SampleErrors returns the squared error of the output by sample and network.
func SampleErrors(ctx context.Context, g *ir.Graph, samples calibrate.Source, workers int, nets ...*snn.Network) ([][]float64, error) {
	program, err := ann.Compile(ctx, g, ann.Options{})
	if err != nil {
		return nil, err
	}
	plans := make([]*runtime.Plan, len(nets))
	for i, n := range nets {
		if plans[i], err = runtime.Compile(ctx, n); err != nil {
			return nil, err
		}
	}
	errs := make([][]float64, samples.Len())
	err = par.ForErr(ctx, samples.Len(), workers, func(_, s int) error {
		in := make([]float32, program.InLen())
		if _, err := samples.Sample(s, in); err != nil {
			return err
		}
		want, err := program.Run(ctx, in, nil)
		if err != nil {
			return err
		}
		errs[s] = make([]float64, len(nets))
		for i, plan := range plans {
			if errs[s][i], err = outputErrorOf(ctx, plan, in, want); err != nil {
				return err
			}
		}
		return nil
	})
	return errs, err
}

// outputErrorOf returns the squared error of the output on a sample.
func outputErrorOf(ctx context.Context, plan *runtime.Plan, in, want []float32) (float64, error) {
	session := plan.NewSession(runtime.SessionOptions{})
	defer session.Close()
	got := make([]float32, plan.OutLen())
	if _, err := session.Run(ctx, got, in); err != nil {
		return 0, err
	}
	sum := 0.0
	for i, x := range want {
		d := float64(got[i] - x)
		sum += d * d
	}
	return sum, nil
}
