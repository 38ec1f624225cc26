package convert

import (
	"context"
	"fmt"
	"strings"

	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/tune"
)

// Training says what the training of a network did. The errors are those of the output on
// the samples held back: mean squares of the differences to the trained network, relative
// to the variance of its output.
type Training struct {
	Passes  int      `json:"passes"` // of the samples
	Updates int      `json:"updates"`
	Rate    float64  `json:"rate"`
	Before  float64  `json:"error_before"`
	After   float64  `json:"error_after"`
	Kept    bool     `json:"kept"`            // the network was better before
	Views   []string `json:"views,omitempty"` // how samples were changed at random
	note    string
}

// train trains the network of a builder where o asks for it. The builder becomes that of the
// trained network if it is better.
func train(ctx context.Context, b **fill.Builder, o *Options) (*Training, error) {
	if o.TunePasses == 0 {
		return nil, nil
	}
	trained, r, err := tune.Run(ctx, *b, tune.Options{
		Source: o.Source, HeldBack: o.HeldBack, Passes: o.TunePasses, Seed: (*b).Profile.Seed, Workers: o.Workers, Progress: o.Training,
	})
	if err != nil {
		return nil, fmt.Errorf("convert: training: %w", err)
	}
	*b = trained
	return &Training{
		Passes: o.TunePasses, Updates: r.Updates, Rate: r.Rate, Before: r.Before, After: r.After, Kept: r.Kept, Views: r.Views, note: r.Note,
	}, nil
}

// addTraining adds what training did, in words as well.
func (r *Report) addTraining(t *Training) {
	if t == nil {
		return
	}
	r.Training = t
	switch {
	case t.note != "":
		r.Warnings = append(r.Warnings, t.note)
	case t.Kept:
		r.Warnings = append(r.Warnings, fmt.Sprintf("training brought nothing: on the samples held back the network does better without its %d updates", t.Updates))
	default:
		seen := ""
		if len(t.Views) > 0 {
			seen = " (" + strings.Join(t.Views, " and ") + " at random)"
		}
		r.Warnings = append(r.Warnings, fmt.Sprintf("trained: %d updates, %d passes of the samples%s; the squared error of the output on the samples held back fell by %.0f %%",
			t.Updates, t.Passes, seen, 100*(1-t.After/t.Before)))
	}
}
