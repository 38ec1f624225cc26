package snn_test

import (
	"bytes"
	"reflect"
	"testing"

	"ann2snn/snn"
)

// TestWithoutWeights: the copy has everything but weights, and lasts when the file that
// the network was read from is overwritten.
func TestWithoutWeights(t *testing.T) {
	for _, integer := range []bool{false, true} {
		want := vector(integer)
		var file bytes.Buffer
		if err := snn.Encode(&file, want); err != nil {
			t.Fatal(err)
		}
		read, err := snn.Decode(file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		got := read.WithoutWeights()
		for i := range file.Bytes() {
			file.Bytes()[i] = 0xa5
		}
		for i := range read.Layers {
			clear(read.Layers[i].In)
		}
		for i := range want.Layers {
			switch op := want.Layers[i].Op.(type) {
			case snn.Conv:
				op.W.F, op.W.Q = nil, nil
				want.Layers[i].Op = op
			case snn.Dense:
				op.W.F, op.W.Q = nil, nil
				want.Layers[i].Op = op
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("integer %v: %+v, want %+v", integer, got, want)
		}
	}
}
