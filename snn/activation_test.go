package snn

import (
	"math"
	"testing"
)

// examples returns every activation with parameters for which its properties differ.
func examples() []Activation {
	var list []Activation
	for fn := range ActFn(len(activations)) {
		switch fn {
		case PRelu:
			list = append(list, Activation{Fn: fn, Slope: []float32{0.25}}, Activation{Fn: fn, Slope: []float32{-0.5}})
		case Clip:
			list = append(list, Activation{Fn: fn, A: -1, B: 2}, Activation{Fn: fn, A: 0, B: 6})
		case ThresholdedRelu:
			list = append(list, Activation{Fn: fn}, Activation{Fn: fn, A: 1.5})
		case Power:
			list = append(list, Activation{Fn: fn, A: 0.5}, Activation{Fn: fn, A: 3, B: 0.25}, Activation{Fn: fn, A: -1, B: 0.25})
		default:
			list = append(list, Activation{Fn: fn, A: 0.2, B: 0.5}, Activation{Fn: fn, A: -0.2, B: 0.5})
		}
	}
	return list
}

// TestActivationProperties holds what the table says about an activation to its formula.
func TestActivationProperties(t *testing.T) {
	for _, a := range examples() {
		c := a.Curve()
		f := c.At
		falls, negative, least := false, false, 0.0
		for x := -8.0; x < 8; x += 1. / 1024 {
			y := f(x, 0)
			falls = falls || y < f(x-1./1024, 0)
			negative = negative || y < 0
			if y < f(least, 0) {
				least = x
			}
			if low, high, ok := a.Limits(); ok && y != max(float64(low), min(x, float64(high))) {
				t.Errorf("%v(%v) is %v, beyond %v to %v", a.Fn, x, y, low, high)
			}
		}
		if falls == a.Monotone() {
			t.Errorf("%v with A %v and slopes %v: Monotone is %v, but it falls: %v", a.Fn, a.A, a.Slope, a.Monotone(), falls)
		}
		if negative && a.NonNegative() {
			t.Errorf("%v with A %v has negative values, which NonNegative denies", a.Fn, a.A)
		}
		if turn := a.Fn.Lowest(); turn != 0 && math.Abs(turn-least) > 1./512 {
			t.Errorf("%v is least at %v, the table says %v", a.Fn, least, turn)
		}
	}
}

// TestActivationWidths compares the two forms of each formula.
func TestActivationWidths(t *testing.T) {
	for _, a := range examples() {
		if a.Fn == PRelu {
			continue // Map does not know the slopes
		}
		wide := a.Curve()
		for x := float32(-8); x < 8; x += 1. / 64 {
			narrow := make([]float32, 1)
			a.Map(narrow, []float32{x})
			if got, want := float64(narrow[0]), wide.At(float64(x), 0); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%v(%v) is %v in float32, %v in float64", a.Fn, x, got, want)
			}
		}
	}
}

func TestActivationNames(t *testing.T) {
	seen := map[string]bool{}
	for fn := range ActFn(len(activations)) {
		if name := fn.String(); name == "" || seen[name] {
			t.Errorf("activation %d is called %q, as another is", uint8(fn), name)
		}
		seen[fn.String()] = true
	}
	if got := ActFn(200).String(); got != "activation 200" {
		t.Errorf("an unknown activation is called %q", got)
	}
}

// TestValuesAreFinite: no membrane potential makes infinity or what is not a number, whatever
// the domain of a function is.
func TestValuesAreFinite(t *testing.T) {
	for _, a := range examples() {
		c := a.Curve()
		for _, x := range []float64{-math.MaxFloat32, -1e20, -89, -1, -1e-20, 0, 1e-20, 0.5, 89, 1000, 1e20, math.MaxFloat32} {
			if y := c.At(x, 0); math.Abs(y) > math.MaxFloat32 && a.Fn != PRelu && a.Fn != LeakyRelu || y != y {
				t.Errorf("%v with A %v and B %v of %v is %v", a.Fn, a.A, a.B, x, y)
			}
		}
	}
}
