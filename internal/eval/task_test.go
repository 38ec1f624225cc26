package eval_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/ann"
	"ann2snn/internal/eval"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/snn"
)

// head is a network on 4 inputs, the rest of which tests add: its value %h has 6 elements.
const head = `input %x float32[1,4]
const %w1 float32[6,4] = {0.9,-0.5,0.1,0.2, -0.8,0.7,0.3,-0.1, 0.1,0.6,-0.9,0.4, 0.3,-0.2,0.5,-0.7, -0.4,0.1,0.2,0.8, 0.6,0.6,-0.6,-0.6}
%a float32[1,6] = Gemm(%x, %w1) "h" {transB=true}
%h float32[1,6] = Relu(%a) "relu"
`

const (
	logit = head + `const %w2 float32[1,6] = {0.9,-0.8,0.7,-0.6,0.5,-0.9}
const %b2 float32[1] = {0.1}
%y float32[1,1] = Gemm(%h, %w2, %b2) "y" {transB=true}
output %y
`
	price = head + `const %w2 float32[1,6] = {0.9,0.8,0.7,0.6,0.5,0.9}
const %b2 float32[1] = {9}
%y float32[1,1] = Gemm(%h, %w2, %b2) "y" {transB=true}
output %y
`
	several = head + `const %w2 float32[3,6] = ramp(-0.9, 0.11)
%y float32[1,3] = Gemm(%h, %w2) "y" {transB=true}
output %y
`
	// The two maps have the same layers, and three or one channels.
	pixelHead = `input %x float32[1,2,4,4]
const %w1 float32[4,2,3,3] = ramp(-0.5, 0.017)
%a float32[1,4,4,4] = Conv(%x, %w1) "conv" {pads=[1,1,1,1]}
%r float32[1,4,4,4] = Relu(%a) "relu"
`
	pixels = pixelHead + `const %w2 float32[3,4,1,1] = {0.9,-0.5,0.1,0.2, -0.8,0.7,0.3,-0.1, 0.1,0.6,-0.9,0.4}
%y float32[1,3,4,4] = Conv(%r, %w2) "y"
output %y
`
	coder = `input %x float32[1,16]
const %w1 float32[5,16] = ramp(-0.5, 0.013)
%a float32[1,5] = Gemm(%x, %w1) "h" {transB=true}
%h float32[1,5] = Relu(%a) "relu"
const %w2 float32[16,5] = ramp(-0.4, 0.011)
%y float32[1,16] = Gemm(%h, %w2) "y" {transB=true}
output %y
`
	filtered = pixelHead + `const %w2 float32[2,4,1,1] = ramp(-0.5, 0.15)
%y float32[1,2,4,4] = Conv(%r, %w2) "y"
output %y
`
	mask = pixelHead + `const %w2 float32[1,4,1,1] = {0.9,-0.5,0.1,-0.4}
%z float32[1,1,4,4] = Conv(%r, %w2) "z"
%y float32[1,1,4,4] = Sigmoid(%z) "y"
output %y
`
)

// masked is mask without its sigmoid, with a bias.
func masked(bias string) string {
	s := strings.Replace(mask, "%z float32[1,1,4,4] = Conv(%r, %w2) \"z\"", "const %b2 float32[1] = {"+bias+"}\n%y float32[1,1,4,4] = Conv(%r, %w2, %b2) \"z\"", 1)
	return strings.Replace(s, "%y float32[1,1,4,4] = Sigmoid(%z) \"y\"\n", "", 1)
}

// ended is a network whose output goes through one more operator.
func ended(text, op string) string {
	text = strings.Replace(text, "%y float32", "%z float32", 1)
	shape := strings.Fields(text[strings.Index(text, "%z float32"):])[1]
	return strings.Replace(text, "output %y", "%y "+shape+" = "+op+"(%z) \"end\"\noutput %y", 1)
}

// task is a graph with a spiking network of few bits.
type task struct {
	graph   *ir.Graph
	network *snn.Network
	samples samples
}

