package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"ann2snn/internal/eval"
	"ann2snn/internal/testutil"
)

// full asks for every test image, as releases are measured on; without it the same
// tests run on the first ones, against bounds that suit their number.
var full = os.Getenv("ANN2SNN_FULL") != ""

// command runs ann2snn and returns its standard output.
func command(t *testing.T, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Fatalf("ann2snn %s: exit code %d\n%s", strings.Join(args, " "), code, stderr.String())
	}
	return stdout.Bytes()
}

// trial is a model, its data and one way to convert it.
type trial struct {
	model       string // below the shared data, or a path that exists
	calib, test string // below the shared data; no calib: part of test
	preprocess  string
	flags       string // of convert
	limit       int    // of the test images where not all are asked for
	few         int    // samples to calibrate on in that case, as fitting takes time; 0: 64
}

// file is the model's path.
func (c trial) file(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(c.model); err == nil {
		return c.model
	}
	return testutil.Data(t, c.model)
}

// convert makes a file of the spiking network.
func (c trial) convert(t *testing.T) string {
	t.Helper()
	net := filepath.Join(t.TempDir(), "net.snn")
	command(t, append([]string{
		"convert", c.file(t), "-q", "--data", testutil.Data(t, c.calib), "--preprocess", c.preprocess, "-o", net,
	}, strings.Fields(c.flags)...)...)
	return net
}

// result converts and compares, as two commands where the calibration data are apart.
func (c trial) result(t *testing.T) *eval.Result {
	t.Helper()
	if testing.Short() {
		t.Skip("takes a while")
	}
	limit := "0"
	if !full {
		limit = strconv.Itoa(c.limit)
		c.flags += " --calib-samples " + strconv.Itoa(cmp.Or(c.few, 64))
	}
	compare := []string{
		"compare", c.file(t), "--json", "-q", "--data", testutil.Data(t, c.test), "--limit", limit,
	}
	if c.calib == "" {
		compare = append(compare, "--preprocess", c.preprocess)
		compare = append(compare, strings.Fields(c.flags)...)
	} else {
		compare = append(compare, c.convert(t))
	}
	start := time.Now()
	out := command(t, compare...)
	r := new(eval.Result)
	if err := json.Unmarshal(out, r); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s %s: %d samples, ANN %v, baseline %v, SNN %v, delta %v %v, agreement %v, %v",
		c.model, c.flags, r.Samples, *r.ANN.Top1, *r.Baseline.Top1, *r.SNN.Top1, *r.Delta, *r.DeltaCI95, r.Agreement, time.Since(start).Round(time.Second))
	return r
}

func within(t *testing.T, what string, got *eval.Percent, want, tolerance float64) {
	t.Helper()
	if math.Abs(float64(*got)-want) > tolerance+1e-9 {
		t.Errorf("%s is %v, want %v +-%v", what, *got, want, tolerance)
	}
}

func resnet20(file, flags string, limit int) trial {
	return trial{
		model: "models/" + file, calib: "cifar10/calib_batch.bin", test: "cifar10/test_batch.bin",
		preprocess: "cifar10", flags: flags, limit: limit,
	}
}

func TestResNet20At8Bits(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"cifar10_resnet20_folded.onnx", "cifar10_resnet20_bn.onnx"} {
		t.Run(file, func(t *testing.T) {
			r := resnet20(file, "--bits 8 --steps 1", 100).result(t)
			if full {
				within(t, "the ANN's accuracy", r.ANN.Top1, 91.70, 0.03)
				within(t, "the difference", r.Delta, 0, 0.3)
				return
			}
			within(t, "the ANN's accuracy", r.ANN.Top1, 94.00, 0)
			within(t, "the difference", r.Delta, 0, 1)
			if r.Agreement < 98 {
				t.Errorf("the networks agree on %v %%, want at least 98", r.Agreement)
			}
		})
	}
}

func TestResNet20At4Bits(t *testing.T) {
	t.Parallel()
	r := resnet20("cifar10_resnet20_folded.onnx", "--bits 4 --steps 1", 100).result(t)
	if full {
		within(t, "the difference", r.Delta, 0, 1.0)
		return
	}
	within(t, "the difference", r.Delta, 0, 4)
}

// TestResNet20AtFewBits holds every format to the loss of accuracy that it is allowed, on
// all test images.
func TestResNet20AtFewBits(t *testing.T) {
	t.Parallel()
	if !full {
		t.Skip("takes an hour; ANN2SNN_FULL asks for it")
	}
	tests := []struct {
		flags string
		drop  float64 // at most so many points
	}{
		{"--bits 8 --steps 1", 0.1},
		{"--bits 2 --steps 1", 10},
		{"--bits 4 --steps 2", 0.3},
		{"--bits 2 --steps 2", 2.5},
		{"--bits 2 --steps 4", 0.4},
		{"--bits 1 --steps 4", 6.5},
	}
	for _, tt := range tests {
		t.Run(tt.flags, func(t *testing.T) {
			r := resnet20("cifar10_resnet20_folded.onnx", tt.flags+" --calib-samples 1024", 0).result(t)
			if drop := -float64(*r.Delta); drop > tt.drop {
				t.Errorf("%v points are lost, want at most %v", drop, tt.drop)
			}
		})
	}
}

