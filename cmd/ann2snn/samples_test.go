package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/eval"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// coordinates writes a model whose three scores are the three values of its input, rectified.
func coordinates(t *testing.T) string {
	t.Helper()
	unit := []float32{1, 0, 0, 0, 1, 0, 0, 0, 1}
	g := onnxfile.New("coordinates")
	g.Input("x", pb.TensorProto_FLOAT, 1, 3)
	a := g.Node("h", "Gemm", []string{"x", g.Constant(onnxfile.Floats("w", unit, 3, 3))})
	r := g.Node("r", "Relu", []string{a})
	g.Output(g.Node("y", "Gemm", []string{r, g.Constant(onnxfile.Floats("v", unit, 3, 3))}), pb.TensorProto_FLOAT, 1, 3)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, t.TempDir(), "coordinates.onnx", file)
}

func keep(t *testing.T, dir, name string, file []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sorted returns samples of the classes of coordinates, one class after the other. Classes
// differ in size, so that those of one say nothing of the others.
func sorted(each int) (x, labels []float32) {
	random := rand.New(rand.NewPCG(1, 2))
	for class := range 3 {
		size := math.Pow(10, float64(class-1))
		for range each {
			for k := range 3 {
				v := 0.05 * size * random.Float64()
				if k == class {
					v += size
				}
				x = append(x, float32(v))
			}
			labels = append(labels, float32(class))
		}
	}
	return x, labels
}

// TestSortedData: where samples are sorted by class, compare does not calibrate on the first
// class alone, and measures errors on more than that.
func TestSortedData(t *testing.T) {
	t.Parallel()
	const each = 60
	x, labels := sorted(each)
	file, err := npz(npy(x, 3*each, 3), npy(labels, 3*each))
	if err != nil {
		t.Fatal(err)
	}
	model, data := coordinates(t), keep(t, t.TempDir(), "sorted.npz", file)
	r := new(eval.Result)
	if err := json.Unmarshal(command(t, "compare", model, "--data", data, "--calib-samples", "60", "--bits", "8", "--steps", "1", "--json", "-q"), r); err != nil {
		t.Fatal(err)
	}
	if r.Samples != 2*each || *r.ANN.Top1 != 100 || *r.SNN.Top1 < 99 {
		t.Errorf("on %d samples the ANN has %v %%, the SNN %v %%", r.Samples, *r.ANN.Top1, *r.SNN.Top1)
	}
}

// TestErrorsNameTheSample: whatever order samples are taken in, an error names the one that the
// file has the fault in.
func TestErrorsNameTheSample(t *testing.T) {
	t.Parallel()
	const n = 90
	model, dir := coordinates(t), t.TempDir()
	x, _ := sorted(n / 3)
	net := filepath.Join(dir, "net.snn")
	command(t, "convert", model, "-q", "--data", keep(t, dir, "good.npy", npy(x, n, 3)), "-o", net)
	failed := 0
	for _, k := range []int{0, 17, 41, 63, 89} {
		bad := bytes.Clone(npy(x, n, 3))
		for i := range 12 {
			bad[len(bad)-12*(n-k)+i] = 0xff // NaN
		}
		data := keep(t, dir, "bad.npy", bad)
		want := fmt.Sprintf("bad.npy[%d]", k)
		for _, args := range [][]string{
			{"convert", model, "--data", data, "-f", "-o", filepath.Join(dir, "none.snn")},
			{"convert", model, "--data", data, "--calib-samples", "8", "--fit", "bias", "-f", "-o", filepath.Join(dir, "none.snn")},
			{"convert", model, "--data", data, "--calib-samples", "16", "--max-drop", "1", "-f", "-o", filepath.Join(dir, "none.snn")},
			{"calibrate", model, "--data", data, "-f", "-o", filepath.Join(dir, "none.json")},
			{"compare", model, net, "--data", data},
			{"run", net, data},
			{"compare", model, "--data", data, "--calib-samples", "16", "--fit", "none"},
		} {
			var stdout, stderr bytes.Buffer
			code := run(args, strings.NewReader(""), &stdout, &stderr)
			if code != exitOK { // else the sample is none of those that were drawn
				failed++
			}
			if code != exitOK && (code != exitFailure || !strings.Contains(stderr.String(), want)) {
				t.Errorf("%v: exit code %d, and the error does not name %s:\n%s", args, code, want, stderr.String())
			}
		}
	}
	if failed < 15 {
		t.Errorf("%d of 35 commands failed", failed)
	}
}
