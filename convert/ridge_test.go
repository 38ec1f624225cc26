package convert

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/ir"
	"ann2snn/snn"
)

// ridgeOptions are those of options, with weights fitted on noise.
func ridgeOptions(g *ir.Graph, bits, samples int) Options {
	o := options(bits)
	o.Weights, o.Fit, o.Source, o.FitSamples = Int8, FitRidge, noiseFor(g, samples), samples
	return o
}

// TestRidgeOfAnalogNeurons: where the spiking network computes what the trained one does
// there is nothing to fit.
func TestRidgeOfAnalogNeurons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t, false)
		if _, err := completePlan(g); err != nil {
			t.Skip("cannot be converted")
		}
		plain, _, err := Lower(context.Background(), g, nil, Options{Steps: 1})
		if err != nil {
			t.Skip("nothing spikes")
		}
		fit, _, err := Lower(context.Background(), g, nil, Options{Steps: 1, Fit: FitRidge, Source: noiseFor(g, 6), FitSamples: 6})
		if err != nil {
			t.Fatal(err)
		}
		for i := range plain.Layers {
			a, b := weightsIn(&plain.Layers[i]), weightsIn(&fit.Layers[i])
			largest := 1e-6
			for _, x := range a {
				largest = max(largest, math.Abs(float64(x)))
			}
			compareAll(t, "weights of "+plain.Layers[i].Name, b, a, 1e-3*largest)
		}
	})
}

func weightsIn(l *snn.Layer) []float32 {
	switch op := l.Op.(type) {
	case snn.Conv:
		return op.W.F
	case snn.Dense:
		return op.W.F
	}
	return nil
}

// TestRidgeRows: what the fit believes the currents of a built layer to be is what the
// layer computes.
func TestRidgeRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t, false)
		if _, err := Sites(g); err != nil {
			t.Skip("cannot be converted")
		}
		p := profileOf(t, g, 8)
		o := ridgeOptions(g, rapid.IntRange(1, 6).Draw(t, "bits"), 3)
		o.Weights = rapid.SampledFrom([]Weights{Float32, Int8}).Draw(t, "weights")
		n, _, err := Lower(context.Background(), g, p, o)
		if err != nil {
			t.Skip("cannot be converted: " + err.Error())
		}
		r := ridgeOf(t, g, n, o)
		for _, l := range r.plan.layers {
			op, ok := l.op.(weighted)
			if goal, _ := r.goal(l); !ok || l.current == ir.None || goal != l {
				continue
			}
			seen, err := r.weightRows(context.Background(), l, l, 0)
			if err != nil {
				t.Fatal(err)
			}
			got := seen.preActivations(r.builder, l, r.set)
			for s, sample := range r.samples {
				session, _ := runSpiking(t, n, sample)
				current := make([]float32, l.shape.Len())
				session.Current(l.index, current)
				for i, at := range r.places(l, s) {
					row := s*r.perSample(l) + i
					for c := range l.shape.C {
						want := current[c*l.shape.H*l.shape.W+at]
						if d := math.Abs(float64(got[row*l.shape.C+c] - want)); d > 1e-3*(1+math.Abs(float64(want))) {
							t.Fatalf("%q (%T), sample %d, position %d, channel %d: %v, want %v", l.name, op, s, at, c, got[row*l.shape.C+c], want)
						}
					}
				}
			}
		}
	})
}

