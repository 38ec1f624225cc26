package onnx_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/export/onnx"
	"ann2snn/export/target"
	"ann2snn/importer"
	"ann2snn/internal/dataset"
	"ann2snn/internal/ort"
	"ann2snn/internal/pb"
	"ann2snn/internal/testutil"
	"ann2snn/ir/passes"
	"ann2snn/models"
	"ann2snn/snn"
)

// source is a trained network and its data.
type source struct {
	model       []byte
	calib, test func(dataset.Options) (*dataset.Set, error)
	preset      string
}

func demo() source {
	open := func(folder string) func(dataset.Options) (*dataset.Set, error) {
		return func(o dataset.Options) (*dataset.Set, error) { return dataset.OpenFS(models.Samples(), folder, o) }
	}
	return source{model: models.Demo(), calib: open("calibration"), test: open("test"), preset: models.Preset}
}

func resnet20(t *testing.T) source {
	t.Helper()
	model, err := os.ReadFile(testutil.Data(t, "models/cifar10_resnet20_folded.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	open := func(file string) func(dataset.Options) (*dataset.Set, error) {
		path := testutil.Data(t, "cifar10/"+file)
		return func(o dataset.Options) (*dataset.Set, error) { return dataset.Open(path, o) }
	}
	return source{model: model, calib: open("calib_batch.bin"), test: open("test_batch.bin"), preset: "cifar10"}
}

// convert makes a spiking network of the source and runs it on test samples.
func (s source) convert(t *testing.T, samples int, o convert.Options) trial {
	t.Helper()
	ctx := t.Context()
	g, err := importer.Parse(ctx, s.model, "", importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := passes.Run(g, nil); err != nil {
		t.Fatal(err)
	}
	sites, err := convert.Sites(g)
	if err != nil {
		t.Fatal(err)
	}
	shape := g.Type(g.Inputs[0]).Shape.Ints()[1:]
	calib := s.open(t, s.calib, shape, 32)
	profile, err := calibrate.Run(ctx, g, calib, calibrate.Options{Sites: sites})
	if err != nil {
		t.Fatal(err)
	}
	if o.Method, err = calibrate.ParseMethod("mse"); err != nil {
		t.Fatal(err)
	}
	o.PerChannel, o.Weights = true, convert.Int8
	c := trial{name: "trained"}
	if c.net, _, err = convert.Lower(ctx, g, profile, o); err != nil {
		t.Fatal(err)
	}
	test := s.open(t, s.test, shape, samples)
	for i := range test.Len() {
		in := make([]float32, c.net.Layers[0].Shape.Len())
		if _, err := test.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		c.inputs = append(c.inputs, in)
	}
	c.expect(t)
	return c
}

func (s source) open(t *testing.T, open func(dataset.Options) (*dataset.Set, error), shape []int, limit int) *dataset.Set {
	t.Helper()
	preprocess, err := dataset.Preset(s.preset)
	if err != nil {
		t.Fatal(err)
	}
	set, err := open(dataset.Options{Limit: limit, Preprocess: preprocess, InputShape: shape})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := set.Close(); err != nil && !errors.Is(err, fs.ErrClosed) {
			t.Error(err)
		}
	})
	return set
}

func TestDemo(t *testing.T) {
	samples := 100
	if testing.Short() {
		samples = 10
	}
	refined := demo().convert(t, samples, convert.Options{Format: snn.Format{M: 2}, Steps: 4, Restim: snn.RestimRefine, Rho: 2})
	exports := []exported{{onnx.Float, refined}}
	for _, bits := range []uint8{4, 8} {
		single := demo().convert(t, samples, convert.Options{Format: snn.Format{M: bits}, Steps: 1})
		exports = append(exports, exported{onnx.Float, single}, exported{onnx.QDQ, single})
	}
	agree(t, exports)
}

func TestResNet20(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	signed := resnet20(t).convert(t, 100, convert.Options{Format: snn.Format{M: 4}, Steps: 2, Restim: snn.RestimSigned})
	single := resnet20(t).convert(t, 100, convert.Options{Format: snn.Format{M: 8}, Steps: 1})
	agree(t, []exported{{onnx.Float, signed}, {onnx.QDQ, single}})
}

// TestIntegerOperators: ONNX Runtime computes products in integers where the QDQ form
// says so. In the demo network all have neurons of their own but the second of the
// residual block and the last.
func TestIntegerOperators(t *testing.T) {
	for _, bits := range []uint8{4, 8} {
		c := demo().convert(t, 1, convert.Options{Format: snn.Format{M: bits}, Steps: 1})
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
