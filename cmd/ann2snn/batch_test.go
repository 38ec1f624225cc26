package main

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// eight writes a model whose file names a batch of eight, also in the target of its Reshape;
// where mixed, that makes one row of two samples.
func eight(t *testing.T, dir string, mixed bool) string {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 8))
	draw := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(random.NormFloat64())
		}
		return v
	}
	rows, name := int64(8), "eight.onnx"
	if mixed {
		rows, name = 4, "mixed.onnx"
	}
	columns := 8 * 4 * 64 / rows
	g := onnxfile.New("eight")
	g.Input("x", pb.TensorProto_FLOAT, 8, 3, 8, 8)
	a := g.Node("c", "Conv", []string{"x", g.Constant(onnxfile.Floats("w", draw(4*3*9), 4, 3, 3, 3))}, onnxfile.Ints("pads", 1, 1, 1, 1))
	r := g.Node("r", "Relu", []string{a})
	f := g.Node("f", "Reshape", []string{r, g.Constant(onnxfile.Int64s("s", []int64{rows, columns}, 2))})
	g.Output(g.Node("y", "Gemm", []string{f, g.Constant(onnxfile.Floats("v", draw(int(columns)*5), columns, 5))}), pb.TensorProto_FLOAT, rows, 5)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, dir, name, file)
}

// TestFixedBatch: a batch that the file fixes becomes one sample, which is said, or the refusal
// says why not.
func TestFixedBatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	model, net := eight(t, dir, false), filepath.Join(dir, "eight.snn")
	random, x := rand.New(rand.NewPCG(5, 6)), make([]float32, 90*192)
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	data := keep(t, dir, "x.npy", npy(x, 90, 3, 8, 8))
	const note = "note: the model computes 8 samples at once, independent of each other: it is taken as one for a single sample\n"
	for _, args := range [][]string{
		{"inspect", model},
		{"inspect", model, "--input-shape", "x=1,3,8,8"},
		{"convert", model, "--data", data, "-o", net},
	} {
		if code, _, stderr := said(args...); code != exitOK || !strings.Contains(stderr, note) {
			t.Errorf("%v: exit code %d, and no %q\n%s", args, code, note, stderr)
		}
	}
	if _, stdout, _ := said("inspect", model); !strings.Contains(stdout, "inputs: x 1x3x8x8\noutputs: y 1x5\n") {
		t.Errorf("inspect of the model:\n%s", stdout)
	}
	if code, stdout, stderr := said("compare", model, net, "--data", data, "--allow-overlap"); code != exitOK {
		t.Errorf("compare: exit code %d\n%s%s", code, stdout, stderr)
	}
	const why = `the model's input holds 8 samples at once, which cannot be taken apart: Reshape "f" mixes samples`
	model = eight(t, dir, true)
	if code, _, stderr := said("convert", model, "-o", net, "-f"); code != exitFailure || !strings.Contains(stderr, why) {
		t.Errorf("a batch that is mixed: exit code %d\n%s", code, stderr)
	}
	if _, _, stderr := said("inspect", model); !strings.Contains(stderr, why) {
		t.Errorf("inspect of a batch that is mixed:\n%s", stderr)
	}
}
