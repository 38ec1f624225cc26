package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"ann2snn/internal/environment"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// TestBytesOfConversions: all sets of kernels whose products of real numbers are rounded once
// write the same network, fitted weights and all: all but go.
func TestBytesOfConversions(t *testing.T) {
	before := cpu.Default()
	t.Cleanup(func() { cpu.Use(before) })
	t.Chdir(t.TempDir())
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(random.NormFloat64())
		}
		return v
	}
	g := onnxfile.New("net")
	x := g.Input("x", pb.TensorProto_FLOAT, 1, 3, 6, 6)
	x = g.Node("conv", "Conv", []string{x, g.Constant(onnxfile.Floats("w", draw(8*27), 8, 3, 3, 3))}, onnxfile.Ints("pads", 1, 1, 1, 1))
	x = g.Node("relu", "Relu", []string{x})
	x = g.Node("flat", "Flatten", []string{x})
	x = g.Node("fc", "Gemm", []string{x, g.Constant(onnxfile.Floats("v", draw(8*36*5), 8*36, 5))})
	g.Output(x, pb.TensorProto_FLOAT, 1, 5)
	write(t, "net.onnx", marshalled(t, g))
	write(t, "x.npy", npy(draw(160*3*36), 160, 3, 6, 6))

	networks := map[string][]byte{}
	for _, set := range cpu.Sets() {
		t.Setenv(environment.Kernel, set.Name)
		var stdout, stderr bytes.Buffer
		if code := run([]string{"convert", "net.onnx", "--data", "x.npy", "-f", "-q"}, strings.NewReader(""), &stdout, &stderr); code != exitOK {
			t.Fatalf("%s: exit code %d: %s", set.Name, code, &stderr)
		}
		b, err := os.ReadFile("net.snn")
		if err != nil {
			t.Fatal(err)
		}
		networks[set.Name] = b
	}
	for name, b := range networks {
		if name != "go" && !bytes.Equal(b, networks[cpu.Sets()[0].Name]) {
			t.Errorf("kernels %s write another network than %s", name, cpu.Sets()[0].Name)
		}
	}
}
