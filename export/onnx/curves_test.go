package onnx_test

import (
	"testing"

	"ann2snn/export/onnx"
	"ann2snn/snn"
)

// TestCurves compares every activation that neurons follow on a range of currents, in units
// from a hundredth of the curve's shape to a hundred times it.
func TestCurves(t *testing.T) {
	t.Parallel()
	units := []float32{0x1p-14, 0x1p-12, 0x1p-11, 0x1p-10, 0x1p-7, 1}
	theta := []int32{60, 60, 60, 60, 60, 60}
	scale := make([]float32, len(units))
	weights, biases := make([]int8, len(units)), make([]int32, len(units))
	for c := range units {
		scale[c], weights[c], biases[c] = units[c]*float32(theta[c]), 120, int32(c)
	}
	window := snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	picture := make([]float32, 255)
	for i := range picture {
		picture[i] = float32(i - 127)
	}
	var exports []exported
	acts := []snn.Activation{{Fn: snn.Power, A: 0.5}, {Fn: snn.Power, A: -0.5, B: 0.01}, {Fn: snn.Power, A: -1, B: 0.01}}
	for _, fn := range snn.ActFns() {
		act := snn.Activation{Fn: fn, A: 0.25, B: 0.5}
		if fn == snn.PRelu {
			act.Slope = []float32{0.5, 0.25, -0.5, 0, 1, 2}
		}
		if !fn.Integrates() && fn != snn.Quantise { // which needs thresholds that are all the same
			acts = append(acts, act)
		}
	}
	for _, act := range acts {
		shape := snn.Shape{H: 15, W: 17, C: 1}
		n := &snn.Network{Steps: 1, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
			{Name: "input", Op: snn.Input{Levels: 127}, Shape: shape, Scale: []float32{1}},
			{
				Name: "conv", In: []int{0}, Op: snn.Conv{Window: window, Groups: 1, W: snn.Weights{Q: weights, IntBias: biases}},
				Shape: snn.Shape{H: 15, W: 17, C: len(units)}, Unit: units, Scale: scale,
				Neuron: &snn.Neuron{Format: snn.Format{M: 8}, Threshold: scale, IntThreshold: theta, Signed: true, Act: act},
			},
		}}
		if err := n.Verify(); err != nil {
			t.Fatal(err)
		}
		c := trial{name: act.Fn.String(), net: n, inputs: [][]float32{picture}}
		c.expect(t)
		exports = append(exports, exported{form: onnx.Float, trial: c})
	}
	agree(t, exports)
}
