// Package demonet gives tests the demonstration network, converted, and samples for it.
package demonet

import (
	"testing"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/models"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// Network returns the network with integer weights. It is calibrated on a few samples
// and not fitted, for speed.
func Network(tb testing.TB, bits, steps int, restim snn.Restim) *snn.Network {
	tb.Helper()
	m, calibration := open(tb, "calibration", 32)
	calibration.Classes = models.Classes()
	n, _, err := m.Convert(tb.Context(), calibration, ann2snn.Options{
		Format: snn.Format{N: uint8(bits)}, Steps: steps, Restim: &restim,
		Method: calibrate.Methods[0], Fit: new(convert.FitNone), Seed: new(uint64(0)),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return n.SNN()
}

// Samples returns the first n test samples, as the network takes them.
func Samples(tb testing.TB, n int) [][]float32 {
	tb.Helper()
	_, test := open(tb, "test", n)
	samples := make([][]float32, n)
	for i := range samples {
		samples[i] = make([]float32, 28*28)
		if _, err := test.Source.Sample(i, samples[i]); err != nil {
			tb.Fatal(err)
		}
	}
	return samples
}

func open(tb testing.TB, name string, limit int) (*ann2snn.Model, *ann2snn.Samples) {
	tb.Helper()
	m, err := ann2snn.Parse(tb.Context(), "", models.Demo(), ann2snn.LoadOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	spec, err := preprocess.Preset(models.Preset)
	if err != nil {
		tb.Fatal(err)
	}
	samples, err := m.OpenSamplesFS(models.Samples(), name, ann2snn.SampleOptions{Preprocess: spec, Limit: limit})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := samples.Close(); err != nil {
			tb.Error(err)
		}
	})
	return m, samples
}
