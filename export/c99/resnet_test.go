package c99_test

import (
	"strings"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/export/c99"
	"ann2snn/export/target"
	"ann2snn/importer"
	"ann2snn/internal/dataset"
	"ann2snn/internal/testutil"
	"ann2snn/ir/passes"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// cifar is how ResNet-20 wants its pictures.
const cifar = `{"scale":0.00392156862745098,"mean":[0.485,0.456,0.406],"std":[0.229,0.224,0.225],"resize":0,"crop":32,"layout":"nchw","channels":"rgb"}`

// resnet20 converts the trained network with spikes of 4 bits and two refining steps, on
// a few samples and without a fit, for speed.
func resnet20(t *testing.T, count int) (*snn.Network, [][]float32) {
	t.Helper()
	g, err := importer.Load(t.Context(), testutil.Data(t, "models/cifar10_resnet20_folded.onnx"), importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := passes.Run(t.Context(), g, nil); err != nil {
		t.Fatal(err)
	}
	sites, err := convert.Sites(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	calibration := pictures(t, "cifar10/calib_batch.bin", 16)
	p, err := calibrate.Run(t.Context(), g, calibration, calibrate.Options{Sites: sites, PerChannel: true})
	if err != nil {
		t.Fatal(err)
	}
	n, _, err := convert.Lower(t.Context(), g, p, convert.Options{
		Format: snn.Format{N: 4}, Steps: 2, Restim: snn.RestimRefine, Rho: 4,
		Weights: convert.Int8, Method: calibrate.Methods[0], PerChannel: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	n.Meta.Preprocess = []byte(cifar)
	test := pictures(t, "cifar10/test_batch.bin", count)
	samples := make([][]float32, count)
	for i := range samples {
		samples[i] = make([]float32, n.Layers[0].Shape.Len())
		if _, err := test.Sample(i, samples[i]); err != nil {
			t.Fatal(err)
		}
	}
	return n, samples
}

func pictures(t *testing.T, rel string, limit int) *dataset.Set {
	t.Helper()
	p, err := preprocess.Preset("cifar10")
	if err != nil {
		t.Fatal(err)
	}
	set, err := dataset.Open(testutil.Data(t, rel), dataset.Options{Preprocess: p, InputShape: []int{3, 32, 32}, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := set.Close(); err != nil {
			t.Error(err)
		}
	})
	return set
}

// TestResNet20 compares every level of 100 pictures on this machine, one of them where
// undefined behaviour is fatal, and runs the self-test of two under QEMU.
func TestResNet20(t *testing.T) {
	t.Parallel()
	long(t)
	gcc := testutil.Tool(t, "gcc", "gcc")
	n, samples := resnet20(t, 100)
	verify(t, n, samples[:1], c99.Sanitized(gcc))
	if v := verify(t, n, samples, c99.Plain(gcc)); v.Samples != 100 || v.Outputs != 1000 {
		t.Errorf("verified %+v", v)
	}
	dir := write(t, n, target.Options{Name: "resnet20", Samples: samples[:2]})
	testutil.Tool(t, "make", "make")
	for _, b := range boards {
		t.Run(b.name, func(t *testing.T) {
			b.need(t)
			if out := command(t, dir, "make", "-s", "test-"+b.name); !strings.Contains(out, "resnet20: 2 vectors, 0 wrong") {
				t.Errorf("it prints %q", out)
			}
		})
	}
}
