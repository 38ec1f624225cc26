// Package demonet converts the demonstration network, on which exports are tested.
package demonet

import (
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/importer"
	"ann2snn/internal/dataset"
	"ann2snn/ir/passes"
	"ann2snn/models"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

var shape = []int{1, 28, 28}

// Network returns the network with integer weights. It is calibrated on a few samples
// and not fitted, for speed.
func Network(tb testing.TB, bits, steps int, restim snn.Restim) *snn.Network {
	tb.Helper()
	ctx := tb.Context()
	g, err := importer.Parse(ctx, models.Demo(), "", importer.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	if err := passes.Run(ctx, g, nil); err != nil {
		tb.Fatal(err)
	}
	sites, err := convert.Sites(g)
	if err != nil {
		tb.Fatal(err)
	}
	p, err := calibrate.Run(ctx, g, open(tb, "calibration", 32), calibrate.Options{Sites: sites, PerChannel: true})
	if err != nil {
		tb.Fatal(err)
	}
	rho := 1
	if restim == snn.RestimRefine {
		rho = 4
	}
	n, _, err := convert.Lower(ctx, g, p, convert.Options{
		Format: snn.Format{N: uint8(bits)}, Steps: steps, Restim: restim, Rho: rho,
		Weights: convert.Int8, Method: calibrate.Methods[0], PerChannel: true, Labels: models.Classes(),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// Samples returns the first n test samples, as the network takes them.
func Samples(tb testing.TB, n int) [][]float32 {
	tb.Helper()
	set := open(tb, "test", n)
	samples := make([][]float32, n)
	for i := range samples {
		samples[i] = make([]float32, 28*28)
		if _, err := set.Sample(i, samples[i]); err != nil {
			tb.Fatal(err)
		}
	}
	return samples
}

func open(tb testing.TB, name string, limit int) *dataset.Set {
	tb.Helper()
	spec, err := preprocess.Preset(models.Preset)
	if err != nil {
		tb.Fatal(err)
	}
	set, err := dataset.OpenFS(models.Samples(), name, dataset.Options{Preprocess: spec, InputShape: shape, Limit: limit})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := set.Close(); err != nil {
			tb.Error(err)
		}
	})
	return set
}
