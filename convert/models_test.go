package convert

import (
	"context"
	"math"
	"slices"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/nettest"
	"ann2snn/importer"
	"ann2snn/internal/ann"
	"ann2snn/internal/dataset"
	"ann2snn/internal/testutil"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/preprocess"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// realModel is a trained network with samples.
type realModel struct {
	name, file, preset string
	calib, test        string // data sets
	skip               int    // samples of calib
}

var (
	resnet20 = realModel{
		name: "ResNet-20", file: "models/cifar10_resnet20_bn.onnx", preset: "cifar10",
		calib: "cifar10/calib_batch.bin", test: "cifar10/test_batch.bin",
	}
	squeezenet = realModel{
		name: "SqueezeNet 1.1", file: "models/imagenet_squeezenet1.1.onnx", preset: "imagenet",
		calib: "imagenet-val/calib", test: "imagenet-val/test",
	}
	mnistCNN = realModel{
		name: "MNIST CNN", file: "models/mnist_cnn_baskov.onnx", preset: "mnist",
		calib: "mnist/t10k-images-idx3-ubyte.gz", test: "mnist/t10k-images-idx3-ubyte.gz", skip: 9000,
	}
	realModels = []realModel{resnet20, squeezenet, mnistCNN}
)

func (m *realModel) graph(t testing.TB) *ir.Graph {
	t.Helper()
	g, err := importer.Load(context.Background(), testutil.Data(t, m.file), importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := passes.Run(t.Context(), g, nil); err != nil {
		t.Fatal(err)
	}
	return g
}

func (m *realModel) open(t testing.TB, g *ir.Graph, rel string, skip, limit int) *dataset.Set {
	t.Helper()
	p, err := preprocess.Preset(m.preset)
	if err != nil {
		t.Fatal(err)
	}
	s, err := dataset.Open(testutil.Data(t, rel), dataset.Options{
		Skip: skip, Limit: limit, Preprocess: p, InputShape: g.Type(g.Inputs[0]).Shape.Ints()[1:],
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// samples are the first n test samples.
func (m *realModel) samples(t testing.TB, g *ir.Graph, n int) [][]float32 {
	t.Helper()
	s := m.open(t, g, m.test, 0, n)
	samples := make([][]float32, n)
	for i := range samples {
		samples[i] = make([]float32, g.Type(g.Inputs[0]).Elems())
		if _, err := s.Sample(i, samples[i]); err != nil {
			t.Fatal(err)
		}
	}
	return samples
}

func (m *realModel) profile(t testing.TB, g *ir.Graph, n int) *calibrate.Profile {
	t.Helper()
	sites, err := Sites(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	o := calibrate.Options{Sites: sites, Samples: n, Seed: 1}
	p, err := calibrate.Run(context.Background(), g, m.open(t, g, m.calib, m.skip, 0), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnalogNeuronsOnRealModels(t *testing.T) {
	t.Parallel()
	for _, m := range realModels {
		t.Run(m.name, func(t *testing.T) {
			g := m.graph(t)
			n, _, err := Lower(context.Background(), g, nil, Options{Steps: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, in := range m.samples(t, g, 2) {
				values, out := nettest.RunTrained(t, g, nil, in)
				s, got := nettest.RunSpiking(t, n, in)
				for i := range n.Layers {
					l := &n.Layers[i]
					compareLayer(t, n, i, s, values, 1e-5*largestIn(values[l.ANNValue], values[l.ANNCurrent]))
				}
				compareAll(t, "readout", got, out, 1e-5*largestIn(out))
			}
		})
	}
}

func largestIn(values ...[]float32) float64 {
	m := float32(1)
	for _, v := range values {
		for _, x := range v {
			m = max(m, x, -x)
		}
	}
	return float64(m)
}

// TestOneStepOnResNet20 is equivalence 1, bit for bit, on real weights and samples,
// rounded so that float32 computes every sum exactly.
func TestOneStepOnResNet20(t *testing.T) {
	t.Parallel()
	g := resnet20.graph(t)
	roundWeights(g, 1./64)
	p, err := complete(context.Background(), g, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := fill.New(p, nil, fill.Options{Format: snn.Format{M: 1, N: 3}, Steps: 1, Rho: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range p.Layers {
		if l.Neuron != nil {
			theta := float32(math.Ldexp(1, -3+i%2))
			b.Choices[i] = calibrate.Choice{Threshold: slices.Repeat([]float32{theta}, l.Shape.C)}
		}
	}
	if err := b.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	spikes := 0
	for _, in := range resnet20.samples(t, g, 4) {
		for i, x := range in {
			in[i] = float32(math.Round(float64(x)*32) / 32)
		}
		values, out := nettest.RunTrained(t, g, roundings(b), in)
		s, got := nettest.RunSpiking(t, b.Net, in)
		for i, l := range p.Layers {
			if l.Neuron != nil {
				levels, err := s.Levels(i, 1)
				if err != nil {
					t.Fatal(err)
				}
				compareLevels(t, b, l, levels, values[g.Value(l.Source).Name])
				spikes += len(levels) - count(levels, 0)
			}
		}
		compareAll(t, "readout", got, out, 0)
	}
	if spikes < 1000 {
		t.Errorf("only %d spikes were compared", spikes)
	}
}

func count(list []int32, x int32) int {
	n := 0
	for _, y := range list {
		if y == x {
			n++
		}
	}
	return n
}

// roundWeights rounds all float constants of g to multiples of step.
func roundWeights(g *ir.Graph, step float64) {
	for i := range g.Values {
		c := g.Values[i].Type.Const
		if c == nil || c.DType != ir.Float32 {
			continue
		}
		rounded := make([]float32, len(c.F))
		for k, x := range c.F {
			rounded[k] = float32(math.Round(float64(x)/step) * step)
		}
		g.Values[i].Type.Const = ir.Floats(rounded, c.Shape...)
	}
}

// accuracyTests are floors for how many of the first test samples a spiking network puts
// into the same class as the trained one: coarse, but steady.
var accuracyTests = []struct {
	model   realModel
	samples int
	floors  []floor
}{
	{resnet20, 100, []floor{
		{bits: 8, agree: 98},
		{bits: 8, weights: Int8, agree: 97},
		{bits: 4, agree: 92},
		{bits: 4, fit: FitBias, agree: 92},
		{bits: 4, weights: Int8, fit: FitBias, agree: 91},
	}},
	{mnistCNN, 200, []floor{
		{bits: 4, agree: 197},
		{bits: 4, weights: Int8, agree: 196},
	}},
	{squeezenet, 20, []floor{
		{bits: 8, agree: 18},
	}},
}

type floor struct {
	bits    uint8
	weights Weights
	fit     Fit
	agree   int
}

func TestAccuracy(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs trained networks on hundreds of samples")
	}
	for _, tt := range accuracyTests {
		t.Run(tt.model.name, func(t *testing.T) {
			m := tt.model
			g := m.graph(t)
			p, samples := m.profile(t, g, 64), m.samples(t, g, tt.samples)
			for _, f := range tt.floors {
				o := options(4)
				o.Format, o.Weights, o.Fit, o.FitSamples = snn.Format{N: f.bits}, f.weights, f.fit, 32
				o.Source = m.open(t, g, m.calib, m.skip, 0)
				n, _ := lowered(t, g, p, o)
				agree := agreement(t, g, n, samples)
				t.Logf("%d bits, %v, fit %v: %d of %d agree", f.bits, f.weights, f.fit, agree, tt.samples)
				if agree < f.agree {
					t.Errorf("%d bits, %v, fit %v: %d of %d agree, want %d", f.bits, f.weights, f.fit, agree, tt.samples, f.agree)
				}
			}
		})
	}
}

// agreement counts the samples that both networks put into the same class.
func agreement(t *testing.T, g *ir.Graph, n *snn.Network, samples [][]float32) int {
	t.Helper()
	program, err := ann.Compile(t.Context(), g, ann.Options{})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	session := plan.NewSession(runtime.SessionOptions{})
	got, agree := make([]float32, plan.OutLen()), 0
	for _, in := range samples {
		want, err := program.Run(context.Background(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := session.Run(context.Background(), got, in); err != nil {
			t.Fatal(err)
		}
		if slices.Index(got, slices.Max(got)) == slices.Index(want, slices.Max(want)) {
			agree++
		}
	}
	return agree
}