// TestDemoAtFewBits is the same on the embedded network, at a size for every day.
func TestDemoAtFewBits(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a while")
	}
	tests := []struct {
		flags     string
		agreement eval.Percent // at least
	}{
		{"--bits 2 --steps 1", 98},
		{"--bits 1 --steps 8", 99},
	}
	models := filepath.Join("..", "..", "models")
	for _, tt := range tests {
		t.Run(tt.flags, func(t *testing.T) {
			net, model := filepath.Join(t.TempDir(), "net.snn"), filepath.Join(models, "demo.onnx")
			command(t, append([]string{
				"convert", model, "-q", "--data", filepath.Join(models, "calibration"), "--preprocess", "mnist", "-o", net,
			}, strings.Fields(tt.flags)...)...)
			r := new(eval.Result)
			out := command(t, "compare", model, net, "--json", "-q", "--data", filepath.Join(models, "test"), "--limit", "400")
			if err := json.Unmarshal(out, r); err != nil {
				t.Fatal(err)
			}
			if t.Logf("agreement %v", r.Agreement); r.Agreement < tt.agreement {
				t.Errorf("the networks agree on %v %%, want at least %v", r.Agreement, tt.agreement)
			}
		})
	}
}

// Taking back what was over-fired beats plain rate coding.
func TestSignedBeatsRate(t *testing.T) {
	t.Parallel()
	signed := resnet20("cifar10_resnet20_folded.onnx", "--bits 2 --steps 4 --restim signed", 100).result(t)
	rate := resnet20("cifar10_resnet20_folded.onnx", "--bits 2 --steps 4 --restim none", 100).result(t)
	// Of the answers of 100 samples, a few are right or wrong by chance; errors of outputs tell more.
	output := func(r *eval.Result) float64 { return *r.Layers[len(r.Layers)-1].RelativeError }
	if output(signed) >= output(rate) || signed.Agreement < rate.Agreement {
		t.Errorf("the outputs of signed re-stimulation err by %.4f, those of none by %.4f; they agree on %v and %v %%",
			output(signed), output(rate), signed.Agreement, rate.Agreement)
	}
}

func TestSqueezeNet(t *testing.T) {
	t.Parallel()
	r := trial{
		model: "models/imagenet_squeezenet1.1.onnx", calib: "imagenet-val/calib", test: "imagenet-val/test",
		preprocess: "imagenet", flags: "--bits 8 --calib-samples 64", limit: 25, few: 32,
	}.result(t)
	if full {
		within(t, "the ANN's accuracy", r.ANN.Top1, 72.20, 0.4)
		within(t, "the difference", r.Delta, 0, 1.0)
		if r.Agreement < 94 {
			t.Errorf("the networks agree on %v %%, want at least 94", r.Agreement)
		}
		return
	}
	if r.Agreement < 90 {
		t.Errorf("the networks agree on %v %%, want at least 90", r.Agreement)
	}
}

// There are no other MNIST images than the test images: compare calibrates on 256 of
// them, without their labels, and leaves these out of the test.
func TestMNIST(t *testing.T) {
	t.Parallel()
	r := trial{
		model: "models/mnist_cnn_baskov.onnx", test: "mnist/t10k-images-idx3-ubyte.gz",
		preprocess: "mnist", flags: "--bits 4", limit: 756,
	}.result(t)
	if full {
		within(t, "the ANN's accuracy", r.ANN.Top1, 98.77, 0.05)
		within(t, "the difference", r.Delta, 0, 0.2)
		return
	}
	within(t, "the difference", r.Delta, 0, 0.5)
}

// TestDepthwise: depthwise layers, whose channels differ most in range, survive 4 bits. The
// last of the training images, on which the network was not trained, are to calibrate on.
func TestDepthwise(t *testing.T) {
	t.Parallel()
	c := trial{
		model: filepath.Join(testutil.Root(), "models", "mobile", "mobile.onnx"),
		calib: "fashion-mnist/train-images-idx3-ubyte.gz", test: "fashion-mnist/t10k-images-idx3-ubyte.gz",
		preprocess: "mnist", flags: "--bits 4 --steps 1 --skip 55000 --calib-samples 256", limit: 1000, few: 128,
	}
	r := c.result(t)
	if full {
		within(t, "the difference", r.Delta, 0, 1)
		return
	}
	within(t, "the difference", r.Delta, 0, 2)
}
