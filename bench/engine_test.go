package main

import (
	"path/filepath"
	"testing"

	"ann2snn/internal/ort"
	"ann2snn/internal/testutil"
)

// TestInt8Reference: ONNX Runtime computes every convolution of the int8 reference in
// integers, the residual and the concatenated ones among them.
func TestInt8Reference(t *testing.T) {
	testutil.ORT(t, ort.Node)
	dir := t.TempDir()
	e, err := startEngine(t.Context(), dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.close(); err != nil {
			t.Error(err)
		}
	}()
	for name, convolutions := range map[string]int{"resnet20": 19, "squeezenet1.1": 26} {
		m, err := loadModel(t.Context(), name, testutil.Data(t, trained[name]))
		if err != nil {
			t.Fatal(err)
		}
		file, optimised := filepath.Join(dir, name+".onnx"), filepath.Join(dir, name+".optimised.onnx")
		if err := m.quantise(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		if err := e.open(name, file, m.dims, optimised); err != nil {
			t.Fatal(err)
		}
		if got, err := checkIntegers(optimised); err != nil || got != convolutions {
			t.Errorf("%s: %d convolutions in integers (%v), want %d", name, got, err, convolutions)
		}
		if err := e.open(name+" fp32", m.file, m.dims, filepath.Join(dir, "float.onnx")); err != nil {
			t.Fatal(err)
		}
		if _, err := checkIntegers(filepath.Join(dir, "float.onnx")); err == nil {
			t.Errorf("%s: the float model passes for integers", name)
		}
	}
}