func newTask(t *testing.T, text string, bits, count int) task {
	t.Helper()
	g, err := ir.Parse(text)
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
	shape := g.Type(g.Inputs[0]).Shape.Ints()[1:]
	s := samples{calibrate.Synthetic(shape, -1, 1, count, 5), func(int) int { return -1 }}
	p, err := calibrate.Run(t.Context(), g, s, calibrate.Options{Sites: sites})
	if err != nil {
		t.Fatal(err)
	}
	o := convert.Options{Format: snn.Format{M: 1, N: uint8(bits - 1)}, Steps: 1, PerChannel: true}
	if o.Method, err = calibrate.ParseMethod("mse"); err != nil {
		t.Fatal(err)
	}
	n, _, err := convert.Lower(t.Context(), g, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return task{g, n, s}
}

func (x task) compare(t *testing.T) *eval.Result {
	t.Helper()
	return compare(t, eval.Options{Graph: x.graph, Network: x.network, Source: x.samples})
}

// outputs are the ANN's on all samples.
func (x task) outputs(t *testing.T) [][]float32 {
	t.Helper()
	p, err := ann.Compile(t.Context(), x.graph, ann.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all [][]float32
	for i := range x.samples.Len() {
		in := make([]float32, x.network.Layers[0].Shape.Len())
		if _, err := x.samples.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		out, err := p.Run(t.Context(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, slices.Clone(out))
	}
	return all
}

// TestTaskIsFound: the output's shape, the last operator, the labels and the signs say what a
// network is for.
func TestTaskIsFound(t *testing.T) {
	for name, test := range map[string]struct {
		text, want string
		threshold  float64
	}{
		"logit":             {logit, "binary", 0},
		"sigmoid":           {ended(logit, "Sigmoid"), "binary", 0.5},
		"values above 0":    {price, "regression", -1},
		"rectified":         {ended(logit, "Relu"), "regression", -1},
		"several":           {several, "", -1},
		"several sigmoids":  {ended(several, "Sigmoid"), "multi-label", 0.5},
		"several by tanh":   {ended(several, "Tanh"), "regression", -1},
		"autoencoder":       {coder, "regression", -1},
		"filtered":          {filtered, "regression", -1},
		"classes of pixels": {pixels, "per-pixel", -1},
		"mask of logits":    {masked("0"), "per-pixel", 0},
		"depth":             {masked("9"), "regression", -1},
		"mask":              {mask, "per-pixel", 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTask(t, test.text, 2, 100).compare(t)
			if r.Task == nil {
				if test.want != "" {
					t.Errorf("classification, want %s", test.want)
				}
				return
			}
			if r.Task.Name != test.want {
				t.Errorf("%s, want %q", r.Task, test.want)
			}
			if x := r.Task.Threshold; (x == nil) != (test.threshold < 0) || x != nil && *x != test.threshold {
				t.Errorf("threshold %v, want %v", x, test.threshold)
			}
		})
	}
}

// TestBinaryDecisions: with one bit many decisions flip, and are counted; with labels there is
// an accuracy, and an area under the curve.
func TestBinaryDecisions(t *testing.T) {
	for name, text := range map[string]string{"logit": logit, "sigmoid": ended(logit, "Sigmoid")} {
		t.Run(name, func(t *testing.T) {
			x := newTask(t, text, 1, 300)
			r := x.compare(t)
			if r.Agreement > 98 || r.Agreement < 50 || math.Abs(float64(100-r.Agreement)-float64(*r.Task.Flips)/3) > 1e-9 {
				t.Errorf("one bit agrees on %v %%, %d of %d decisions flip", r.Agreement, *r.Task.Flips, r.Task.Decisions)
			}
			threshold := float32(*r.Task.Threshold)
			answers := x.outputs(t)
			x.samples.label = func(i int) int {
				if answers[i][0] > threshold {
					return 1
				}
				return 0
			}
			labelled := x.compare(t)
			if *labelled.ANN.Top1 != 100 || *labelled.ANN.AUC != 1 {
				t.Errorf("by its own answers the ANN has an accuracy of %v and an area of %v", *labelled.ANN.Top1, *labelled.ANN.AUC)
			}
			if *labelled.SNN.Top1 != r.Agreement || *labelled.SNN.AUC >= 1 || *labelled.SNN.AUC < 0.5 {
				t.Errorf("accuracy %v, area %v, want %v, below 1", *labelled.SNN.Top1, *labelled.SNN.AUC, r.Agreement)
			}
		})
	}
}

func TestBinaryLabelsAreTwo(t *testing.T) {
	x := newTask(t, logit, 2, 9)
	x.samples.label = func(i int) int { return i }
	_, err := eval.Compare(t.Context(), eval.Options{Graph: x.graph, Network: x.network, Source: x.samples, Workers: 1})
	if err == nil || !strings.Contains(err.Error(), "sample 2 is labelled as class 2") {
		t.Errorf("got %v", err)
	}
}

// TestValuesHaveNoAgreement: neither as a number nor as a field of JSON; R² is that of the
// definition.
func TestValuesHaveNoAgreement(t *testing.T) {
	x := newTask(t, price, 2, 200)
	r := x.compare(t)
	if !r.Agreement.IsZero() || !r.SNN.ByStep[0].Agreement.IsZero() || !r.Baseline.Agreement.IsZero() {
		t.Errorf("values agree: %v, %v, %v", r.Agreement, r.SNN.ByStep[0].Agreement, r.Baseline.Agreement)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), `"agreement"`) || !strings.Contains(string(text), `"r2"`) {
		t.Errorf("JSON: %s", text)
	}
	mean, squares, norm := 0.0, 0.0, 0.0
	all := x.outputs(t)
	for _, out := range all {
		mean += float64(out[0]) / float64(len(all))
	}
	for _, out := range all {
		squares += (float64(out[0]) - mean) * (float64(out[0]) - mean)
		norm += float64(out[0]) * float64(out[0])
	}
	// The relative error gives the squared error, which gives R².
	want := 1 - *r.SNN.RelativeError**r.SNN.RelativeError*norm/squares
	if math.Abs(*r.SNN.R2-want) > 1e-3 || want > 0.99 || float64(r.Kept()) != 100**r.SNN.R2 {
		t.Errorf("R² %v, want %v; kept %v", *r.SNN.R2, want, r.Kept())
	}
}

// TestPixels: the answer is a class for every pixel, whose agreement the largest of all outputs
// says nothing about.
func TestPixels(t *testing.T) {
	for name, text := range map[string]string{"classes": pixels, "mask": mask} {
		t.Run(name, func(t *testing.T) {
			rough, fine := newTask(t, text, 1, 60).compare(t), newTask(t, text, 8, 60).compare(t)
			if rough.Task.Decisions != 60*16 || rough.Agreement >= fine.Agreement || fine.Agreement < 97 {
				t.Errorf("%d pixels; 1 bit agrees on %v %%, 8 bits on %v %%", rough.Task.Decisions, rough.Agreement, fine.Agreement)
			}
			for _, r := range []*eval.Result{rough, fine} {
				if iou := r.SNN.MeanIoU; iou == nil || *iou >= r.Agreement || *iou <= 0 {
					t.Errorf("mIoU %v with an agreement of %v", iou, r.Agreement)
				}
			}
		})
	}
}

// TestTaskIsAskedFor: what is asked for holds, where the output can be for it.
func TestTaskIsAskedFor(t *testing.T) {
	x := newTask(t, several, 2, 50)
	for _, name := range eval.TaskNames() {
		task, err := eval.ParseTask(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := eval.Compare(t.Context(), eval.Options{Graph: x.graph, Network: x.network, Source: x.samples, Task: task})
		switch name {
		case "binary", "per-pixel":
			if err == nil || !strings.Contains(err.Error(), "the task "+name+" needs") {
				t.Errorf("%s: %v", name, err)
			}
		case "auto", "classification":
			if err != nil || r.Task != nil {
				t.Errorf("%s: %v, %v", name, r.Task, err)
			}
		default:
			if err != nil || r.Task == nil || r.Task.Name != name {
				t.Errorf("%s: %v, %v", name, r, err)
			}
		}
	}
}

// TestPixelsWithChannelsLast: a network that ends in a transposition, as Keras' do, has the same
// pixels.
func TestPixelsWithChannelsLast(t *testing.T) {
	first := strings.NewReplacer("4,4]", "4,6]", "16", "24").Replace(pixels)
	last := strings.Replace(first, "%y float32[1,3,4,6]", "%z float32[1,3,4,6]", 1)
	last = strings.Replace(last, "output %y", "%y float32[1,4,6,3] = Transpose(%z) \"last\" {perm=[0,2,3,1]}\noutput %y", 1)
	want, got := newTask(t, first, 2, 60).compare(t), newTask(t, last, 2, 60).compare(t)
	if got.Task.Decisions != 60*24 || got.Agreement != want.Agreement || *got.SNN.MeanIoU != *want.SNN.MeanIoU || want.Agreement > 99 {
		t.Errorf("%s: %d pixels, %v %%, mIoU %v; channels first: %d, %v %%, %v", got.Task, got.Task.Decisions, got.Agreement, got.SNN.MeanIoU,
			want.Task.Decisions, want.Agreement, want.SNN.MeanIoU)
	}
}

// TestPixelsWithSoftmax: a softmax of the classes of every pixel ends the network, in whatever
// layout. It changes no answer, and is computed.
func TestPixelsWithSoftmax(t *testing.T) {
	text := strings.NewReplacer("4,4]", "4,6]", "16", "24").Replace(pixels)
	want := newTask(t, text, 2, 60).compare(t)
	text = strings.Replace(text, "%y float32[1,3,4,6]", "%z float32[1,3,4,6]", 1)
	last := "%t float32[1,4,6,3] = Transpose(%z) {perm=[0,2,3,1]}\n"
	back := "%y float32[1,3,4,6] = Transpose(%s) {perm=[0,3,1,2]}\n"
	rows := "const %k int64[2] = {24,3}\nconst %m int64[4] = {1,4,6,3}\n%r2 float32[24,3] = Reshape(%t, %k)\n"
	for name, end := range map[string]string{
		"channels first":   "%y float32[1,3,4,6] = Softmax(%z) {axis=1}\n",
		"logarithms":       "%y float32[1,3,4,6] = LogSoftmax(%z) {axis=-3}\n",
		"channels last":    last + "%y float32[1,4,6,3] = Softmax(%t) {axis=-1}\n",
		"before opset 13":  last + "%s float32[1,4,6,3] = Softmax(%t) {axis=3 flatten=true}\n" + back,
		"rows":             last + rows + "%y float32[24,3] = Softmax(%r2) {axis=1 flatten=true}\n",
		"rows, then a map": last + rows + "%s float32[24,3] = Softmax(%r2) {axis=1}\n%y float32[1,4,6,3] = Reshape(%s, %m)\n",
	} {
		t.Run(name, func(t *testing.T) {
			x := newTask(t, strings.Replace(text, "output %y", end+"output %y", 1), 2, 60)
			got := x.compare(t)
			if !got.Task.Is(eval.TaskPixels) || got.Task.Decisions != 60*24 || got.Agreement != want.Agreement || *got.SNN.MeanIoU != *want.SNN.MeanIoU {
				t.Fatalf("%s: %d pixels, %v %%, mIoU %v; without: %v %%, %v", got.Task, got.Task.Decisions, got.Agreement, got.SNN.MeanIoU, want.Agreement, *want.SNN.MeanIoU)
			}
			if e := *newTask(t, strings.Replace(text, "output %y", end+"output %y", 1), 8, 60).compare(t).SNN.RelativeError; e > 0.02 {
				t.Errorf("the probabilities are wrong by %v", e)
			}
		})
	}
}
