package runtime_test

import (
	"context"
	"fmt"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// Two neurons see one input with opposite signs; a readout subtracts them, which gives
// back the input, rounded to a quarter: two steps refine levels of 0.5.
func Example() {
	pair := snn.Shape{H: 1, W: 1, C: 2}
	n := &snn.Network{
		Steps: 2, Restim: snn.RestimRefine, Rho: 2, Output: 2,
		Layers: []snn.Layer{
			{Name: "input", Op: snn.Input{}, Shape: snn.Shape{H: 1, W: 1, C: 1}},
			{
				Name: "hidden", In: []int{0}, Shape: pair, Scale: []float32{0.5},
				Op:     snn.Dense{W: snn.Weights{F: []float32{1, -1}, Bias: []float32{0, 0}}},
				Neuron: &snn.Neuron{Format: snn.Format{M: 3, N: 1}, Threshold: []float32{0.5, 0.5}},
			},
			{
				Name: "readout", In: []int{1}, Shape: snn.Shape{H: 1, W: 1, C: 1},
				Op: snn.Dense{W: snn.Weights{F: []float32{0.5, -0.5}, Bias: []float32{0}}},
			},
		},
	}
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		fmt.Println(err)
		return
	}
	session := plan.NewSession(runtime.SessionOptions{Stats: true, Trace: true})
	out := make([]float32, plan.OutLen())
	stats, err := session.Run(context.Background(), out, []float32{1.3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("answer:", out[0], "spikes:", stats.Layers[1].Spikes)
	if err := session.Readout(1, out); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("answer after one step:", out[0])
	for step := 1; step <= n.Steps; step++ {
		levels, err := session.Levels(1, step)
		fmt.Println("levels of step", step, levels, err)
	}
	// Output:
	// answer: 1.25 spikes: 2
	// answer after one step: 1.5
	// levels of step 1 [3 0] <nil>
	// levels of step 2 [-1 0] <nil>
}
