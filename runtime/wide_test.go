package runtime_test

import (
	"testing"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestWideWindows: a window that reaches far beyond its map takes no memory for the border, nor
// for weights that are all alike.
func TestWideWindows(t *testing.T) {
	one, cell := []float32{1}, snn.Shape{H: 1, W: 1, C: 1}
	const wide = 1 << 11
	window := snn.Window{Kernel: [2]int{wide, wide}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{wide - 1, wide - 1, 0, 0}}
	for name, op := range map[string]snn.Op{"sum pool": snn.SumPool{Window: window}, "maximum": snn.MaxPool{Window: window}} {
		n := &snn.Network{
			Steps: 1, Rho: 1, Integer: true, Output: 1,
			Layers: []snn.Layer{
				{Name: "x", Op: snn.Input{Levels: 10}, Shape: cell, Scale: one},
				{Name: name, Op: op, In: []int{0}, Shape: cell, Scale: one},
			},
		}
		plan, err := runtime.Compile(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		if m := plan.Memory(); m.Activations+m.Weights > 1<<20 {
			t.Errorf("%s: the plan takes %d bytes, a session %d", name, m.Weights, m.Activations)
		}
		compareEngines(t, n, []float32{5}, runtime.SessionOptions{})
	}
}
