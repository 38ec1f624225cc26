package ann_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/ann"
	"ann2snn/internal/dataset"
	"ann2snn/internal/testutil"
)

// ortSamples is how many samples of each model are compared with ONNX Runtime.
const ortSamples = 64

// TestAgainstONNXRuntime compares logits on real samples.
func TestAgainstONNXRuntime(t *testing.T) {
	script := findORT(t)
	for _, test := range []struct{ model, data, preset string }{
		{"cifar10_resnet20_folded", "cifar10/test_batch.bin", "cifar10"},
		{"cifar10_resnet20_bn", "cifar10/test_batch.bin", "cifar10"},
		{"imagenet_squeezenet1.1", "imagenet-val/test", "imagenet"},
		{"mnist_cnn_baskov", "mnist/t10k-images-idx3-ubyte.gz", "mnist"},
	} {
		t.Run(test.model, func(t *testing.T) {
			g := loadModel(t, test.model+".onnx")
			p := compile(t, g, ann.Options{})
			shape := g.Type(g.Inputs[0]).Shape.Ints()
			samples := readSamples(t, testutil.Data(t, test.data), test.preset, shape[1:])
			want := runORT(t, script, testutil.Data(t, "models/"+test.model+".onnx"), shape, samples)
			if len(want) != len(samples)/p.InLen()*p.OutLen() {
				t.Fatalf("ONNX Runtime gives %d numbers for %d samples", len(want), len(samples)/p.InLen())
			}
			worst := 0.0
			for i := range len(samples) / p.InLen() {
				got, err := p.Run(t.Context(), samples[i*p.InLen():(i+1)*p.InLen()], nil)
				if err != nil {
					t.Fatal(err)
				}
				for j, v := range got {
					d := math.Abs(float64(v - want[i*p.OutLen()+j]))
					if !(d <= 1e-4) {
						t.Fatalf("sample %d: logit %d is %v, want %v", i, j, v, want[i*p.OutLen()+j])
					}
					worst = max(worst, d)
				}
			}
			t.Logf("largest difference %.2g", worst)
		})
	}
}

// findORT returns the script that runs ONNX Runtime; the test is skipped where
// $ANN2SNN_ORT does not hold it.
func findORT(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ANN2SNN_ORT")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "onnxruntime-node")); dir == "" || err != nil {
		missing(t, "no ONNX Runtime (set ANN2SNN_ORT to a folder where npm installed onnxruntime-node)")
	}
	return filepath.Join(testutil.Root(), "internal", "ann", "testdata", "ort.mjs")
}

// readSamples reads the first samples of a data set, one after the other.
func readSamples(t *testing.T, path, preset string, shape []int) []float32 {
	t.Helper()
	preprocess, err := dataset.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	set, err := dataset.Open(path, dataset.Options{Limit: ortSamples, Preprocess: preprocess, InputShape: shape})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := set.Close(); err != nil {
			t.Error(err)
		}
	}()
	size := 1
	for _, n := range shape {
		size *= n
	}
	samples := make([]float32, set.Len()*size)
	for i := range set.Len() {
		if _, err := set.Sample(i, samples[i*size:(i+1)*size]); err != nil {
			t.Fatal(err)
		}
	}
	return samples
}

func runORT(t *testing.T, script, model string, shape []int, samples []float32) []float32 {
	t.Helper()
	var in bytes.Buffer
	if err := binary.Write(&in, binary.LittleEndian, samples); err != nil {
		t.Fatal(err)
	}
	dims := strings.ReplaceAll(strings.Trim(fmt.Sprint(shape), "[]"), " ", ",")
	cmd := exec.CommandContext(t.Context(), "node", script, model, dims)
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	result := make([]float32, len(out)/4)
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, result); err != nil {
		t.Fatal(err)
	}
	return result
}
