package ann2snn

import (
	"fmt"
	"strings"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/snn"
)

// DefaultSeed picks the samples to calibrate on where [Options] name no seed.
const DefaultSeed = 1

// Defaults of Options; RATIONALE.md and docs/results.md have the reasons.
const (
	defaultBits   = 4
	madeUpBits    = 8 // thresholds from made-up samples need head room
	defaultMethod = "mse"
)

// defaultSteps lets bits times steps come to about 8.
func defaultSteps(bits int) int {
	switch {
	case bits == 1:
		return 8
	case bits == 2:
		return 4
	case bits <= 4:
		return 2
	}
	return 1
}

// defaultRho leaves room in later steps for more than the rounding of the first: for what
// the layers before have to correct.
func defaultRho(bits int) int {
	if bits <= 2 {
		return 2
	}
	return 4
}

// Options say how to convert a model. A field that is zero or nil takes its default, which
// is that of the command ann2snn.
type Options struct {
	// Bits of a spike, 1 to 8; by default 4, or 8 where thresholds come from made-up
	// samples.
	Bits int
	// Format is the number of integer and fractional bits, in place of Bits; by default one
	// bit is integer.
	Format snn.Format
	// Steps is the number of time steps; bits cost less than steps. By default 8, 4, 2, 2
	// for 1 to 4 bits, and 1 for more.
	Steps int
	// Restim is the mode of re-stimulation: what neurons do in later steps about the part of
	// their membrane potential that earlier spikes did not express. By default RestimNone for
	// one step, RestimSigned for one bit, else RestimRefine.
	Restim *snn.Restim
	// Rho is the ratio between the levels of two steps of RestimRefine; by default 2 for 1 and
	// 2 bits, and 4 for more.
	Rho int
	// Gate adds a fitted share of the mean spikes of the layer before to the current.
	Gate bool

	Weights *convert.Weights // type of the weights; by default Int8
	Fit     *convert.Fit     // correction of the weights on samples; by default FitRidge, without samples FitNone

	// Tune is how often the samples pass through a training of the whole network, which follows
	// the fit and takes minutes: by default 0, none. It is worth its time at 1 to 3 bits.
	Tune int

	Method    calibrate.Method // of choosing thresholds; by default mse
	PerLayer  bool             // one threshold for a layer, in place of one for each channel
	LayerBits map[string]int   // bits of single layers, by the name of the node or its value

	// Samples is how many samples to calibrate on at most; by default
	// calibrate.DefaultSamples. Seed picks them; by default it is DefaultSeed.
	Samples int
	Seed    *uint64
	// Profile holds the statistics of an earlier calibration of the same model, in place of
	// those that samples would give.
	Profile *calibrate.Profile

	Effort Effort // how much is tried where fields are zero
	// Task is what the model's output is for, by which networks are judged: classification, binary,
	// multi-label, per-pixel, regression or embedding. By default it is found, and the report says it.
	Task string

	Workers int // goroutines at work; by default one per core
	// Progress, if not nil, is told how far a stage, "calibrating", "checking", "training" or
	// "converting to" a setting, has come; calls do not overlap.
	Progress func(stage string, done, total int)
}

// Resolve returns the options of package convert that o stands for, with the defaults
// filled in. madeUp says that thresholds come from made-up samples. The error is an
// [*OptionError].
func (o Options) Resolve(madeUp bool) (convert.Options, error) {
	c := convert.Options{
		Gate: o.Gate, Weights: convert.Int8, Method: o.Method, PerChannel: !o.PerLayer,
		LayerBits: o.LayerBits, Workers: o.Workers, TunePasses: o.Tune,
	}
	if o.Weights != nil {
		c.Weights = *o.Weights
	}
	if c.Weights > convert.Int4 {
		return c, optionf("Weights", "there are no such weights as %v", c.Weights)
	}
	switch {
	case o.Fit != nil:
		c.Fit = *o.Fit
	case !madeUp:
		c.Fit = convert.FitRidge
	}
	if c.Fit > convert.FitRidge {
		return c, optionf("Fit", "there is no such fit")
	}
	switch {
	case o.Tune < 0:
		return c, optionf("Tune", "%d passes are out of range", o.Tune)
	case o.Tune > 0 && madeUp:
		return c, optionf("Tune", "training needs real samples")
	}
	var err error
	if c.Method.Name == "" {
		if c.Method, err = calibrate.ParseMethod(defaultMethod); err != nil {
			return c, err
		}
	}
	if c.Format, err = o.format(madeUp); err != nil {
		return c, err
	}
	if c.Steps = o.Steps; c.Steps == 0 {
		c.Steps = defaultSteps(c.Format.Bits())
	}
	if c.Steps < 1 || c.Steps > snn.MaxSteps {
		return c, optionf("Steps", "%d is out of range, it is 1 to %d", c.Steps, snn.MaxSteps)
	}
	if o.Effort > EffortBest {
		return c, optionf("Effort", "there is no such effort")
	}
	c.MayDropFit = o.Fit == nil && !o.Gate // a gate has fitted weights only
	c.Restim, c.Rho, err = o.restimulation(c.Format, c.Steps)
	c.MayChangeRestim, c.MayChangeRho = o.Restim == nil && o.Rho == 0, o.Rho == 0
	if err != nil {
		return c, err
	}
	return c, checkDepth(&c)
}

