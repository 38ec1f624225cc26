package convert

import (
	"context"
	"fmt"

	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/fit"
)

// keepBetter returns a network with fitted weights, or the one with the trained weights where
// that does better on the samples held back: each layer may fit better to its targets while
// the network as a whole does not.
func keepBetter(ctx context.Context, b *fill.Builder, done *fit.Result, o *Options) (*fill.Builder, *fit.Result, error) {
	if o.Fit != FitRidge || o.HeldBack == nil || o.HeldBack.Len() == 0 {
		return b, done, nil
	}
	trained := *o
	trained.Gate = false // a gate has fitted weights only
	plain, err := prepared(ctx, b.Plan.Graph, b.Profile, &trained)
	if err == nil {
		err = plain.Build(ctx)
	}
	if err != nil {
		return nil, nil, err
	}
	lost, err := fit.OutputErrors(ctx, b.Plan.Graph, o.HeldBack, o.Workers, b.Net, plain.Net)
	if err != nil || lost[0] <= lost[1] {
		return b, done, err
	}
	if !o.MayDropFit {
		done.Notes = append(done.Notes, fmt.Sprintf("with its trained weights the network does better on %d samples held back (try without a fit)", o.HeldBack.Len()))
		return b, done, nil
	}
	return plain, &fit.Result{Notes: []string{fmt.Sprintf("not fitted: with its trained weights the network does better on %d samples held back", o.HeldBack.Len())}}, nil
}
