package main

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// TestArgMaxOutput: a network that ends in the class of every pixel is converted by its scores,
// which is said, and its output keeps its name.
func TestArgMaxOutput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(7, 8))
	draw := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(random.NormFloat64())
		}
		return v
	}
	g := onnxfile.New("classes")
	g.Input("x", pb.TensorProto_FLOAT, 1, 3, 8, 8)
	a := g.Node("c", "Conv", []string{"x", g.Constant(onnxfile.Floats("w", draw(4*3*9), 4, 3, 3, 3))}, onnxfile.Ints("pads", 1, 1, 1, 1))
	s := g.Node("scores", "Conv", []string{g.Node("r", "Relu", []string{a}), g.Constant(onnxfile.Floats("v", draw(4*5), 5, 4, 1, 1))})
	g.Output(g.Node("classes", "ArgMax", []string{s}, onnxfile.Int("axis", 1), onnxfile.Int("keepdims", 0)), pb.TensorProto_INT64, 1, 8, 8)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	model, net := keep(t, dir, "classes.onnx", file), filepath.Join(dir, "classes.snn")
	data := keep(t, dir, "x.npy", npy(draw(90*192), 90, 3, 8, 8))
	const note = "note: the output classes is the argmax of scores: its scores are used"
	code, stdout, stderr := said("inspect", model)
	if code != exitOK || !strings.Contains(stderr, note) || !strings.Contains(stdout, "outputs: classes 1x5x8x8\n") {
		t.Errorf("inspect: exit code %d\n%s%s", code, stdout, stderr)
	}
	if code, _, stderr := said("convert", model, "--data", data, "-o", net, "--output", "classes"); code != exitOK || !strings.Contains(stderr, note) {
		t.Fatalf("convert: exit code %d\n%s", code, stderr)
	}
	if code, stdout, stderr := said("compare", model, net, "--data", data, "--allow-overlap"); code != exitOK || !strings.Contains(stdout, "pixel") {
		t.Errorf("compare: exit code %d\n%s%s", code, stdout, stderr)
	}
}
