package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/snn"
)

// InputDims is how tests know the shape of a model's input.
var InputDims = inputDims

// ModelWithin returns the float form with another bound for float32, so that networks
// whose sums are small take float64 too.
func ModelWithin(net *snn.Network, exact int64) ([]byte, error) {
	w, err := write(net, "net", false, exact)
	if err != nil {
		return nil, err
	}
	return onnxfile.Marshal(w.Model(producer))
}
