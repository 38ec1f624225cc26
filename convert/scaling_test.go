package convert

import (
	"testing"

	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
)

// scaledChannels is a network of rectified convolutions. Of every eight channels one never leaves 0,
// one is scaled by factor and one by 1/factor; the weights that read them make up for it, so
// that the network computes the same for any factor that is a power of two.
func scaledChannels(t *testing.T, factor float32) *ir.Graph {
	t.Helper()
	const channels, kernel = 16, 9
	r := nettest.NewRandom(t, 8, 1, 4, 6, 6)
	var convs []int
	for range 4 {
		r.Conv(channels, 3).Relu()
		convs = append(convs, len(r.G.Nodes)-2)
	}
	r.Node(ir.GlobalAveragePool{}).Node(ir.Flatten{Axis: 1}).Dense(10)
	constant := func(node, input int) []float32 { return r.G.Type(r.G.Nodes[node].In[input]).Const.F }
	for i, node := range convs[:3] {
		weights, bias, reader := constant(node, 1), constant(node, 2), constant(convs[i+1], 1)
		row := len(weights) / channels
		for c := range channels {
			scale := map[int]float32{3: factor, 5: 1 / factor}[c%8]
			switch {
			case c%8 == 0:
				bias[c] = -1000
			case scale != 0:
				for k := range row {
					weights[c*row+k] *= scale
				}
				bias[c] *= scale
				for k := range len(reader) / kernel {
					if k%channels == c {
						for x := range kernel {
							reader[k*kernel+x] /= scale
						}
					}
				}
			}
		}
	}
	return r.G
}

// TestScaledChannels: conversion takes no harm from how a network spreads its scales over
// channels and weights, nor from dead channels. (Nagel et al., 2019, Data-Free Quantization,
// name such networks.)
func TestScaledChannels(t *testing.T) {
	t.Parallel()
	settings := map[string]func(*Options){
		"calibrated": func(*Options) {},
		"fitted":     func(o *Options) { o.Fit = FitRidge },
	}
	for _, samples := range []int{24, 300} {
		for _, steps := range []int{1, 2} {
			for name, set := range settings {
				convert := func(factor float32) float64 {
					g := scaledChannels(t, factor)
					o := timed(4, steps)
					o.Source, o.FitSamples = nettest.NoiseFor(g, samples), samples
					set(&o)
					n, _ := lowered(t, g, profileOf(t, g, samples), o)
					return outputError(t, g, n, 10_000, 20)
				}
				even := convert(1)
				for _, factor := range []float32{32, 1 << 10} {
					if e := convert(factor); e > 1.4*even {
						t.Errorf("%d samples, %d steps, %s, channels scaled by %v: error %.4f, without %.4f", samples, steps, name, factor, e, even)
					}
				}
			}
		}
	}
}
