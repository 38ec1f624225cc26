package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/snn"
)

// methodFlags say how to convert.
type methodFlags struct {
	flags *pflag.FlagSet

	bits       int
	format     string
	steps      int
	restim     string
	rho        int
	weights    string
	method     string
	fit        string
	tune       int
	perChannel bool
	layerBits  []string
	calib      int
	seed       uint64
	effort     string
}

// methodFlagNames are the flags that decide how a network is made; they cannot change one
// that is converted.
var methodFlagNames = []string{
	"bits", "calib-samples", "effort", "fit", "format", "layer-bits", "method", "per-channel", "restim", "rho", "seed", "steps", "tune", "weights",
}

func (f *methodFlags) register(fs *pflag.FlagSet) {
	f.flags = fs
	defaults, _ := ann2snn.Options{}.Resolve(false)
	fs.IntVar(&f.bits, "bits", defaults.Format.Bits(), "bits of a spike, 1 to 8")
	fs.StringVar(&f.format, "format", "", "integer and fractional bits of a spike as `m.n`, in place of --bits")
	fs.IntVar(&f.steps, "steps", 0, "time steps; bits cost less than steps (default: 8, 4, 2, 2 for 1 to 4 bits, 1 for more)")
	fs.StringVar(&f.restim, "restim", "", "re-stimulation: "+restimNames("|")+", and gate, alone or behind a comma (default: none for 1 step, signed for 1 bit, else refine)")
	fs.IntVar(&f.rho, "rho", 0, "ratio between the bit levels of refine (default: 2 for 1 and 2 bits, 4 for more)")
	fs.StringVar(&f.weights, "weights", defaults.Weights.String(), "float32|int8|levels29|int4; levels29 are the whole numbers up to 14")
	fs.StringVar(&f.fit, "fit", "", "correction of weights on the calibration samples: none|bias|ridge (default: ridge, none without samples)")
	fs.IntVar(&f.tune, "tune", 0, "train the converted network to answer as the model does, in so many `passes` of the samples: minutes that pay at 1 to 3 bits (try 20)")
	f.registerCalibration(fs)
	fs.StringVar(&f.effort, "effort", ann2snn.EffortNormal.String(), "how much is tried where the flags leave bits, steps or the mode open, on samples held back: fast (nothing but the defaults), normal (other settings where these lose too much), best (about six conversions)")
	fs.StringSliceVar(&f.layerBits, "layer-bits", nil, "bits of single layers, as `NAME=B,...`")
}

// registerCalibration adds the flags of what calibration alone needs.
func (f *methodFlags) registerCalibration(fs *pflag.FlagSet) {
	defaults, _ := ann2snn.Options{}.Resolve(false)
	fs.StringVar(&f.method, "method", defaults.Method.String(), "how thresholds are chosen: "+methodNames())
	fs.BoolVar(&f.perChannel, "per-channel", defaults.PerChannel, "a threshold for each channel; --per-channel=false has one for each layer")
	fs.IntVar(&f.calib, "calib-samples", calibrate.DefaultSamples, "samples to calibrate on")
	fs.Uint64Var(&f.seed, "seed", ann2snn.DefaultSeed, "picks the samples to calibrate on")
}

func methodNames() string {
	var names []string
	for _, m := range calibrate.Methods {
		names = append(names, m.String())
	}
	return strings.Join(names, "|")
}

// changed lists those method flags that the user gave.
func (f *methodFlags) changed() []string {
	var given []string
	for _, name := range methodFlagNames {
		if f.flags.Changed(name) {
			given = append(given, "--"+name)
		}
	}
	return given
}

// parseFormat reads m.n.
func parseFormat(s string) (snn.Format, error) {
	m, n, ok := strings.Cut(s, ".")
	integer, err1 := strconv.ParseUint(m, 10, 8)
	fraction, err2 := strconv.ParseUint(n, 10, 8)
	if !ok || err1 != nil || err2 != nil {
		return snn.Format{}, usagef("--format %q is not m.n, such as 1.3", s)
	}
	if bits := integer + fraction; bits < 1 || bits > snn.MaxBits {
		return snn.Format{}, usagef("--format %s has %d bits, spikes have 1 to %d", s, bits, snn.MaxBits)
	}
	return snn.Format{M: uint8(integer), N: uint8(fraction)}, nil
}

// restimNames lists the modes of re-stimulation.
func restimNames(separator string) string {
	var names []string
	for _, r := range snn.Restims() {
		names = append(names, r.String())
	}
	return strings.Join(names, separator)
}

