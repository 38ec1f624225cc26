package snn_test

import (
	"bytes"
	"fmt"

	"ann2snn/snn"
)

// A network of one neuron and a readout is written as an .snn file and read back. Its
// integers are proven not to overflow.
func Example() {
	one := snn.Shape{H: 1, W: 1, C: 1}
	n := &snn.Network{
		Steps: 2, Restim: snn.RestimSigned, Rho: 1, Integer: true, Output: 2,
		Layers: []snn.Layer{
			{Name: "input", Op: snn.Input{Levels: 255}, Shape: one, Scale: []float32{1. / 255}},
			{
				Name: "hidden", In: []int{0}, Shape: one, Unit: []float32{1. / 255}, Scale: []float32{0.25},
				Op: snn.Dense{W: snn.Weights{Q: []int8{1}, IntBias: []int32{0}}},
				Neuron: &snn.Neuron{
					Format: snn.Format{M: 1, N: 1}, Threshold: []float32{0.25}, IntThreshold: []int32{64},
				},
			},
			{
				Name: "readout", In: []int{1}, Shape: one, Unit: []float32{0.25},
				Op: snn.Dense{W: snn.Weights{Q: []int8{1}, IntBias: []int32{0}}},
			},
		},
		Meta: snn.Meta{Model: "tiny.onnx"},
	}
	var file bytes.Buffer
	if err := snn.Encode(&file, n); err != nil {
		fmt.Println(err)
		return
	}
	back, err := snn.Decode(file.Bytes())
	if err != nil {
		fmt.Println(err)
		return
	}
	ranges, err := back.Ranges()
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, l := range back.Layers {
		fmt.Printf("%s %s: outputs up to %d\n", l.Name, l.Op.Kind(), ranges[i].Output)
	}
	// Output:
	// input Input: outputs up to 255
	// hidden Dense: outputs up to 3
	// readout Dense: outputs up to 3
}
