package snn_test

import (
	"bytes"
	"testing"

	"ann2snn/snn"
)

// BenchmarkDecode loads a file of 25 MB, as a network with the weights of ResNet-50 has.
func BenchmarkDecode(b *testing.B) {
	const size = 5000
	unit := make([]float32, size)
	for i := range unit {
		unit[i] = 1
	}
	n := &snn.Network{Steps: 1, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
		{Op: snn.Input{Levels: 127}, Shape: snn.Shape{H: 1, W: 1, C: size}, Scale: []float32{1}},
		{
			In: []int{0}, Shape: snn.Shape{H: 1, W: 1, C: size}, Unit: unit,
			Op: snn.Dense{W: snn.Weights{Q: make([]int8, size*size), IntBias: make([]int32, size)}},
		},
	}}
	var file bytes.Buffer
	if err := snn.Encode(&file, n); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		if _, err := snn.Decode(file.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
