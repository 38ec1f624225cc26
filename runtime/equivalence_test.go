package runtime_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// run compiles and runs a network on one sample.
func run(t interface{ Fatal(...any) }, n *snn.Network, sample []float32) *runtime.Session {
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewSession(runtime.SessionOptions{Trace: true})
	if _, err := s.Run(context.Background(), make([]float32, plan.OutLen()), sample); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOneStepIsQuantised is equivalence 1: a network of one step is the ANN with a
// round-half-up quantiser of levels 0..Q behind every neuron, bit for bit, in any mode.
func TestOneStepIsQuantised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Steps, spec.Plain = 1, true
		n := snntest.Network(t, spec)
		sample := snntest.Sample(t, n)
		s, o := run(t, n, sample), newOracle(n, sample)
		o.quantised = true
		o.step()
		for i := range n.Layers {
			compareLevels(t, o, s, i, 1)
			compareValues(t, o, s, i)
		}
	})
}

// quantise is the quantiser of equivalence 1, of as many times the levels as there are
// steps in a step of the oracle.
func (o *oracle) quantise(l *snn.Layer, c int, z float64) float64 {
	low, q := 0.0, o.times*float64(l.Neuron.Format.Max())
	if l.Neuron.Signed {
		low = -q
	}
	if l.Neuron.Act.Fn == snn.Quantise {
		_, low, q = oracleQuantised(l, c, z)
	}
	return math.Max(low, math.Min(o.wish(l, c, z), q))
}

// wish is the number of levels that comes nearest to the activation of z.
func (o *oracle) wish(l *snn.Layer, c int, z float64) float64 {
	theta := o.theta(l, c)
	if l.Neuron.Act.Fn == snn.Quantise {
		want, _, _ := oracleQuantised(l, c, z)
		return want
	}
	if fn := l.Neuron.Act.Fn; fn != snn.Rectify && fn != snn.Linear {
		z = o.times * oracleActivation(l.Neuron, c, z*o.unit(l, c)/o.times) / o.unit(l, c)
	}
	return math.Floor(z/theta + 0.5)
}

// single returns a network of one neuron that is driven by its input z in every step.
func single(restim snn.Restim, steps, bits int, threshold float32) *snn.Network {
	one := snn.Shape{H: 1, W: 1, C: 1}
	return &snn.Network{
		Steps: steps, Restim: restim, Rho: 1, Output: 1,
		Layers: []snn.Layer{
			{Name: "z", Op: snn.Input{}, Shape: one},
			{
				Name: "neuron", Op: snn.Sum{Factors: [][]float32{{1}}}, In: []int{0}, Shape: one, Scale: []float32{threshold},
				Neuron: &snn.Neuron{Format: snn.Format{M: uint8(bits)}, Threshold: []float32{threshold}},
			},
		},
	}
}

// TestConstantInput is equivalence 2: on a constant current z the levels of T steps add
// up to clip(floor(T z/theta + 1/2), 0, T Q).
func TestConstantInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps, bits := rapid.IntRange(1, 8).Draw(t, "steps"), rapid.IntRange(1, 8).Draw(t, "bits")
		restim := rapid.SampledFrom([]snn.Restim{snn.RestimNone, snn.RestimSigned}).Draw(t, "restim")
		theta := float32(int(1)<<rapid.IntRange(0, 6).Draw(t, "threshold")) / 16
		z := float32(rapid.IntRange(-2000, 20000).Draw(t, "z")) / 64
		s := run(t, single(restim, steps, bits, theta), []float32{z})
		total := int32(0)
		for step := 1; step <= steps; step++ {
			total += must(s.Levels(1, step))[0]
		}
		most := float64(steps * (int(1)<<bits - 1))
		want := math.Max(0, math.Min(math.Floor(float64(steps)*float64(z)/float64(theta)+0.5), most))
		if float64(total) != want {
			t.Fatalf("z=%g theta=%g: %d levels, want %g", z, theta, total, want)
		}
	})
}

// TestWaiting is equivalence 4: a network whose neurons wait is the ANN with T*Q levels
// per neuron, bit for bit.
func TestWaiting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Steps, spec.Restim, spec.Rho = 1<<rapid.IntRange(0, 3).Draw(t, "log2 of steps"), snn.RestimWaiting, 1
		n := snntest.Network(t, spec)
		sample := snntest.Sample(t, n)
		s, ann := run(t, n, sample), stepOracle(n, sample)
		ann.quantised, ann.times = true, float64(n.Steps)
		ann.step()
		for i := range n.Layers {
			got := make([]float32, n.Layers[i].Shape.Len())
			ok(s.Value(i, got))
			ann.t = n.Steps // what was emitted in one step is a mean over all
			if want := ann.value(i, ann.layers[i].emitted, ann.levelValue(i)); !slices.Equal(got, want) {
				t.Fatalf("layer %d: value %v, want %v", i, got, want)
			}
		}
	})
}

