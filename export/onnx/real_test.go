package onnx_test

import (
	"os"
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/export/onnx"
	"ann2snn/export/target"
	"ann2snn/importer"
	"ann2snn/internal/dataset"
	"ann2snn/internal/demonet"
	"ann2snn/internal/ort"
	"ann2snn/internal/pb"
	"ann2snn/internal/testutil"
	"ann2snn/ir/passes"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// demo is the demonstration network on test samples.
func demo(t *testing.T, samples, bits, steps int, restim snn.Restim) trial {
	t.Helper()
	c := trial{name: "demo", net: demonet.Network(t, bits, steps, restim), inputs: demonet.Samples(t, samples)}
	c.expect(t)
	return c
}

func TestDemo(t *testing.T) {
	t.Parallel()
	samples := 100
	if testing.Short() {
		samples = 5
	}
	exports := []exported{{form: onnx.Float, trial: demo(t, samples, 2, 4, snn.RestimSigned)}}
	for _, bits := range []int{4, 8} {
		c := demo(t, samples, bits, 1, snn.RestimNone)
		exports = append(exports, exported{form: onnx.Float, trial: c}, exported{form: onnx.QDQ, trial: c})
	}
	for _, e := range exports {
		if losses := e.form.Check(e.net); len(losses) > 0 {
			t.Errorf("%s: %+v", e.form.Name, losses)
		}
	}
	agree(t, exports)
}

// TestResNet20 takes trained weights of a deeper network, whose last sums leave float32's
// integers at 8 bits.
func TestResNet20(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a while")
	}
	single := resnet20(t, convert.Options{Format: snn.Format{M: 8}, Steps: 1})
	agree(t, []exported{
		{form: onnx.Float, trial: resnet20(t, convert.Options{Format: snn.Format{M: 4}, Steps: 2, Restim: snn.RestimRefine, Rho: 4})},
		{form: onnx.Float, trial: single},
		{form: onnx.QDQ, trial: single},
	})
}

// resnet20 converts ResNet-20 and runs it on 100 test images.
func resnet20(t *testing.T, o convert.Options) trial {
	t.Helper()
	ctx := t.Context()
	g, err := importer.Load(ctx, testutil.Data(t, "models/cifar10_resnet20_folded.onnx"), importer.Options{})
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
	profile, err := calibrate.Run(ctx, g, images(t, "calib_batch.bin", 16), calibrate.Options{Sites: sites})
	if err != nil {
		t.Fatal(err)
	}
	if o.Method, err = calibrate.ParseMethod("mse"); err != nil {
		t.Fatal(err)
	}
	o.PerChannel, o.Weights = true, convert.Int8
	c := trial{name: "resnet20"}
	if c.net, _, err = convert.Lower(ctx, g, profile, o); err != nil {
		t.Fatal(err)
	}
	set := images(t, "test_batch.bin", 100)
	for i := range set.Len() {
		in := make([]float32, c.net.Layers[0].Shape.Len())
		if _, err := set.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		c.inputs = append(c.inputs, in)
	}
	c.expect(t)
	return c
}

// images opens the first images of a file of CIFAR-10.
func images(t *testing.T, file string, limit int) *dataset.Set {
	t.Helper()
	spec, err := preprocess.Preset("cifar10")
	if err != nil {
		t.Fatal(err)
	}
	set, err := dataset.Open(testutil.Data(t, "cifar10/"+file), dataset.Options{Limit: limit, Preprocess: spec, InputShape: []int{3, 32, 32}})
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

// TestIntegerOperators: ONNX Runtime computes products in integers where the QDQ form
// says so. In the demo network all have neurons of their own but the second of the
// residual block and the last.
func TestIntegerOperators(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{4, 8} {
		c := demo(t, 1, bits, 1, snn.RestimNone)
		got := c.operators(t, onnx.QDQ)
		for op, want := range map[string]int{"QLinearConv": 4, "QGemm": 1, "Conv": 1, "Gemm": 1} {
			if got[op] != want {
				t.Errorf("%d bits: %d of %s, want %d", bits, got[op], op, want)
			}
		}
	}
}

// operators counts the operators of a model as ONNX Runtime runs it.
func (c *trial) operators(t *testing.T, form *target.Target) map[string]int {
	t.Helper()
	testutil.ORT(t, ort.Node)
	job := c.job(t, form)
	job.Optimised = job.File + ".optimised"
	if _, err := ort.Run(t.Context(), ort.Node, job); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(job.Optimised)
	if err != nil {
		t.Fatal(err)
	}
	var m pb.ModelProto
	if err := proto.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	count := make(map[string]int)
	for _, n := range m.GetGraph().GetNode() {
		count[n.GetOpType()]++
	}
	return count
}
