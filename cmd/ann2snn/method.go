package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/snn"
)

// Defaults of the method flags; RATIONALE.md and docs/results.md have the reasons.
const (
	defaultBits   = 4
	syntheticBits = 8 // thresholds from made-up samples need head room
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
	perChannel bool
	layerBits  []string
	calib      int
	seed       uint64
}

// methodFlagNames are the flags that settle a network; a converted one has them settled.
var methodFlagNames = []string{
	"bits", "calib-samples", "fit", "format", "layer-bits", "method", "per-channel", "restim", "rho", "seed", "steps", "weights",
}

func (f *methodFlags) register(fs *pflag.FlagSet) {
	f.flags = fs
	fs.IntVar(&f.bits, "bits", defaultBits, "bits of a spike, 1 to 8")
	fs.StringVar(&f.format, "format", "", "integer and fractional bits of a spike as `m.n`, in place of --bits")
	fs.IntVar(&f.steps, "steps", 0, "time steps; bits cost less than steps (default: 8, 4, 2, 2 for 1 to 4 bits, 1 for more)")
	fs.StringVar(&f.restim, "restim", "", "re-stimulation: "+restimNames("|")+", and gate, alone or behind a comma (default: none for 1 step, signed for 1 bit, else refine)")
	fs.IntVar(&f.rho, "rho", 0, "ratio between the bit levels of refine (default: 2 for 1 and 2 bits, 4 for more)")
	fs.StringVar(&f.weights, "weights", convert.Int8.String(), "float32|int8|levels29|int4; levels29 are the whole numbers up to 14")
	fs.StringVar(&f.fit, "fit", "", "correction of weights on the calibration samples: none|bias|ridge (default: ridge, none without samples)")
	f.registerCalibration(fs)
	fs.StringSliceVar(&f.layerBits, "layer-bits", nil, "bits of single layers, as `NAME=B,...`")
}

// registerCalibration adds the flags of what calibration alone needs.
func (f *methodFlags) registerCalibration(fs *pflag.FlagSet) {
	fs.StringVar(&f.method, "method", "mse", "how thresholds are chosen: "+methodNames())
	fs.BoolVar(&f.perChannel, "per-channel", true, "a threshold for each channel")
	fs.IntVar(&f.calib, "calib-samples", calibrate.DefaultSamples, "samples to calibrate on")
	fs.Uint64Var(&f.seed, "seed", 1, "picks the samples to calibrate on")
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

// spikeFormat is the format that --bits or --format asks for.
func (f *methodFlags) spikeFormat(synthetic bool) (snn.Format, error) {
	switch {
	case f.format != "" && f.flags.Changed("bits"):
		return snn.Format{}, usagef("--bits and --format exclude each other")
	case f.format != "":
		return parseFormat(f.format)
	case synthetic && !f.flags.Changed("bits"):
		return bitsFormat(syntheticBits)
	}
	return bitsFormat(f.bits)
}

// bitsFormat is the format of B bits, one of them integer: a full spike is 1.0.
func bitsFormat(bits int) (snn.Format, error) {
	if bits < 1 || bits > snn.MaxBits {
		return snn.Format{}, usagef("%d bits are out of range, spikes have 1 to %d", bits, snn.MaxBits)
	}
	return snn.Format{M: 1, N: uint8(bits - 1)}, nil
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

// restimulation is the mode that --restim asks for, or the default for the format and
// the number of steps, and its ratio between bit levels.
func (f *methodFlags) restimulation(format snn.Format, steps int) (mode snn.Restim, rho int, err error) {
	name, _ := f.splitRestim()
	switch {
	case name != "":
		i := slices.IndexFunc(snn.Restims(), func(r snn.Restim) bool { return r.String() == name })
		if i < 0 {
			return 0, 0, usagef("--restim %q is none of %s, gate", name, restimNames(", "))
		}
		mode = snn.Restims()[i]
	case steps == 1:
		mode = snn.RestimNone
	case format.Bits() == 1:
		mode = snn.RestimSigned
	default:
		mode = snn.RestimRefine
	}
	if mode != snn.RestimRefine {
		if f.flags.Changed("rho") {
			return 0, 0, usagef("--rho belongs to --restim refine, not to %v", mode)
		}
		return mode, 1, nil
	}
	if !f.flags.Changed("rho") {
		return mode, defaultRho(format.Bits()), nil
	}
	if f.rho < 2 || f.rho > snn.MaxRho {
		return 0, 0, usagef("--rho %d is out of range, it is 2 to %d", f.rho, snn.MaxRho)
	}
	return mode, f.rho, nil
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

// parseMethod reads --method.
func (f *methodFlags) parseMethod() (calibrate.Method, error) {
	m, err := calibrate.ParseMethod(f.method)
	if err != nil {
		return m, &usageError{err}
	}
	return m, nil
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

// timeSteps is the number of steps that --steps asks for, or the default for the format.
func (f *methodFlags) timeSteps(format snn.Format) (int, error) {
	if !f.flags.Changed("steps") {
		return defaultSteps(format.Bits()), nil
	}
	if f.steps < 1 || f.steps > snn.MaxSteps {
		return 0, usagef("--steps %d is out of range, it is 1 to %d", f.steps, snn.MaxSteps)
	}
	return f.steps, nil
}

// options turns the flags into those of convert. synthetic says that there are no data.
func (f *methodFlags) options(synthetic bool) (o convert.Options, err error) {
	if o.Format, err = f.spikeFormat(synthetic); err != nil {
		return o, err
	}
	o.PerChannel = f.perChannel
	if o.Steps, err = f.timeSteps(o.Format); err != nil {
		return o, err
	}
	if o.Restim, o.Rho, err = f.restimulation(o.Format, o.Steps); err != nil {
		return o, err
	}
	_, o.Gate = f.splitRestim()
	if o.Method, err = f.parseMethod(); err != nil {
		return o, err
	}
	if o.LayerBits, err = f.layerWidths(); err != nil {
		return o, err
	}
	if o.Weights, err = choice("weights", f.weights, convert.Float32, convert.Int8, convert.Levels29, convert.Int4); err != nil {
		return o, err
	}
	if f.fit == "" {
		if !synthetic {
			o.Fit = convert.FitRidge
		}
		return o, nil
	}
	o.Fit, err = choice("fit", f.fit, convert.FitNone, convert.FitBias, convert.FitRidge)
	return o, err
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
