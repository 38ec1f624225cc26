package convert

import (
	"context"
	"fmt"
	"math"
	"sync"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/par"
	"ann2snn/ir"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// DefaultFitSamples is how many samples fitting takes where Options.FitSamples is 0.
const DefaultFitSamples = 128

// Fitting keeps the state of the whole network for every sample; large networks are
// fitted on fewer samples, but not fewer than a handful.
const (
	fitMemory       = 1 << 29 // bytes
	leastFitSamples = 8
)

// fitBias moves the biases of all layers that spike or are read out, one layer after the
// other, so that the mean of each channel's current on the spiking network's own inputs
// is that of the trained network. It returns the shifts, per layer and channel.
func (b *builder) fitBias(ctx context.Context) ([][]float64, error) {
	shifts := make([][]float64, len(b.plan.layers))
	f, err := newFitter(b)
	if err != nil {
		return nil, err
	}
	want, err := f.trained(ctx)
	if err != nil {
		return nil, err
	}
	for i := range b.plan.layers {
		if err := f.resume(ctx, i); err != nil {
			return nil, err
		}
		if f.fits[i] {
			shifts[i] = f.shift(i, want[i], f.mean(i))
			if err := f.resume(ctx, i); err != nil {
				return nil, err
			}
		}
		f.advance(len(b.plan.layers))
	}
	return shifts, nil
}

// fitter holds a session for every sample, all at the same layer.
type fitter struct {
	*builder
	samples  calibrate.Source
	sessions []*runtime.Session
	fits     []bool // per layer: its biases are fitted
	mu       sync.Mutex
	done     int
}

func newFitter(b *builder) (*fitter, error) {
	f := &fitter{
		builder: b,
		samples: calibrate.Pick(b.options.Source, b.profileSeed(), 0, b.fitSamples()),
		fits:    make([]bool, len(b.plan.layers)),
	}
	for i, l := range b.plan.layers {
		f.fits[i] = l.computes() && (l.neuron != nil || l == b.plan.output)
		if f.fits[i] {
			giveBias(&b.net.Layers[i], b.net.Integer)
		}
	}
	plan, err := runtime.Compile(b.net)
	if err != nil {
		return nil, err
	}
	b.fitted = f.samples.Len()
	f.sessions = make([]*runtime.Session, f.samples.Len())
	for i := range f.sessions {
		f.sessions[i] = plan.NewSession(runtime.SessionOptions{Trace: true})
	}
	return f, nil
}

// profileSeed is the seed that picked the samples of the calibration.
func (b *builder) profileSeed() uint64 {
	if b.profile == nil {
		return 0
	}
	return b.profile.Seed
}

// fitSamples is how many samples to fit on.
func (b *builder) fitSamples() int {
	n := b.options.FitSamples
	if n == 0 {
		n = DefaultFitSamples
	}
	elements := 0
	for _, l := range b.plan.layers {
		elements += l.shape.Len()
	}
	perSample := 4 * elements * (b.net.Steps + 2)
	return min(n, max(leastFitSamples, fitMemory/perSample))
}

// trained runs the trained network on all samples, which it loads into the sessions. It
// returns its mean currents, per fitted layer and channel.
func (f *fitter) trained(ctx context.Context) ([][]float64, error) {
	program, err := ann.Compile(f.plan.graph, ann.Options{})
	if err != nil {
		return nil, err
	}
	byValue := make(map[ir.ValueID][]int)
	for i, l := range f.plan.layers {
		if f.fits[i] {
			byValue[l.current] = append(byValue[l.current], i)
		}
	}
	sums := make([][][]float64, f.samples.Len())
	err = par.ForErr(ctx, len(sums), f.options.Workers, func(_, s int) error {
		in := make([]float32, program.InLen())
		if _, err := f.samples.Sample(s, in); err != nil {
			return err
		}
		sums[s] = make([][]float64, len(f.plan.layers))
		_, err := program.Run(ctx, in, func(id ir.ValueID, v []float32) {
			for _, i := range byValue[id] {
				sums[s][i] = f.plan.layers[i].channelSums(v)
			}
		})
		if err == nil {
			err = f.sessions[s].Load(in)
		}
		f.advance(len(f.plan.layers))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("convert: fitting: %w", err)
	}
	means := make([][]float64, len(f.plan.layers))
	for i, l := range f.plan.layers {
		if f.fits[i] {
			means[i] = l.mean(sums, i)
		}
	}
	return means, nil
}

// channelSums sums up the elements of the layer's source in each channel.
func (l *layer) channelSums(v []float32) []float64 {
	sums := make([]float64, l.shape.C)
	for e, x := range v {
		sums[l.channelOf(e)] += float64(x)
	}
	return sums
}

// mean turns the sums of layer i on every sample into means, adding in sample order.
func (l *layer) mean(sums [][][]float64, i int) []float64 {
	mean := make([]float64, l.shape.C)
	for _, s := range sums {
		for c, sum := range s[i] {
			mean[c] += sum
		}
	}
	for c := range mean {
		mean[c] /= float64(l.shape.H * l.shape.W * len(sums))
	}
	return mean
}

// resume runs layer i on all samples.
func (f *fitter) resume(ctx context.Context, i int) error {
	return par.ForErr(ctx, len(f.sessions), f.options.Workers, func(_, s int) error {
		return f.sessions[s].Resume(ctx, i, i+1)
	})
}

// mean is the mean current of layer i, which has run, per channel.
func (f *fitter) mean(i int) []float64 {
	l := f.plan.layers[i]
	pixels := l.shape.H * l.shape.W
	sums := make([][][]float64, len(f.sessions))
	par.For(len(sums), f.options.Workers, func(_, s int) {
		current := make([]float32, l.shape.Len())
		f.sessions[s].Current(i, current)
		channels := make([]float64, l.shape.C)
		for e, x := range current {
			channels[e/pixels] += float64(x)
		}
		sums[s] = [][]float64{channels}
	})
	return l.mean(sums, 0)
}

// shift adds want-got to the biases of layer i and returns what that comes to: in an
// integer network a whole number of units.
func (f *fitter) shift(i int, want, got []float64) []float64 {
	l := &f.net.Layers[i]
	floats, ints := l.Biases()
	shifts := make([]float64, len(want))
	for c := range want {
		shifts[c] = want[c] - got[c]
		if !f.net.Integer {
			floats[c] += float32(shifts[c])
			continue
		}
		unit := float64(l.Unit[c])
		most := maxMembrane / f.growth()
		whole := max(-most, min(math.Round(shifts[c]/unit), most))
		ints[c] += int32(whole)
		shifts[c] = whole * unit
	}
	return shifts
}

func (f *fitter) advance(layers int) {
	if f.options.Progress == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done++
	f.options.Progress(f.done, f.samples.Len()+layers)
}

// giveBias makes sure that a layer has biases that can be changed in place.
func giveBias(l *snn.Layer, integer bool) {
	op, ok := l.Op.(snn.Sum)
	if !ok {
		return
	}
	if integer && op.IntBias == nil {
		op.IntBias = make([]int32, l.Shape.C)
	}
	if !integer && op.Bias == nil {
		op.Bias = make([]float32, l.Shape.C)
	}
	l.Op = op
}