// TestWaitingOutside: where every layer of other neurons waits for all steps of the layer
// before it, and is driven by their mean, the network is the same ANN.
func TestWaitingOutside(t *testing.T) {
	const width = 3
	rapid.Check(t, func(t *rapid.T) {
		steps := 1 << rapid.IntRange(0, 3).Draw(t, "log2 of steps") // means stay exact
		bits := rapid.IntRange(1, 4).Draw(t, "bits")
		restim := rapid.SampledFrom([]snn.Restim{snn.RestimNone, snn.RestimSigned}).Draw(t, "restim")
		values := eighths(t, "sample", width, 80)
		want := toFloat64(values)
		for range rapid.IntRange(1, 4).Draw(t, "layers") {
			weights, bias := eighths(t, "weights", width*width, 16), eighths(t, "bias", width, 40)
			theta := float32(int(1)<<rapid.IntRange(0, 4).Draw(t, "threshold")) / 8
			s := run(t, dense(restim, steps, bits, theta, weights, bias), values)
			values = make([]float32, width)
			ok(s.Value(1, values))
			want = quantisedDense(want, toFloat64(weights), toFloat64(bias), float64(theta)/float64(steps), steps*(1<<bits-1))
			if !slices.Equal(toFloat64(values), want) {
				t.Fatalf("the network gives %v, %d levels give %v", values, steps*(1<<bits-1), want)
			}
		}
	})
}

// eighths draws n multiples of 1/8 of at most most eighths either way.
func eighths(t *rapid.T, label string, n, most int) []float32 {
	drawn := make([]float32, n)
	for i := range drawn {
		drawn[i] = float32(rapid.IntRange(-most, most).Draw(t, label)) / 8
	}
	return drawn
}

func toFloat64(values []float32) []float64 {
	wide := make([]float64, len(values))
	for i, x := range values {
		wide[i] = float64(x)
	}
	return wide
}

// dense returns a network of one layer of neurons, each reading every input.
func dense(restim snn.Restim, steps, bits int, theta float32, weights, bias []float32) *snn.Network {
	n := single(restim, steps, bits, theta)
	l := &n.Layers[1]
	l.Op = snn.Dense{W: snn.Weights{F: weights, Bias: bias}}
	l.Shape.C = len(bias)
	n.Layers[0].Shape.C = len(weights) / len(bias)
	l.Scale = slices.Repeat([]float32{theta}, len(bias))
	l.Neuron.Threshold = slices.Clone(l.Scale)
	return n
}

// quantisedDense is a layer of the ANN with the levels 0, level, ..., most*level.
func quantisedDense(in, weights, bias []float64, level float64, most int) []float64 {
	out := slices.Clone(bias)
	for o := range out {
		for i, x := range in {
			out[o] += weights[o*len(in)+i] * x
		}
		out[o] = level * math.Max(0, math.Min(math.Floor(out[o]/level+0.5), float64(most)))
	}
	return out
}

// TestOneBitIsIntegrateAndFire is equivalence 3: with one bit and no re-stimulation the
// neuron is the binary integrate-and-fire neuron with soft reset.
func TestOneBitIsIntegrateAndFire(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Restim, spec.Rho, spec.Bits, spec.Plain = snn.RestimNone, 1, 1, true
		n := snntest.Network(t, spec)
		s := run(t, n, snntest.Sample(t, n))
		for i := range n.Layers {
			if l := &n.Layers[i]; l.Neuron != nil && !l.Neuron.Signed {
				checkBinary(t, n, s, i)
			}
		}
	})
}

// checkBinary drives binary neurons with the currents of layer i: those of the same
// layer without its neurons, step by step.
func checkBinary(t *rapid.T, n *snn.Network, s *runtime.Session, i int) {
	l := &n.Layers[i]
	v := make([]float64, l.Shape.Len())
	o := &oracle{net: n, layers: make([]oracleLayer, len(n.Layers)), times: 1}
	for e := range v {
		v[e] = o.theta(l, e%l.Shape.C) / 2
	}
	at := &oracleLayer{emitted: make([]float64, len(v)), best: make([]float64, len(v))}
	for step := 1; step <= n.Steps; step++ {
		for k := range n.Layers[:i] {
			o.layers[k].emit(widen(must(s.Levels(k, step))))
		}
		if !wholeInputs(n, l) {
			return
		}
		spikes := must(s.Levels(i, step))
		for e, current := range o.operate(l, at) {
			v[e] += current
			fired := int32(0)
			if theta := o.theta(l, e%l.Shape.C); v[e] >= theta {
				v[e] -= theta
				fired = 1
			}
			if spikes[e] != fired {
				t.Fatalf("layer %d step %d element %d: %d, want %d", i, step, e, spikes[e], fired)
			}
		}
	}
}

// wholeInputs reports whether the outputs that l reads are integers.
func wholeInputs(n *snn.Network, l *snn.Layer) bool {
	for _, from := range l.In {
		if !n.Integer && !spiking(n, from) {
			return false
		}
	}
	return true
}

func spiking(n *snn.Network, i int) bool {
	l := &n.Layers[i]
	switch l.Op.(type) {
	case snn.Input:
		return false
	case snn.Conv, snn.Dense, snn.Sum, snn.Product:
		return l.Neuron != nil
	}
	return !slices.ContainsFunc(l.In, func(from int) bool { return !spiking(n, from) })
}

func widen(levels []int32) []float64 {
	out := make([]float64, len(levels))
	for i, k := range levels {
		out[i] = float64(k)
	}
	return out
}

// emit notes what a layer emits in a step.
func (s *oracleLayer) emit(levels []float64) {
	if s.emitted = levels; s.sum == nil {
		s.sum = make([]float64, len(levels))
	}
	for e, k := range levels {
		s.sum[e] += k
	}
}
