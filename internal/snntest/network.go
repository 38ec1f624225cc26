package snntest

import (
	"pgregory.net/rapid"

	"ann2snn/snn"
)

// Spec says what kind of network Network draws.
type Spec struct {
	Steps   int
	Restim  snn.Restim
	Rho     int
	Integer bool
	Bits    int  // of every spike; 0 for any
	Layers  int  // in addition to the input
	Plain   bool // integrate-and-fire neurons only
	Dyadic  bool // all thresholds are powers of two
}

// DrawSpec draws a Spec: at most 8 steps, every mode, both arithmetics.
func DrawSpec(t *rapid.T) Spec {
	s := Spec{
		Steps:   rapid.IntRange(1, 8).Draw(t, "steps"),
		Restim:  rapid.SampledFrom(snn.Restims()).Draw(t, "restim"),
		Rho:     1,
		Integer: rapid.Bool().Draw(t, "integer"),
		Layers:  rapid.IntRange(1, 7).Draw(t, "layers"),
	}
	if s.Restim == snn.RestimRefine {
		s.Rho = rapid.SampledFrom([]int{1, 2, 4}).Draw(t, "rho")
		s.Steps = min(s.Steps, [...]int{8, 8, 5, 0, 3}[s.Rho]) // deeper levels would round
	}
	return s
}

// Network draws a network. Its output is the last layer.
func Network(t *rapid.T, s Spec) *snn.Network {
	b := &builder{t: t, spec: s, net: &snn.Network{
		Steps: s.Steps, Restim: s.Restim, Rho: s.Rho, Integer: s.Integer,
	}}
	b.input()
	for range s.Layers {
		b.layer()
	}
	b.net.Output = len(b.net.Layers) - 1
	return b.net
}

// Sample draws an input for n.
func Sample(t *rapid.T, n *snn.Network) []float32 {
	return dyadic(t, "sample", n.Layers[0].Shape.Len(), 32, 16)
}

// dyadic draws n multiples of 1/unit of at most most/unit in size.
func dyadic(t *rapid.T, label string, n, most, unit int) []float32 {
	values := make([]float32, n)
	for i, k := range ints(t, label, n, -most, most) {
		values[i] = float32(k) / float32(unit)
	}
	return values
}

func ints(t *rapid.T, label string, n, least, most int) []int {
	return rapid.SliceOfN(rapid.IntRange(least, most), n, n).Draw(t, label)
}

// powers draws n powers of two from 2^least to 2^most.
func powers(t *rapid.T, label string, n, least, most int) []float32 {
	values := make([]float32, n)
	for i, e := range ints(t, label, n, 0, most-least) {
		values[i] = float32(int(1)<<e) / float32(int(1)<<-least)
	}
	return values
}

func narrow[T int8 | int32](values []int) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return out
}
