package convert

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// Options are usual ones for spikes of a number of bits.
func options(bits int) Options {
	mse, err := calibrate.ParseMethod("mse")
	if err != nil {
		panic(err)
	}
	return Options{Format: snn.Format{M: 1, N: uint8(bits - 1)}, Steps: 1, Method: mse, PerChannel: true}
}

func lowered(t nettest.T, g *ir.Graph, p *calibrate.Profile, o Options) (*snn.Network, *Report) {
	n, r, err := Lower(context.Background(), g, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return n, r
}

func TestLowerReports(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	o := options(4)
	o.LayerBits = map[string]int{"conv1": 6, "r3": 2, "join": 3}
	_, _, err := Lower(context.Background(), g, profileOf(t, g, 20), o)
	if err == nil || !strings.Contains(err.Error(), `no spiking layer is called "conv1" (try one of `) {
		t.Errorf("error %v for layers without neurons", err)
	}
	o.LayerBits = map[string]int{"add": 6, "r3": 1}
	n, r := lowered(t, g, profileOf(t, g, 20), o)
	bits := map[string]int{}
	for _, l := range r.Layers {
		if l.Neurons > 0 {
			bits[l.Name] = l.Bits
			if !(l.ThresholdMin > 0 && l.ThresholdMin <= l.ThresholdMax && l.Rounding > 0 && l.Rounding < 1 && l.Clipping < 1) {
				t.Errorf("%s: thresholds %v to %v, errors %v and %v", l.Name, l.ThresholdMin, l.ThresholdMax, l.Rounding, l.Clipping)
			}
		}
	}
	if want := map[string]int{"conv0": 4, "add": 6, "bottleneck": 4, "expand": 1}; !maps.Equal(bits, want) {
		t.Errorf("bits %v, want %v", bits, want)
	}
	var inserted []string
	for _, l := range r.Layers {
		if l.Inserted != "" {
			inserted = append(inserted, l.Name+" "+l.Inserted)
		}
	}
	if diff := cmp.Diff([]string{"bottleneck feeds the weights of expand"}, inserted); diff != "" {
		t.Errorf("inserted neurons (-want +got):\n%s", diff)
	}
	if want := 64*4 + 64*4 + 16*6 + 16*5; r.Neurons != want {
		t.Errorf("%d neurons, want %d", r.Neurons, want)
	}
	// padding of 1 leaves 3*8-2 taps of an axis
	if want := int64(22*22*4*3 + 22*22*4*4 + 16*6*8 + 16*5*6 + 3*80); r.MACs != want {
		t.Errorf("%d MACs, want %d", r.MACs, want)
	}
	if m := n.Meta; m.Model != "small.onnx" || m.SHA256 != g.Source.SHA256 || string(m.Preprocess) != `{"a":1}` || !json.Valid(m.Record) {
		t.Errorf("meta %+v", m)
	}
}

func TestLowerRefuses(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 4)
	other := *p
	other.SHA256 = strings.Repeat("0", 64)
	fewer := *p
	fewer.Sites = fewer.Sites[:3]
	tests := []struct {
		name    string
		profile *calibrate.Profile
		change  func(o *Options)
		want    string
	}{
		{"no steps", p, func(o *Options) { o.Steps = 0 }, "0 time steps"},
		{"wide spikes", p, func(o *Options) { o.Format.M = 9 }, "too wide"},
		{"no profile", nil, func(*Options) {}, "need a calibration"},
		{"no method", p, func(o *Options) { o.Method = calibrate.Method{} }, "need a method"},
		{"another model", &other, func(*Options) {}, "belongs to another model"},
		{"incomplete profile", &fewer, func(*Options) {}, "does not cover"},
		{"refinement without ratio", p, func(o *Options) { o.Restim = snn.RestimRefine }, "ratio of at least 2"},
		{"ratio without refinement", p, func(o *Options) { o.Rho = 2 }, "goes with refinement"},
		{"analog neurons in steps", p, func(o *Options) { o.Format, o.Steps = snn.Format{}, 2 }, "single step"},
		{"analog neurons of integers", p, func(o *Options) { o.Format, o.Weights = snn.Format{}, Int8 }, "float weights"},
		{"nothing to fit on", p, func(o *Options) { o.Fit = FitBias }, "needs samples"},
		{"no such mode", p, func(o *Options) { o.Restim = 99 }, "mode of re-stimulation 99"},
		{"no such fit", p, func(o *Options) { o.Fit = 99 }, "no fit 99"},
		{"no such weights", p, func(o *Options) { o.Weights = 99 }, "type 99"},
		{"negative samples", p, func(o *Options) { o.Fit, o.Source, o.FitSamples = FitRidge, nettest.NoiseFor(g, 4), -1 }, "-1 samples"},
		{"a method of nowhere", p, func(o *Options) { o.Method = calibrate.Method{Name: "mine"} }, "mine"},
		{"bits of a layer", p, func(o *Options) { o.LayerBits = map[string]int{"conv0": 9} }, "9 bits"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := options(4)
			tt.change(&o)
			if _, _, err := Lower(context.Background(), g, tt.profile, o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestLowerDoesNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 20)
	for _, weights := range []Weights{Float32, Int8} {
		var want []byte
		for _, workers := range []int{1, 5} {
			o := options(4)
			o.Weights, o.Fit, o.Source, o.FitSamples, o.Workers = weights, FitBias, nettest.NoiseFor(g, 30), 30, workers
			n, r := lowered(t, g, p, o)
			if r.FitSamples != 30 {
				t.Errorf("fitted on %d samples", r.FitSamples)
			}
			var b bytes.Buffer
			if err := snn.Encode(&b, n); err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = b.Bytes()
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%v: %d workers make another network", weights, workers)
			}
		}
	}
}

// TestFitMatchesMeans: after fitting, the mean currents on the fitted samples are those
// of the trained network, in every mode, though spikes are coarse.
func TestFitMatchesMeans(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	p := profileOf(t, g, 40)
	for _, weights := range []Weights{Float32, Int8} {
		for _, restim := range snn.Restims() {
			o := options(2)
			o.Weights, o.Restim, o.Steps, o.Source, o.FitSamples = weights, restim, 3, nettest.NoiseFor(g, 40), 40
			if restim == snn.RestimRefine {
				o.Rho = 2
			}
			before, after := biasOf(t, g, p, o, FitNone), biasOf(t, g, p, o, FitBias)
			if after > before/20 {
				t.Errorf("%v, mode %d: mean currents are off by %v thresholds, %v without fitting", weights, restim, after, before)
			}
		}
	}
}

// biasOf is the largest difference in thresholds, over layers and channels, between the
// mean currents of the spiking and of the trained network, on the samples of o.Source.
// In an integer network half a unit of the current is forgiven.
func biasOf(t *testing.T, g *ir.Graph, p *calibrate.Profile, o Options, fit Fit) float64 {
	t.Helper()
	o.Fit = fit
	n, _ := lowered(t, g, p, o)
	differences := make([][]float64, len(n.Layers))
	for l := range n.Layers {
		differences[l] = make([]float64, n.Layers[l].Shape.C)
	}
	for i := range o.Source.Len() {
		in := make([]float32, n.Layers[0].Shape.Len())
		if _, err := o.Source.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		values, _ := nettest.RunTrained(t, g, nil, in)
		s, _ := nettest.RunSpiking(t, n, in)
		for l := range n.Layers {
			layer := &n.Layers[l]
			if layer.Neuron == nil && l != n.Output {
				continue
			}
			got := make([]float32, layer.Shape.Len())
			if err := s.Current(l, got); err != nil {
				t.Fatal(err)
			}
			pixels := layer.Shape.H * layer.Shape.W
			for e, x := range values[layer.ANNCurrent] {
				differences[l][e/pixels] += float64(x-got[e]) / float64(pixels*o.Source.Len())
			}
		}
	}
	worst := 0.0
	for l, d := range differences {
		for c, x := range d {
			worst = max(worst, inThresholds(&n.Layers[l], c, math.Abs(x)))
		}
	}
	return worst
}

func inThresholds(l *snn.Layer, c int, difference float64) float64 {
	if l.Unit != nil {
		difference -= float64(l.Unit[c]) / 2
	}
	if l.Neuron != nil {
		difference /= float64(l.Neuron.Threshold[c])
	}
	return difference
}

// movesSums reports whether a sum's current is moved before others use it. Rounding then
// adds up in ways that no bound of the test would suit.
func movesSums(n *snn.Network) bool {
	return slices.ContainsFunc(n.Layers, func(l snn.Layer) bool {
		_, moved := l.Op.(snn.Gather)
		_, joined := l.Op.(snn.Concat)
		return (moved || joined) && slices.ContainsFunc(l.In, func(from int) bool {
			_, sum := n.Layers[from].Op.(snn.Sum)
			return sum && n.Layers[from].Neuron == nil
		})
	})
}

// degreesOf counts, for every layer, how many values of the input are multiplied with each other
// in it, at most: relative errors of factors add up.
func degreesOf(n *snn.Network) []float64 {
	degrees := make([]float64, len(n.Layers))
	for i, l := range n.Layers {
		_, multiplies := l.Op.(snn.Product)
		degrees[i] = 1
		if multiplies {
			degrees[i] = 0
		}
		for _, from := range l.In {
			if multiplies {
				degrees[i] += degrees[from]
			} else {
				degrees[i] = max(degrees[i], degrees[from])
			}
		}
	}
	return degrees
}

// jumps reports whether a graph has an activation that jumps: however close values are, they may
// lie on either side.
func jumps(g *ir.Graph) bool {
	return slices.ContainsFunc(g.Nodes, func(n ir.Node) bool { return n.Op.Kind() == ir.ThresholdedRelu{}.Kind() })
}

// TestIntegerNetworksStayClose: 8-bit spikes with int8 weights give nearly what they
// give with float weights, and never too much for 32 bits.
func TestIntegerNetworksStayClose(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := nettest.Draw(t, false)
		if _, err := complete(context.Background(), g, 0); err != nil || jumps(g) {
			return
		}
		p := profileOf(t, g, 8)
		o := options(8)
		o.Restim = rapid.SampledFrom(snn.Restims()).Draw(t, "mode")
		if o.Restim == snn.RestimRefine {
			o.Rho = 2
		}
		o.Steps = rapid.IntRange(1, 4).Draw(t, "steps")
		float, _ := lowered(t, g, p, o)
		o.Weights = Int8
		integer, _ := lowered(t, g, p, o)
		in := make([]float32, float.Layers[0].Shape.Len())
		if _, err := nettest.NoiseFor(g, 8).Sample(3, in); err != nil {
			t.Fatal(err)
		}
		values, _ := nettest.RunTrained(t, g, nil, in)
		fs, _ := nettest.RunSpiking(t, float, in)
		is, _ := nettest.RunSpiking(t, integer, in)
		if movesSums(integer) {
			return
		}
		degrees := degreesOf(float)
		for i, l := range float.Layers {
			a, b := make([]float32, l.Shape.Len()), make([]float32, l.Shape.Len())
			if err := fs.Value(i, a); err != nil {
				t.Fatal(err)
			}
			if err := is.Value(i, b); err != nil {
				t.Fatal(err)
			}
			compareAll(t, l.Name, b, a, 0.05*degrees[i]*largestOf(values))
		}
	})
}

