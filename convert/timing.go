package convert

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/plan"
	"ann2snn/ir"
	"ann2snn/snn"
)

// By which factor weights of an integer network may be coarser than they should be, because
// sums must fit into 32 bits.
const (
	coarseEnough = 2  // one of a weight's bits: another mode or ratio is better
	tooCoarse    = 16 // four of them: too little is left of 8
)

// timing is how a network's spikes are spread over its time steps.
type timing struct {
	restim snn.Restim
	rho    int
}

// timings lists those that Lower may take, the one asked for first.
func (o *Options) timings() []timing {
	list := []timing{{o.Restim, o.Rho}}
	if o.Restim != snn.RestimRefine || o.Weights == Float32 {
		return list
	}
	if o.MayChangeRho {
		for rho := o.Rho - 1; rho >= 2; rho-- {
			list = append(list, timing{o.Restim, rho})
		}
	}
	if o.MayChangeRestim {
		list = append(list, timing{snn.RestimSigned, 1})
	}
	if rest := slices.DeleteFunc(slices.Clone(list), o.tooDeep); len(rest) > 0 {
		return rest
	}
	return list
}

// tooDeep reports whether the levels of the last step would be finer than a network may have
// them.
func (o *Options) tooDeep(t timing) bool {
	return math.Pow(float64(t.rho), float64(o.Steps-1)) > snn.MaxDepth
}

// prepare plans a network and chooses its thresholds. Where its weights would not fit into
// 32 bits, as those of many steps of refinement do not, it changes the mode and the ratio
// in o as far as o allows, and returns what to tell the user about that.
func prepare(ctx context.Context, g *ir.Graph, p *calibrate.Profile, o *Options) (b *fill.Builder, note string, err error) {
	timings, asked := o.timings(), *o
	for _, t := range timings {
		o.Restim, o.Rho = t.restim, t.rho
		if b, err = prepared(ctx, g, p, o); err != nil || len(timings) == 1 || b.HasRoom() {
			return b, o.changed(&asked), err
		}
		plain := *o
		plain.Gate = false // gates have no weights before they are fitted
		trial, err := prepared(ctx, g, p, &plain)
		if err != nil {
			return nil, "", err
		}
		if trial.Build(ctx) != nil { // beyond 32 bits
			continue
		}
		if _, coarser := trial.Coarsest(); coarser <= coarseEnough {
			return b, o.changed(&asked), nil
		}
	}
	*o = asked
	b, err = prepared(ctx, g, p, o)
	return b, "", err
}

// prepared is a builder for exactly the options, with thresholds chosen.
func prepared(ctx context.Context, g *ir.Graph, p *calibrate.Profile, o *Options) (*fill.Builder, error) {
	pl, err := complete(ctx, g, o.headroom())
	if err != nil {
		return nil, err
	}
	if o.OwnLevels {
		if ok, why := pl.Quantised(); !ok {
			return nil, errors.New("convert: the model's own levels cannot be kept: " + why)
		}
	}
	if o.Gate {
		pl.AddGates()
	}
	b, err := fill.New(pl, p, o.fill())
	if err != nil {
		return nil, err
	}
	return b, b.ChooseThresholds(ctx)
}

// headroom is what the mode leaves for sums of weights.
func (o *Options) headroom() plan.Headroom {
	if o.Weights == Float32 {
		return 0
	}
	f := o.fill()
	return plan.Headroom(f.Headroom())
}

// changed says what differs from the mode and ratio that were asked for; empty where
// nothing does.
func (o *Options) changed(asked *Options) string {
	switch {
	case o.Restim != asked.Restim:
		return fmt.Sprintf("%d steps of mode %v do not fit into 32 bits: mode %v was taken", o.Steps, asked.Restim, o.Restim)
	case o.Rho != asked.Rho:
		return fmt.Sprintf("%d steps with a ratio of %d between their levels do not fit into 32 bits: a ratio of %d was taken", o.Steps, asked.Rho, o.Rho)
	}
	return ""
}

// checkWeights refuses a network of which 32 bits left hardly anything, and says where they
// left less than they should.
func checkWeights(b *fill.Builder) (notes []string, err error) {
	layer, coarser := b.Coarsest()
	switch {
	case coarser > tooCoarse:
		return nil, fmt.Errorf("convert: %q: %d steps of %v with these bits leave its weights %.0f times too coarse within 32 bits "+
			"(try fewer steps, a smaller ratio, the mode signed, or float32 weights)", layer, b.Net.Steps, b.Net.Restim, coarser)
	case coarser > coarseEnough:
		notes = append(notes, fmt.Sprintf("%q: its weights are %.0f times as coarse as 8 bits, because sums must fit into 32 bits", layer, coarser))
	}
	return append(notes, b.Silenced()...), nil
}