// splitRestim reads --restim: the mode in time, if given, and whether a gate is asked for.
func (f *methodFlags) splitRestim() (mode string, gate bool) {
	var modes []string
	for name := range strings.SplitSeq(f.restim, ",") {
		if name == "gate" {
			gate = true
		} else if name != "" {
			modes = append(modes, name)
		}
	}
	return strings.Join(modes, ","), gate
}

// layerWidths reads --layer-bits.
func (f *methodFlags) layerWidths() (map[string]int, error) {
	widths := make(map[string]int, len(f.layerBits))
	for _, s := range f.layerBits {
		i := strings.LastIndex(s, "=")
		if i < 1 {
			return nil, usagef("--layer-bits %q is not NAME=B", s)
		}
		bits, err := strconv.Atoi(s[i+1:])
		if err != nil || bits < 1 || bits > snn.MaxBits {
			return nil, usagef("--layer-bits %q: spikes have 1 to %d bits", s, snn.MaxBits)
		}
		widths[s[:i]] = bits
	}
	return widths, nil
}

// options turns the flags into those of a conversion; those that are not given take the
// defaults of the library. What is wrong shows here.
func (f *methodFlags) options() (o ann2snn.Options, err error) {
	o = ann2snn.Options{PerLayer: !f.perChannel, Samples: f.calib, Seed: &f.seed, Tune: f.tune}
	if f.tune < 0 {
		return o, usagef("--tune %d is negative", f.tune)
	}
	if f.calib < 1 {
		return o, usagef("--calib-samples %d is not positive", f.calib)
	}
	if o.Method, err = calibrate.ParseMethod(f.method); err != nil {
		return o, &usageError{err}
	}
	if f.format != "" {
		if o.Format, err = parseFormat(f.format); err != nil {
			return o, err
		}
	}
	if o.LayerBits, err = f.layerWidths(); err != nil {
		return o, err
	}
	if err := f.choices(&o); err != nil {
		return o, err
	}
	return o, f.numbers(&o)
}

// choices reads the flags that name one of several things.
func (f *methodFlags) choices(o *ann2snn.Options) error {
	name, gate := f.splitRestim()
	o.Gate = gate
	if name != "" {
		i := slices.IndexFunc(snn.Restims(), func(r snn.Restim) bool { return r.String() == name })
		if i < 0 {
			return usagef("--restim %q is none of %s, gate", name, restimNames(", "))
		}
		o.Restim = &snn.Restims()[i]
	}
	if f.flags.Changed("weights") {
		w, err := choice("weights", f.weights, convert.Float32, convert.Int8, convert.Levels29, convert.Int4)
		if err != nil {
			return err
		}
		o.Weights = &w
	}
	if f.fit != "" {
		fit, err := choice("fit", f.fit, convert.FitNone, convert.FitBias, convert.FitRidge)
		if err != nil {
			return err
		}
		o.Fit = &fit
	}
	if f.effort != "" {
		effort, err := choice("effort", f.effort, ann2snn.EffortFast, ann2snn.EffortNormal, ann2snn.EffortBest)
		if err != nil {
			return err
		}
		o.Effort = effort
	}
	return nil
}

// numbers reads the flags whose defaults depend on each other. A given 0 is out of
// range, where the library takes it for the default.
func (f *methodFlags) numbers(o *ann2snn.Options) error {
	bits, steps, rho := f.flags.Changed("bits"), f.flags.Changed("steps"), f.flags.Changed("rho")
	switch {
	case bits && f.format != "":
		return usagef("--bits and --format exclude each other")
	case bits && (f.bits < 1 || f.bits > snn.MaxBits):
		return usagef("--bits %d is out of range, spikes have 1 to %d", f.bits, snn.MaxBits)
	case steps && (f.steps < 1 || f.steps > snn.MaxSteps):
		return usagef("--steps %d is out of range, it is 1 to %d", f.steps, snn.MaxSteps)
	}
	if bits {
		o.Bits = f.bits
	}
	if steps {
		o.Steps = f.steps
	}
	c, err := o.Resolve(false)
	if err != nil {
		return &usageError{err}
	}
	switch {
	case !rho:
		return nil
	case c.Restim != snn.RestimRefine:
		return usagef("--rho belongs to --restim refine, not to %v", c.Restim)
	case f.rho < 2 || f.rho > snn.MaxRho:
		return usagef("--rho %d is out of range, it is 2 to %d", f.rho, snn.MaxRho)
	}
	o.Rho = f.rho
	_, err = o.Resolve(false)
	return err
}

// choice finds the value that is called name.
func choice[T fmt.Stringer](flag, name string, values ...T) (T, error) {
	var names []string
	for _, v := range values {
		if v.String() == name {
			return v, nil
		}
		names = append(names, v.String())
	}
	return values[0], usagef("--%s %q is none of %s", flag, name, strings.Join(names, ", "))
}
