package eval_test

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/importer"
	"ann2snn/internal/dataset"
	"ann2snn/internal/eval"
	"ann2snn/internal/testutil"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/models"
)

// case of a trained network and labelled samples.
type diagnosis struct {
	name, model, data string // files of shared data; of the demo where empty
	right             dataset.Flags
	slow              bool
}

// mobile is a network of the repository.
const mobile = "models/mobile/mobile.onnx"

var diagnoses = []diagnosis{
	{"demo", "", "", dataset.Flags{Preset: models.Preset}, false},
	{"ResNet-20", "models/cifar10_resnet20_folded.onnx", "cifar10/test_batch.bin", dataset.Flags{Preset: "cifar10"}, false},
	{"MNIST", "models/mnist_cnn_baskov.onnx", "mnist/t10k-images-idx3-ubyte.gz", dataset.Flags{Preset: "mnist"}, false},
	{"VWW", "mlperf-tiny/vww_mobilenetv1_float.onnx", "mlperf-tiny/vww/test", dataset.Flags{Preset: "raw", Scale: "1/255", Channels: "bgr"}, false},
	{"mobile", mobile, "fashion-mnist/t10k-images-idx3-ubyte.gz", dataset.Flags{Preset: "mnist"}, false},
	{"SqueezeNet", "models/imagenet_squeezenet1.1.onnx", "imagenet-val/test", dataset.Flags{Preset: "imagenet"}, true},
}

// diagnose looks at the samples of a case with some preprocessing.
func (c diagnosis) diagnose(t *testing.T, f dataset.Flags, change func(*eval.DiagnoseOptions)) *eval.Diagnosis {
	t.Helper()
	g, set := c.open(t, f)
	o := eval.DiagnoseOptions{
		Graph: g, Source: set, Pictures: set, Given: set.Preprocess(), Shape: g.Type(g.Inputs[0]).Shape.Ints()[1:], Workers: 2,
	}
	if change != nil {
		change(&o)
	}
	d, err := eval.Diagnose(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (c diagnosis) open(t *testing.T, f dataset.Flags) (*ir.Graph, *dataset.Set) {
	t.Helper()
	spec, err := f.Preprocess()
	if err != nil {
		t.Fatal(err)
	}
	o := dataset.Options{Preprocess: spec}
	var g *ir.Graph
	switch c.model {
	case mobile:
		g, err = importer.Load(t.Context(), filepath.Join(testutil.Root(), mobile), importer.Options{})
	case "":
		g, err = importer.Parse(t.Context(), models.Demo(), "", importer.Options{})
	default:
		g, err = importer.Load(t.Context(), testutil.Data(t, c.model), importer.Options{})
	}
	if err == nil {
		err = passes.Run(t.Context(), g, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.InputShape = g.Type(g.Inputs[0]).Shape.Ints()[1:]
	var set *dataset.Set
	if c.model == "" {
		set, err = dataset.OpenFS(models.Samples(), "test", o)
	} else {
		set, err = dataset.Open(testutil.Data(t, c.data), o)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = set.Close() })
	return g, set
}

// TestRightPreprocessing: a network that sees what it was trained on is never doubted.
func TestRightPreprocessing(t *testing.T) {
	for _, c := range diagnoses {
		t.Run(c.name, func(t *testing.T) {
			if c.slow && testing.Short() {
				t.Skip("long")
			}
			if d := c.diagnose(t, c.right, nil); d.Better != nil || d.NearChance || d.Shift != 0 || d.Given.Samples < 64 {
				t.Errorf("%+v", d)
			}
		})
	}
}

// TestWrongPreprocessing: one that sees something else is, and told what is right.
func TestWrongPreprocessing(t *testing.T) {
	for _, tt := range []struct {
		name  string
		given dataset.Flags
	}{
		{"VWW", dataset.Flags{Preset: "raw", Scale: "1/255"}},
		{"ResNet-20", dataset.Flags{Preset: "raw"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, c := range diagnoses {
				if c.name != tt.name {
					continue
				}
				d := c.diagnose(t, tt.given, nil)
				want, err := c.right.Preprocess()
				if err != nil {
					t.Fatal(err)
				}
				b := d.Better
				if b == nil || b.Preprocess.Channels != want.Channels || b.Preprocess.Scale != want.Scale || b.Preprocess.Mean[0] != want.Mean[0] {
					t.Fatalf("better is %+v, of %+v", b, d)
				}
				if tt.name == "VWW" && (math.Abs(float64(d.Given.Accuracy)-72.29) > 0.3 || math.Abs(float64(b.Accuracy)-86.29) > 0.3) {
					t.Errorf("%v %% and %v %%, not about 72 and 86", d.Given.Accuracy, b.Accuracy)
				}
			}
		})
	}
}

// TestThorough: the table has every candidate once, the best first.
func TestThorough(t *testing.T) {
	d := diagnoses[0].diagnose(t, dataset.Flags{Preset: "raw"}, func(o *eval.DiagnoseOptions) { o.Thorough = true })
	if d.Better == nil || d.Trials[0].Accuracy < 90 || d.Trials[0].Samples != 400 {
		t.Errorf("the best is %+v, better %+v", d.Trials[0], d.Better)
	}
	var names []string
	for _, trial := range d.Trials {
		names = append(names, trial.Preprocess.String())
	}
	if all := strings.Join(names, "\n"); len(names) < 4 || strings.Count(all, "pixel / 255, ") != 1 || strings.Contains(all, "bgr") {
		t.Errorf("tried %d:\n%s", len(names), all)
	}
}

// relabelled are samples whose labels are changed.
type relabelled struct {
	*dataset.Set
	label func(i, label int) int
}

func (r relabelled) Sample(i int, dst []float32) (int, error) {
	label, err := r.Set.Sample(i, dst)
	return r.label(i, label), err
}

// TestDoubtfulLabels: labels that count from 1, labels of something else, and none.
func TestDoubtfulLabels(t *testing.T) {
	demo := diagnoses[0]
	with := func(label func(i, label int) int) *eval.Diagnosis {
		return demo.diagnose(t, demo.right, func(o *eval.DiagnoseOptions) {
			o.Source, o.Pictures = relabelled{o.Source.(*dataset.Set), label}, nil
		})
	}
	if d := with(func(_, label int) int { return min(label+1, 27) }); d.Shift != -1 || d.ShiftedRight < 50 {
		t.Errorf("labels from 1: %+v", d)
	}
	if d := with(func(i, _ int) int { return i * 7 % 28 }); !d.NearChance || d.Given.Samples != 400 {
		t.Errorf("labels of something else: %+v", d)
	}
	if d := with(func(_, label int) int { return label }); d.NearChance || d.Shift != 0 || len(d.Trials) != 0 {
		t.Errorf("right labels: %+v", d)
	}
	g, set := demo.open(t, demo.right)
	_, err := eval.Diagnose(t.Context(), eval.DiagnoseOptions{Graph: g, Source: relabelled{set, func(int, int) int { return -1 }}})
	if !errors.Is(err, eval.ErrNoLabels) {
		t.Errorf("no labels: %v", err)
	}
}
