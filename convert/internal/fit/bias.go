package fit

import (
	"context"
	"fmt"
	"sync"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/ann"
	"ann2snn/internal/par"
	"ann2snn/ir"
	"ann2snn/runtime"
)

// A fit of biases holds the state of the whole network for every sample. Large networks are
// fitted on fewer samples, but on leastSamples at least.
const (
	biasMemory   = 1 << 29 // bytes
	leastSamples = 8
)

// Bias moves the biases of all layers that spike or are read out, one layer after the
// other, so that the mean of each channel's current on the spiking network's own inputs
// is that of the trained network. All layers are built.
func Bias(ctx context.Context, b *fill.Builder, o Options) (*Result, error) {
	f, err := newBiasFit(ctx, b, o)
	if err != nil {
		return nil, err
	}
	want, err := f.trained(ctx)
	if err != nil {
		return nil, err
	}
	result := &Result{Samples: f.samples.Len(), Shifts: make([][]float64, len(b.Plan.Layers))}
	for i, l := range b.Plan.Layers {
		if result.Shifts[i], err = f.layer(ctx, l, want[i]); err != nil {
			return nil, fmt.Errorf("convert: fitting the bias of %q: %w", l.Name, err)
		}
		f.advance()
	}
	return result, nil
}

// biasFit holds a session for every sample, all at the same layer.
type biasFit struct {
	*fill.Builder
	options  Options
	samples  calibrate.Source
	sessions []*runtime.Session
	fits     []bool // per layer: its biases are fitted
	mu       sync.Mutex
	done     int
}

func newBiasFit(ctx context.Context, b *fill.Builder, o Options) (*biasFit, error) {
	f := &biasFit{Builder: b, options: o, fits: make([]bool, len(b.Plan.Layers))}
	f.samples = calibrate.Pick(o.Source, o.Seed, 0, f.most())
	for i, l := range b.Plan.Layers {
		f.fits[i] = l.Computes() && (l.Neuron != nil || l == b.Plan.Output)
		if f.fits[i] {
			b.GiveBias(l)
		}
	}
	plan, err := runtime.Compile(ctx, b.Net)
	if err != nil {
		return nil, err
	}
	f.sessions = make([]*runtime.Session, f.samples.Len())
	for i := range f.sessions {
		f.sessions[i] = plan.NewSession(runtime.SessionOptions{Trace: true})
	}
	return f, nil
}

// most returns how many samples there is memory for, at most as many as are wanted.
func (f *biasFit) most() int {
	elements := 0
	for _, l := range f.Plan.Layers {
		elements += l.Shape.Len()
	}
	perSample := 4 * elements * (f.Net.Steps + 2)
	return min(f.options.Samples, max(leastSamples, biasMemory/perSample))
}

// layer runs a layer, moves its biases if they are fitted, and runs it again. It returns
// the shifts by channel.
func (f *biasFit) layer(ctx context.Context, l *plan.Layer, want []float64) ([]float64, error) {
	if err := f.resume(ctx, l.Index); err != nil || !f.fits[l.Index] {
		return nil, err
	}
	shifts := make([]float64, len(want))
	means, err := f.mean(ctx, l.Index)
	if err != nil {
		return nil, err
	}
	for c, got := range means {
		shifts[c] = want[c] - got
	}
	return f.ShiftBias(l, shifts), f.resume(ctx, l.Index)
}

// trained runs the trained network on all samples, which it loads into the sessions. It
// returns its mean currents, per fitted layer and channel.
func (f *biasFit) trained(ctx context.Context) ([][]float64, error) {
	program, err := ann.Compile(ctx, f.Plan.Graph, ann.Options{})
	if err != nil {
		return nil, err
	}
	byValue := make(map[ir.ValueID][]int)
	for i, l := range f.Plan.Layers {
		if f.fits[i] {
			byValue[l.Current] = append(byValue[l.Current], i)
		}
	}
	sums := make([][][]float64, f.samples.Len())
	err = par.ForErr(ctx, len(sums), f.options.Workers, func(_, s int) error {
		in := make([]float32, program.InLen())
		if _, err := f.samples.Sample(s, in); err != nil {
			return err
		}
		sums[s] = make([][]float64, len(f.Plan.Layers))
		_, err := program.Run(ctx, in, func(id ir.ValueID, v []float32) {
			for _, i := range byValue[id] {
				sums[s][i] = channelSums(f.Plan.Layers[i], v)
			}
		})
		if err == nil {
			err = f.sessions[s].Load(in)
		}
		f.advance()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("convert: fitting: %w", err)
	}
	means := make([][]float64, len(f.Plan.Layers))
	for i, l := range f.Plan.Layers {
		if f.fits[i] {
			means[i] = channelMeans(l, sums, i)
		}
	}
	return means, nil
}

// channelSums sums up the elements of the layer's source in each channel.
func channelSums(l *plan.Layer, v []float32) []float64 {
	sums := make([]float64, l.Shape.C)
	for e, x := range v {
		sums[l.ChannelOf(e)] += float64(x)
	}
	return sums
}

// channelMeans turns the sums of layer i on every sample into means, adding in sample order.
func channelMeans(l *plan.Layer, sums [][][]float64, i int) []float64 {
	mean := make([]float64, l.Shape.C)
	for _, s := range sums {
		for c, sum := range s[i] {
			mean[c] += sum
		}
	}
	for c := range mean {
		mean[c] /= float64(l.Shape.H * l.Shape.W * len(sums))
	}
	return mean
}

// resume runs layer i on all samples.
func (f *biasFit) resume(ctx context.Context, i int) error {
	return par.ForErr(ctx, len(f.sessions), f.options.Workers, func(_, s int) error {
		return f.sessions[s].Resume(ctx, i, i+1)
	})
}

// mean returns the mean current of layer i, which has run, per channel.
func (f *biasFit) mean(ctx context.Context, i int) ([]float64, error) {
	l := f.Plan.Layers[i]
	pixels := l.Shape.H * l.Shape.W
	sums := make([][][]float64, len(f.sessions))
	err := par.ForErr(ctx, len(sums), f.options.Workers, func(_, s int) error {
		current := make([]float32, l.Shape.Len())
		if err := f.sessions[s].Current(i, current); err != nil {
			return err
		}
		channels := make([]float64, l.Shape.C)
		for e, x := range current {
			channels[e/pixels] += float64(x)
		}
		sums[s] = [][]float64{channels}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return channelMeans(l, sums, 0), nil
}

func (f *biasFit) advance() {
	if f.options.Progress == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done++
	f.options.Progress(f.done, f.samples.Len()+len(f.Plan.Layers))
}