// ridgeOf is a fit in which all layers are built as they are in n.
func ridgeOf(t fataler, g *ir.Graph, n *snn.Network, o Options) *ridge {
	pl, err := completePlan(g)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRidge(context.Background(), &builder{plan: pl, options: o, net: n})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRidgeTargets: the targets of a layer are the trained network's values.
func TestRidgeTargets(t *testing.T) {
	g := parsed(t, small)
	o := ridgeOptions(g, 3, 4)
	n, _ := lowered(t, g, profileOf(t, g, 20), o)
	r := ridgeOf(t, g, n, o)
	goals := map[string]string{}
	for _, l := range r.plan.layers {
		if _, ok := l.op.(weighted); !ok {
			continue
		}
		goal, _ := r.goal(l)
		want, err := r.target(context.Background(), l)
		if err != nil {
			t.Fatal(err)
		}
		goals[l.name] = g.Value(goal.current).Name
		for s, sample := range r.samples {
			values, _ := runTrained(t, g, nil, sample)
			v := values[g.Value(goal.current).Name]
			for i, at := range r.places(l, s) {
				for c := range l.shape.C {
					if got := want[(s*r.perSample(l)+i)*l.shape.C+c]; got != v[c*l.shape.H*l.shape.W+at] {
						t.Fatalf("%s, sample %d, position %d, channel %d: %v, want %v", l.name, s, at, c, got, v[c*l.shape.H*l.shape.W+at])
					}
				}
			}
		}
	}
	want := map[string]string{"conv0": "c0", "conv1": "a", "bottleneck": "c2", "expand": "c3", "fc": "y"}
	for name, goal := range want {
		if goals[name] != goal {
			t.Errorf("%s is fitted to %q, want %q", name, goals[name], goal)
		}
	}
}

// TestRidgeHelps: fitted weights bring the answers of coarse spikes nearer to those of the
// trained network on samples that the fit has not seen, in every mode.
func TestRidgeHelps(t *testing.T) {
	g := parsed(t, small)
	p := profileOf(t, g, 40)
	for _, weights := range []Weights{Float32, Int8} {
		for _, restim := range []snn.Restim{snn.RestimNone, snn.RestimSigned, snn.RestimRefine, snn.RestimWaiting} {
			o := ridgeOptions(g, 2, 300)
			o.Weights, o.Restim, o.Steps = weights, restim, 3
			if restim == snn.RestimRefine {
				o.Rho = 2
			}
			fit, _ := lowered(t, g, p, o)
			o.Fit = FitNone
			plain, _ := lowered(t, g, p, o)
			before, after := outputError(t, g, plain, 400, 60), outputError(t, g, fit, 400, 60)
			t.Logf("%v, mode %d: error %.3f, without fit %.3f", weights, restim, after, before)
			if after > 0.9*before {
				t.Errorf("%v, mode %d: error %.3f, without fit %.3f", weights, restim, after, before)
			}
		}
	}
}

// outputError is the error of the output, against its size, on n samples of noise.
func outputError(t *testing.T, g *ir.Graph, net *snn.Network, from, n int) float64 {
	t.Helper()
	miss, size := 0.0, 0.0
	source := noiseFor(g, from+n)
	for i := from; i < from+n; i++ {
		in := make([]float32, source.size)
		if _, err := source.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		_, want := runTrained(t, g, nil, in)
		_, got := runSpiking(t, net, in)
		for k, x := range want {
			miss += float64(got[k]-x) * float64(got[k]-x)
			size += float64(x) * float64(x)
		}
	}
	return math.Sqrt(miss / size)
}

// TestRidgeDoesNotDependOnWorkers: the same bytes from any number of goroutines.
func TestRidgeDoesNotDependOnWorkers(t *testing.T) {
	g := parsed(t, small)
	p := profileOf(t, g, 20)
	for _, weights := range []Weights{Float32, Int8} {
		var want []byte
		for _, workers := range []int{1, 5} {
			o := ridgeOptions(g, 4, 30)
			o.Weights, o.Workers = weights, workers
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

// flat is a Source whose samples are all the same.
type flat struct{ noise }

func (s flat) Sample(_ int, dst []float32) (int, error) { return s.noise.Sample(0, dst) }

// TestRidgeOfPoorData: samples that say little leave a network that is as good as the
// unfitted one, or nearly so, on other samples.
func TestRidgeOfPoorData(t *testing.T) {
	g := parsed(t, small)
	p := profileOf(t, g, 40)
	nearlyDead := parsed(t, strings.Replace(small, "%b0 float32[4] = {0.1, -0.2, 0.3, 0}", "%b0 float32[4] = {0.1, -4.5, 0.3, -90}", 1))
	tests := []struct {
		name   string
		g      *ir.Graph
		change func(*Options)
	}{
		{"few samples", g, func(o *Options) { o.FitSamples = 16 }},
		{"one sample", g, func(o *Options) { o.FitSamples = 1 }},
		{"constant input", g, func(o *Options) { o.Source = flat{noiseFor(g, 50)} }},
		{"dead channels", nearlyDead, func(o *Options) { o.FitSamples = 16 }},
	}
	for _, tt := range tests {
		for _, weights := range []Weights{Float32, Int8} {
			o := ridgeOptions(tt.g, 4, 200)
			o.Weights = weights
			tt.change(&o)
			profile := p
			if tt.g != g {
				profile = profileOf(t, tt.g, 40)
			}
			fit, _ := lowered(t, tt.g, profile, o)
			o.Fit = FitNone
			plain, _ := lowered(t, tt.g, profile, o)
			before, after := outputError(t, tt.g, plain, 400, 40), outputError(t, tt.g, fit, 400, 40)
			t.Logf("%s, %v: error %.3f, without fit %.3f", tt.name, weights, after, before)
			if !(after <= 1.25*before) {
				t.Errorf("%s, %v: error %.3f, without fit %.3f", tt.name, weights, after, before)
			}
		}
	}
}

// TestRidgeSaysWhatItKeeps: where samples are too few to gain anything, trained weights
// stay, and the report tells so.
func TestRidgeSaysWhatItKeeps(t *testing.T) {
	g := parsed(t, small)
	o := ridgeOptions(g, 8, 4)
	o.Weights = Float32
	n, report := lowered(t, g, profileOf(t, g, 20), o)
	for i := range n.Layers {
		for _, w := range weightsIn(&n.Layers[i]) {
			if d := float64(w); math.IsNaN(d) || math.IsInf(d, 0) {
				t.Fatalf("%q has a weight of %v", n.Layers[i].Name, w)
			}
		}
	}
	told := slices.ContainsFunc(report.Warnings, func(w string) bool { return strings.Contains(w, "trained weights kept") })
	if !told {
		t.Errorf("the report does not tell of weights that are kept: %q", report.Warnings)
	}
}

// TestFeedback: rounding with feedback errs less, on the inputs that it was made for, than
// rounding to the nearest, and rounds to the nearest where inputs have nothing in common.
func TestFeedback(t *testing.T) {
	const fan, draws = 24, 20
	random := rand.New(rand.NewPCG(3, 4))
	var fed, nearest float64
	for range draws {
		a, b := feedbackLosses(random, fan)
		fed, nearest = fed+a/draws, nearest+b/draws
	}
	if t.Logf("mean squared error %v with feedback, %v without", fed, nearest); fed > nearest/2 {
		t.Errorf("mean squared error %v with feedback, %v without", fed, nearest)
	}
}

// feedbackLosses are the squared errors of rounded weights of random neurons whose inputs
// have much in common, with and without feedback.
func feedbackLosses(random *rand.Rand, fan int) (fed, nearest float64) {
	const samples, unit = 300, 0.05
	scales, weights := make([]float32, fan), make([]float32, fan)
	for i := range weights {
		scales[i], weights[i] = float32(0.5+random.Float64()), float32(random.NormFloat64())*0.2
	}
	gram := mat.NewSymDense(fan+1, nil)
	for range samples {
		common, u := random.NormFloat64(), make([]float64, fan+1)
		for i := range fan {
			u[i] = (common + 0.3*random.NormFloat64() + 0.5) * float64(scales[i])
		}
		u[fan] = 1
		gram.SymRankOne(gram, 1, mat.NewVecDense(fan+1, u))
	}
	rounded := make([]int8, fan)
	bias := newFeedback(gram, scales).round(rounded, weights, 0.3, unit, 127)
	a, b := mat.NewVecDense(fan+1, nil), mat.NewVecDense(fan+1, nil)
	for i, w := range weights {
		a.SetVec(i, (float64(rounded[i])*unit-float64(w))/float64(scales[i]))
		b.SetVec(i, (math.Round(float64(w)/unit)*unit-float64(w))/float64(scales[i]))
	}
	a.SetVec(fan, float64(bias)-0.3)
	return mat.Inner(a, gram, a), mat.Inner(b, gram, b)
}

// TestFeedbackAlone: without anything in common between inputs, weights are rounded to
// the nearest.
func TestFeedbackAlone(t *testing.T) {
	const fan = 24
	random := rand.New(rand.NewPCG(5, 6))
	scales, weights, rounded := make([]float32, fan), make([]float32, fan), make([]int8, fan)
	for i := range weights {
		scales[i], weights[i] = float32(0.5+random.Float64()), float32(random.NormFloat64())*0.2
	}
	alone := mat.NewSymDense(fan+1, nil)
	for i := range fan + 1 {
		alone.SetSym(i, i, float64(i+1))
	}
	newFeedback(alone, scales).round(rounded, weights, 0, 0.05, 3)
	for i, w := range weights {
		want := int8(max(-3, min(math.Round(float64(w)/0.05), 3)))
		if rounded[i] != want {
			t.Errorf("weight %v became %d, want %d", w, rounded[i], want)
		}
	}
	if newFeedback(mat.NewSymDense(3, nil), []float32{1, 1}) != nil {
		t.Error("feedback from a singular matrix")
	}
}

// TestProduct32: the products are those of the definition.
func TestProduct32(t *testing.T) {
	set, err := cpu.Best()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		n, aw, bw := rapid.IntRange(1, 600).Draw(t, "rows"), rapid.IntRange(1, 300).Draw(t, "width"), rapid.IntRange(1, 9).Draw(t, "outs")
		from := rapid.IntRange(0, n).Draw(t, "from")
		to := rapid.IntRange(from, n).Draw(t, "to")
		random := rand.New(rand.NewPCG(uint64(n), uint64(aw)))
		a, b := make([]float32, n*aw), make([]float32, n*bw)
		for _, v := range [][]float32{a, b} {
			for i := range v {
				v[i] = float32(random.IntN(9) - 4)
			}
		}
		sum := make([]float64, aw*bw)
		product32(set, sum, a, b, aw, bw, from, to, 2, false)
		square := make([]float64, aw*aw)
		product32(set, square, a, a, aw, aw, from, to, 2, true)
		check := func(got []float64, i, j, width int, other []float32) {
			want := 0.0
			for r := from; r < to; r++ {
				want += float64(a[r*aw+i]) * float64(other[r*width+j])
			}
			if got[i*width+j] != want {
				t.Fatalf("element %d, %d: %v, want %v", i, j, got[i*width+j], want)
			}
		}
		for i := range aw {
			check(sum, i, random.IntN(bw), bw, b)
			check(square, i, i+random.IntN(aw-i), aw, a)
		}
	})
}