// checkDepth refuses more steps of refinement than any ratio that may be taken allows.
func checkDepth(c *convert.Options) error {
	rho := c.Rho
	switch {
	case c.Restim != snn.RestimRefine || c.MayChangeRestim && c.Weights != convert.Float32:
		return nil
	case c.MayChangeRho && c.Weights != convert.Float32:
		rho = min(rho, 2)
	}
	most := 1
	for depth := rho; depth <= snn.MaxDepth; depth *= rho {
		most++
	}
	if c.Steps > most {
		return optionf("Steps", "%d is out of range, re-stimulation refine with a ratio of %d takes 1 to %d", c.Steps, rho, most)
	}
	return nil
}

// format is the format of a spike.
func (o *Options) format(madeUp bool) (snn.Format, error) {
	f, bits := o.Format, o.Bits
	switch {
	case f != snn.Format{} && bits != 0:
		return f, optionf("Bits", "set Bits or Format, not both")
	case f != snn.Format{}:
		if b := f.Bits(); b > snn.MaxBits {
			return f, optionf("Format", "%d.%d has %d bits, spikes have 1 to %d", f.M, f.N, b, snn.MaxBits)
		}
		return f, nil
	case bits == 0 && madeUp:
		bits = madeUpBits
	case bits == 0:
		bits = defaultBits
	}
	if bits < 1 || bits > snn.MaxBits {
		return f, optionf("Bits", "%d bits are out of range, spikes have 1 to %d", bits, snn.MaxBits)
	}
	return snn.Format{M: 1, N: uint8(bits - 1)}, nil // a full spike is about 2
}

// restimulation is the mode of re-stimulation and its ratio between bit levels.
func (o *Options) restimulation(format snn.Format, steps int) (mode snn.Restim, rho int, err error) {
	switch {
	case o.Restim != nil:
		mode = *o.Restim
	case steps == 1:
		mode = snn.RestimNone
	case format.Bits() == 1:
		mode = snn.RestimSigned
	default:
		mode = snn.RestimRefine
	}
	switch {
	case !mode.Known():
		return mode, 0, optionf("Restim", "there is no such mode of re-stimulation")
	case mode != snn.RestimRefine && o.Rho > 1:
		return mode, 0, optionf("Rho", "the ratio belongs to RestimRefine")
	case mode != snn.RestimRefine:
		return mode, 1, nil
	case o.Rho == 0:
		return mode, defaultRho(format.Bits()), nil
	case o.Rho < 2 || o.Rho > snn.MaxRho:
		return mode, 0, optionf("Rho", "%d is out of range, it is 2 to %d", o.Rho, snn.MaxRho)
	}
	return mode, o.Rho, nil
}

func optionf(option, format string, args ...any) error {
	return &OptionError{option, fmt.Sprintf(format, args...)}
}

// mostSamples leaves room for the held back ones among the hashes that a network stores.
const mostSamples = snn.MaxCalibrated / 2

// task is what the output is for.
func (o *Options) task() (eval.Task, error) {
	if o.Task == "" {
		return eval.TaskAuto, nil
	}
	t, err := eval.ParseTask(o.Task)
	if err != nil {
		return t, optionf("Task", "%q is none of %s", o.Task, strings.Join(eval.TaskNames(), ", "))
	}
	return t, nil
}

// samples is how many samples to calibrate on.
func (o *Options) samples() (int, error) {
	switch {
	case o.Samples == 0:
		return calibrate.DefaultSamples, nil
	case o.Samples < 0:
		return 0, optionf("Samples", "%d is not positive", o.Samples)
	case o.Samples > mostSamples:
		return 0, optionf("Samples", "%d are too many, at most %d are taken", o.Samples, mostSamples)
	}
	return o.Samples, nil
}

// seed picks the samples.
func (o *Options) seed() uint64 {
	if o.Seed == nil {
		return DefaultSeed
	}
	return *o.Seed
}

// progress is Progress for a stage.
func (o *Options) progress(stage string) func(done, total int) {
	if o.Progress == nil {
		return nil
	}
	return func(done, total int) { o.Progress(stage, done, total) }
}
