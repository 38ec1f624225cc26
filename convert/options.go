package convert

import (
	"errors"
	"fmt"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/fit"
	"ann2snn/snn"
)

// Options says what kind of spiking network Lower makes.
type Options struct {
	// Format of the spikes; the zero Format makes analog neurons, which round nothing.
	Format snn.Format
	Steps  int // time steps, at least 1
	Restim snn.Restim
	Rho    int // ratio of bit levels for RestimRefine; otherwise 0 or 1
	// MayChangeRho and MayChangeRestim let Lower take a smaller Rho or another mode where an
	// integer network of Restim and Rho would need more than 32 bits. The report says so.
	MayChangeRho, MayChangeRestim bool

	// OwnLevels keeps the levels of a quantised model, which needs no calibration: of one that is
	// Quantised, in one step, with int8 weights, without a fit.
	OwnLevels bool

	Gate bool // the mean spikes of the layer before re-stimulate neurons, too; needs FitRidge

	Weights    Weights
	Method     calibrate.Method // of choosing thresholds; see calibrate.Methods
	PerChannel bool             // a threshold per channel instead of one per layer
	// LayerBits gives layers, by the name of the node, of the activation behind it or of the
	// value that they stand for, spikes of another width.
	LayerBits map[string]int

	Fit Fit
	// MayDropFit lets Lower take the trained weights where these do better on HeldBack than those of
	// FitRidge. Otherwise the report only says so.
	MayDropFit bool
	Source     calibrate.Source // samples to fit on; needed unless Fit is FitNone
	FitSamples int              // at most so many; 0 means 1024 for FitRidge, DefaultFitSamples for FitBias
	// HeldBack are samples that nothing is chosen on; they judge what is. See
	// calibrate.Split. Nil: a fit holds back some of Source.
	HeldBack calibrate.Source

	// TunePasses is how often the samples pass through the training of the whole network that
	// follows the fit; 0 for none. It needs Source and HeldBack.
	TunePasses int

	Labels   []string              // class names, kept in the network
	Workers  int                   // goroutines; 0 means one per core
	Progress func(done, total int) // of fitting; may be nil; calls do not overlap
	Training func(done, total int) // the same, of training
}

// DefaultFitSamples is how many samples FitBias takes where Options.FitSamples is 0.
const DefaultFitSamples = 128

// ridgeSamples is how many samples FitRidge takes where Options.FitSamples is 0.
const ridgeSamples = 1024

// Weights is the type of a network's weights.
type Weights uint8

// The types of weights. With all but Float32 the network is integer throughout: weights
// are whole numbers of a unit per output channel.
const (
	Float32  Weights = iota
	Int8             // -127..127
	Levels29         // -14..14, which exact Winograd convolution takes
	Int4             // -7..7
)

// weightNames are the names that the command line uses.
var weightNames = []string{"float32", "int8", "levels29", "int4"}

// String returns the name that the command line uses.
func (w Weights) String() string {
	if int(w) < len(weightNames) {
		return weightNames[w]
	}
	return fmt.Sprintf("Weights(%d)", w)
}

// largest returns the largest magnitude of a weight of an integer network.
func (w Weights) largest() int { return []int{0, 127, 14, 7}[w] }

// Fit says which parameters are fitted to the trained network on samples.
type Fit uint8

// The ways to fit.
const (
	FitNone  Fit = iota
	FitBias      // biases, so that each channel's mean current is that of the trained network
	FitRidge     // weights and biases by ridge regression, and thresholds for the currents they give
)

// String returns the name that the command line uses.
func (f Fit) String() string {
	switch f {
	case FitNone:
		return "none"
	case FitBias:
		return "bias"
	case FitRidge:
		return "ridge"
	}
	return fmt.Sprintf("Fit(%d)", f)
}

// analog reports whether neurons round nothing.
func (o *Options) analog() bool { return o.Format == snn.Format{} }

// check refuses options that no network can be made with, and fills in Rho.
func (o *Options) check(p *calibrate.Profile) error {
	if o.Restim != snn.RestimRefine && o.Rho == 0 {
		o.Rho = 1
	}
	switch {
	case o.Format.Bits() > snn.MaxBits:
		return fmt.Errorf("convert: spikes of %d bits are too wide (try at most %d)", o.Format.Bits(), snn.MaxBits)
	case o.Steps < 1 || o.Steps > snn.MaxSteps:
		return fmt.Errorf("convert: %d time steps are out of range", o.Steps)
	case !o.Restim.Known():
		return fmt.Errorf("convert: there is no mode of re-stimulation %d", o.Restim)
	case o.Restim == snn.RestimRefine && o.Rho < 2:
		return errors.New("convert: refinement needs a ratio of at least 2 between bit levels")
	case o.Restim != snn.RestimRefine && o.Rho != 1:
		return errors.New("convert: a ratio between bit levels goes with refinement only")
	case o.analog() && (o.Steps > 1 || o.Weights != Float32):
		return errors.New("convert: analog neurons need float weights and a single step")
	case o.OwnLevels && (o.Steps != 1 || o.Weights != Int8 || o.Gate || o.Fit != FitNone || o.TunePasses > 0 || len(o.LayerBits) > 0):
		return errors.New("convert: the levels of a quantised model go with one step, int8 weights and no fit")
	case o.OwnLevels:
	case !o.analog() && p == nil:
		return errors.New("convert: thresholds need a calibration")
	case !o.analog() && o.Method.Name == "":
		return errors.New("convert: thresholds need a method")
	case o.Gate && (o.Fit != FitRidge || o.analog()):
		return errors.New("convert: gates are fitted with the weights (try the ridge fit)")
	case o.Fit > FitRidge:
		return fmt.Errorf("convert: there is no fit %d", o.Fit)
	case o.Fit != FitNone && (o.Source == nil || o.Source.Len() == 0):
		return errors.New("convert: fitting needs samples (try without)")
	case o.FitSamples < 0:
		return fmt.Errorf("convert: %d samples to fit on are out of range", o.FitSamples)
	case o.TunePasses < 0:
		return fmt.Errorf("convert: %d passes of training are out of range", o.TunePasses)
	case o.TunePasses > 0 && (o.analog() || o.Source == nil || o.HeldBack == nil):
		return errors.New("convert: training needs neurons that round, samples, and others that are held back")
	case int(o.Weights) >= len(weightNames):
		return fmt.Errorf("convert: there are no weights of type %d", o.Weights)
	}
	for name, bits := range o.LayerBits {
		if bits < 1 || bits > snn.MaxBits {
			return fmt.Errorf("convert: layer %q: spikes of %d bits are out of range", name, bits)
		}
	}
	return nil
}

// fill returns the part of the options that fills a plan with numbers.
func (o *Options) fill() fill.Options {
	return fill.Options{
		OwnLevels: o.OwnLevels, Format: o.Format, Steps: o.Steps, Restim: o.Restim, Rho: o.Rho, LargestWeight: o.Weights.largest(),
		Method: o.Method, PerChannel: o.PerChannel, LayerBits: o.LayerBits, Labels: o.Labels, Workers: o.Workers,
	}
}

// fit returns the part of the options that a fit takes.
func (o *Options) fit(p *calibrate.Profile) fit.Options {
	f := fit.Options{Source: o.Source, HeldBack: o.HeldBack, Samples: o.FitSamples, Workers: o.Workers, Progress: o.Progress}
	if f.Samples == 0 && o.Fit == FitRidge {
		f.Samples = ridgeSamples
	} else if f.Samples == 0 {
		f.Samples = DefaultFitSamples
	}
	if p != nil {
		f.Seed = p.Seed
	}
	return f
}
