package nets_test

import (
	"math"
	"testing"

	"ann2snn/bench/nets"
)

// TestMACs holds the networks to the multiply-accumulates that their papers and model
// zoos give, in billions.
func TestMACs(t *testing.T) {
	known := map[string]float64{"resnet18": 1.81, "resnet50": 4.09, "mobilenetv2": 0.30, "vgg16": 15.47}
	for _, n := range nets.All {
		if testing.Short() && n.Name == "vgg16" {
			continue // half a gigabyte of weights
		}
		got := float64(n.Build().MACs) / 1e9
		if math.Abs(got-known[n.Name]) > 0.01 {
			t.Errorf("%s: %.3f G multiply-accumulates, want %.2f", n.Name, got, known[n.Name])
		}
	}
}
