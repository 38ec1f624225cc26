package eval_test

import (
	"testing"

	"ann2snn/internal/eval"
	"ann2snn/snn"
)

// onePixel is a sample of which one pixel is not zero.
type onePixel struct{}

func (onePixel) Len() int { return 2 }

func (onePixel) Sample(i int, dst []float32) (label int, err error) {
	clear(dst)
	dst[7+i] = 1
	return 0, nil
}

// TestComplete: a converted network says which data it was calibrated on and which of its
// layers are sparse.
func TestComplete(t *testing.T) {
	shape, unit := snn.Shape{H: 4, W: 10, C: 4}, []float32{1, 1, 1, 1}
	n := &snn.Network{Steps: 1, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
		{Name: "x", Op: snn.Input{Levels: 1}, Shape: snn.Shape{H: 4, W: 10, C: 1}, Scale: []float32{1}},
		{
			Name: "conv", In: []int{0}, Shape: shape, Scale: unit, Unit: unit,
			Op: snn.Conv{
				Window: snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}, Groups: 1,
				W: snn.Weights{Q: []int8{1, 0, 1, 0}, IntBias: make([]int32, 4)},
			},
			Neuron: &snn.Neuron{Format: snn.Format{M: 1}, Threshold: unit, IntThreshold: []int32{1, 1, 1, 1}},
		},
	}}
	n.Meta.Record = []byte(`{"seed":3}`)
	if err := eval.Complete(t.Context(), n, "digits", onePixel{}); err != nil {
		t.Fatal(err)
	}
	if c := eval.CalibrationOf(n); c.Data != "digits" || c.Seed != 3 {
		t.Errorf("calibration %+v", c)
	}
	if got := n.Layers[1].Density; got != 1./40 {
		t.Errorf("one group of 40: %v", got)
	}
}
