package main

import (
	"context"
	"fmt"
	"strconv"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/internal/eval"
	"ann2snn/internal/report"
	"ann2snn/internal/search"
	"ann2snn/snn"
)

// Numbers of samples that drops are measured on.
const (
	leastHeldBack = 50
	mostHeldBack  = 1024
)

// search looks for the cheapest network within --max-drop, with thresholds from
// options.Profile, or from a calibration on the samples where there is none.
func (a *app) search(ctx context.Context, m *ann2snn.Model, in *ann2snn.Samples, o *convertOptions, options ann2snn.Options) (*search.Result, error) {
	if o.maxDrop < 0 || o.maxDrop > 100 {
		return nil, usagef("--max-drop %g is out of range, it is 0 to 100 points", o.maxDrop)
	}
	if in.MadeUp {
		return nil, usagef("--max-drop needs --data")
	}
	if o.method.format != "" {
		return nil, usagef("--max-drop takes --bits in place of --format")
	}
	f := &o.method
	chosen, _, err := in.Split(options)
	if err != nil {
		return nil, err
	}
	held := calibrate.Pick(in.Source, f.seed, chosen.Len(), mostHeldBack)
	size := m.Graph().Type(m.Graph().Inputs[0]).Elems()
	if held, err = eval.Without(ctx, held, chosen, size, a.workers()); err != nil {
		return nil, err
	}
	if held.Len() < leastHeldBack {
		return nil, hintf(usagef("--max-drop: of %d samples, %d to calibrate on leave %d to measure drops on", in.Source.Len(), chosen.Len(), held.Len()),
			"--calib-samples takes fewer to calibrate on; at least %d have to be left", leastHeldBack)
	}
	if p := options.Profile; p != nil && (p.Seed != f.seed || p.Samples > f.calib) {
		return nil, hintf(usagef("--max-drop: the profile was made of %d samples with seed %d; they could be among those that drops are measured on", p.Samples, p.Seed),
			"give the same --seed and --calib-samples, or no --profile")
	}
	if options.Profile == nil {
		if options.Profile, err = a.profile(ctx, m, in, options); err != nil {
			return nil, err
		}
	}
	options.Workers = a.workers()
	lowering, err := m.LowerOptions(in, options)
	if err != nil {
		return nil, err
	}
	bits, steps := []int{1, 2, 3, 4, 5, 6, 7, 8}, []int{1, 2, 4}
	if f.flags.Changed("bits") {
		bits = []int{f.bits}
	}
	if f.flags.Changed("steps") {
		steps = []int{f.steps}
	}
	var found *search.Result
	err = a.withStages("converting", &options, func() (err error) {
		found, err = search.Run(ctx, search.Options{
			Graph: m.Graph(), Profile: options.Profile, Convert: lowering, HeldBack: held, Task: o.task.value, MaxDrop: o.maxDrop, Bits: bits, Steps: steps,
			Modes:   f.modes,
			Workers: options.Workers, Progress: options.Progress,
			Tried: func(t search.Trial) {
				a.note("tried %s: delta %s points on %d held-back samples, %s bit SOPs", t.String(), t.Delta.Signed(), held.Len(), report.Count(t.Cost))
			},
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found.Best.OK {
		return nil, missedBoundError{hintf(
			fmt.Errorf("none of the %d networks tried loses at most %g points: the best, %s, loses %s points on %d held-back samples",
				len(found.Trials), o.maxDrop, found.Best, -found.Best.Delta, held.Len()),
			"--fit ridge or a larger --max-drop")}
	}
	if err := eval.Complete(ctx, found.Network, in.Name, chosen); err != nil {
		return nil, err
	}
	return found, m.MarkCalibrated(ctx, found.Network, in, options, held)
}

// modes are the modes to choose from, the default first: all that may take back spikes,
// where neither a mode nor a single step is given.
func (f *methodFlags) modes(bits, steps int) []search.Mode {
	mode := func(restim *snn.Restim) search.Mode {
		o, _ := f.options() // they were checked before
		o.Bits, o.Steps = bits, steps
		if restim != nil {
			o.Restim = restim
		}
		c, _ := o.Resolve(false)
		return search.Mode{Restim: c.Restim, Rho: c.Rho}
	}
	list := []search.Mode{mode(nil)}
	if given, _ := f.splitRestim(); given != "" || steps == 1 || f.flags.Changed("rho") {
		return list
	}
	if list[0].Restim == snn.RestimSigned {
		return append(list, mode(new(snn.RestimRefine)))
	}
	return append(list, mode(new(snn.RestimSigned)))
}

// searchGrid lists what was tried.
func searchGrid(r *search.Result) *report.Grid {
	within := "loses at most " + strconv.FormatFloat(r.MaxDrop, 'g', -1, 64) + " points"
	if r.Task.ByValue() {
		return valueGrid(r, within)
	}
	measure := ">delta"
	if !r.Labelled {
		measure = ">delta of agreement"
	}
	g := &report.Grid{Columns: []string{"tried", measure, ">agrees with ANN %", ">bit SOPs", within}}
	for _, t := range r.Trials {
		g.Add(t.String(), t.Delta.Signed(), t.Agreement.String(), report.Count(t.Cost), yesNo(t.OK))
	}
	return g
}

// valueGrid is searchGrid where answers are values, of which none agrees with another.
func valueGrid(r *search.Result, within string) *report.Grid {
	g := &report.Grid{Columns: []string{"tried", ">delta of R² in points", ">bit SOPs", within}}
	for _, t := range r.Trials {
		g.Add(t.String(), t.Delta.Signed(), report.Count(t.Cost), yesNo(t.OK))
	}
	return g
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// sensitivityGrid lists what a bit less costs in each layer, and what it saves.
func sensitivityGrid(r *search.Result) *report.Grid {
	g := &report.Grid{Columns: []string{"a bit less in", ">adds to the output's error", ">saves bit SOPs"}}
	for _, s := range r.Sensitivity {
		g.Add(s.Layer, strconv.FormatFloat(100*s.Error, 'f', 2, 64)+" %", report.Count(s.Saved))
	}
	return g
}
