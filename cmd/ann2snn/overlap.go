package main

import (
	"context"
	"fmt"

	"ann2snn/internal/eval"
)

// leaveOutCalibrated takes those samples out of a pairing that its network was calibrated on,
// unless they are allowed.
func (a *app) leaveOutCalibrated(ctx context.Context, p *pairing, allow bool) error {
	all := p.source.Len()
	unseen, seen, known, err := eval.Unseen(ctx, p.network, p.source, p.network.Layers[0].Shape.Len(), a.workers())
	if err != nil {
		return err
	}
	p.overlap = &eval.Overlap{Known: known, Samples: all, Calibrated: seen.Len(), LeftOut: seen.Len() > 0 && !allow}
	switch {
	case !known:
		a.note("note: the network does not say which samples it was calibrated on, as it is of an early version: make sure that these are others")
	case seen.Len() == 0:
	case allow:
		a.warn("%d of %d test samples were calibrated on, and count: the figures look better than they are", seen.Len(), all)
	case unseen.Len() == 0:
		return hintf(fmt.Errorf("all %d samples of %s were calibrated on, none is left to test on", all, p.origin.Data), "other samples prove what the network is worth; --allow-overlap tests on these all the same")
	default:
		p.source = unseen
	}
	return nil
}
