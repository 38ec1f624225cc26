package grad_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/grad"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestForward: before training, a session answers as the network does, in every mode. The
// numbers of the networks are such that nothing rounds.
func TestForward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		if spec.Restim == snn.RestimWaiting && spec.Steps&(spec.Steps-1) != 0 {
			spec.Steps = 4 // else means over the steps round
		}
		spec.Dyadic = true
		n := snntest.Network(t, spec)
		sample := snntest.Sample(t, n)
		want := readout(t, n, sample)
		g, err := grad.New(n, grad.Options{Set: cpu.Default()})
		if err != nil && (strings.Contains(err.Error(), "levels of several values") || strings.Contains(err.Error(), "own levels")) {
			t.Skip("no conversion makes such networks")
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := g.NewSession().Forward(sample)
		if err != nil {
			t.Fatal(err)
		}
		shape := n.Layers[n.Output].Shape
		for i := range want {
			x := want[shape.ChannelsFirst(i)] // as the trained network orders its output
			if d := math.Abs(float64(got[i] - x)); d > 1e-4*(1+math.Abs(float64(x))) {
				t.Fatalf("element %d is %v, want %v", i, got[i], x)
			}
		}
	})
}

// readout runs a network.
func readout(t *rapid.T, n *snn.Network, sample []float32) []float32 {
	p, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	s := p.NewSession(runtime.SessionOptions{})
	defer s.Close()
	out := make([]float32, p.OutLen())
	if _, err := s.Run(context.Background(), out, sample); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestGradients: where neurons round nothing, gradients are those of finite differences.
func TestGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := snntest.Network(t, snntest.Spec{Steps: 1, Rho: 1, Layers: rapid.IntRange(1, 6).Draw(t, "layers")})
		smooth(t, n)
		g, err := grad.New(n, grad.Options{Set: cpu.Default()})
		if err != nil {
			t.Skip(err)
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		sample := normal(random, n.Layers[0].Shape.Len())
		for _, p := range g.Params { // no two elements of a pool are alike
			for i := range p.Data {
				p.Data[i] += float32(random.NormFloat64() / 8)
			}
		}
		dout := normal(random, n.Layers[n.Output].Shape.Len())
		loss := func() float64 {
			g.Update()
			out, err := g.NewSession().Forward(sample)
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for i, x := range out {
				sum += float64(x) * float64(dout[i])
			}
			return sum
		}
		s := g.NewSession()
		g.Update()
		if _, err := s.Forward(sample); err != nil {
			t.Fatal(err)
		}
		s.Backward(dout)
		for i, p := range g.Params {
			checkDirection(t, p, s.Grads[i], random, loss)
		}
	})
}

// smooth makes all neurons analog, with activations that have no corners.
func smooth(t *rapid.T, n *snn.Network) {
	for i := range n.Layers {
		if neuron := n.Layers[i].Neuron; neuron != nil {
			neuron.Format, neuron.Signed = snn.Format{}, true
			neuron.Act = snn.Activation{Fn: rapid.SampledFrom([]snn.ActFn{snn.Linear, snn.Sigmoid, snn.SiLU, snn.Tanh}).Draw(t, "activation")}
			for c := range neuron.Threshold {
				neuron.Threshold[c] = 1
			}
		}
	}
}

// checkDirection compares the derivative in a random direction of a parameter.
func checkDirection(t *rapid.T, p *grad.Param, gradient []float32, random *rand.Rand, loss func() float64) {
	const h = 1. / 256
	start, along := append([]float32(nil), p.Data...), normal(random, len(p.Data))
	at := func(h float32) float64 {
		for i := range p.Data {
			p.Data[i] = start[i] + h*along[i]
		}
		return loss()
	}
	up, down, middle := at(h), at(-h), at(0)
	want, got, size := (up-down)/(2*h), 0.0, 0.0
	for i, x := range gradient {
		got += float64(x) * float64(along[i])
		size += math.Abs(float64(x) * float64(along[i]))
	}
	curved := math.Abs(up-2*middle+down) / h // the winner of a pool changed, or rounding
	if d := math.Abs(got - want); d > 2e-3*(size+math.Abs(middle))+curved+1e-3 {
		t.Fatalf("layer %d, kind %d: the derivative is %v, want %v (magnitude %v, curvature %v)", p.Layer, p.Kind, got, want, size, curved)
	}
}

func normal(random *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	return x
}
