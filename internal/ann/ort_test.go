package ann_test

import (
	"math"
	"slices"
	"testing"

	"ann2snn/internal/ann"
	"ann2snn/internal/dataset"
	"ann2snn/internal/ort"
	"ann2snn/internal/testutil"
	"ann2snn/preprocess"
)

// ortSamples is how many samples of each model are compared with ONNX Runtime.
const ortSamples = 64

// TestAgainstONNXRuntime compares logits on real samples.
func TestAgainstONNXRuntime(t *testing.T) {
	testutil.ORT(t, ort.Node)
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
			want := runORT(t, testutil.Data(t, "models/"+test.model+".onnx"), shape, samples)
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

// readSamples reads the first samples of a data set, one after the other.
func readSamples(t *testing.T, path, preset string, shape []int) []float32 {
	t.Helper()
	spec, err := preprocess.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	set, err := dataset.Open(path, dataset.Options{Limit: ortSamples, Preprocess: spec, InputShape: shape})
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

func runORT(t *testing.T, model string, shape []int, samples []float32) []float32 {
	t.Helper()
	job := ort.Job{File: model}
	size := 1
	for _, d := range shape {
		job.Dims, size = append(job.Dims, int64(d)), size*d
	}
	for in := range slices.Chunk(samples, size) {
		job.Inputs = append(job.Inputs, in)
	}
	answers, err := ort.Run(t.Context(), ort.Node, job)
	if err != nil {
		t.Fatal(err)
	}
	var result []float32
	for _, a := range answers[0] {
		for _, x := range a[0] {
			result = append(result, float32(x))
		}
	}
	return result
}