// TestIntegerThresholdsKeepTheirRange: a threshold is rounded to units, and all levels with it.
// A quarter as many units as there are levels are wanted; to make the factor of the finest input
// exact, a unit may be twice as coarse. Factors have about 10 bits at most, which may leave no
// room for as many.
func TestIntegerThresholdsKeepTheirRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := nettest.Draw(t, false)
		if _, err := complete(context.Background(), g, 0); err != nil {
			return
		}
		o := options(8)
		o.Weights = Int8
		n, _ := lowered(t, g, profileOf(t, g, 8), o)
		for _, l := range n.Layers {
			sum, ok := l.Op.(snn.Sum)
			if !ok || l.Neuron == nil {
				continue
			}
			for c, units := range l.Neuron.IntThreshold {
				factor := int32(0)
				for _, mult := range sum.Mult {
					for i := c; i < len(mult); i += l.Shape.C {
						factor = max(factor, mult[i], -mult[i])
					}
				}
				if 8*int(units) < l.Neuron.Format.Max() && 0 < factor && factor < 1<<9 {
					t.Errorf("%s, channel %d: a threshold of %d units for %d levels", l.Name, c, units, l.Neuron.Format.Max())
				}
			}
		}
	})
}

func TestIntegerSumsUse32Bits(t *testing.T) {
	t.Parallel()
	g := nettest.Parse(t, nettest.Small)
	o := options(8)
	o.Weights, o.Steps, o.Restim, o.Rho = Int8, 8, snn.RestimRefine, 2
	n, _ := lowered(t, g, profileOf(t, g, 10), o)
	if _, err := runtime.Compile(context.Background(), n); err != nil {
		t.Fatal(err)
	}
	ranges, err := n.Ranges()
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range n.Layers {
		if _, ok := l.Op.(snn.Sum); ok && ranges[i].Membrane < math.MaxInt32/16 {
			t.Errorf("%s: the membrane reaches %d only: a finer unit fits", l.Name, ranges[i].Membrane)
		}
	}
}

func profileOf(t nettest.T, g *ir.Graph, n int) *calibrate.Profile {
	t.Helper()
	sites, err := Sites(context.Background(), g)
	if err != nil {
		t.Fatal(err)
	}
	return nettest.Profile(t, g, sites, n)
}
