package ann2snn_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"slices"
	"strings"
	"sync"
	"testing"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/examples"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/ir"
	"ann2snn/models"
	"ann2snn/preprocess"
	"ann2snn/snn"
)

// quick are options of a conversion that takes a moment.
var quick = ann2snn.Options{Fit: new(convert.FitNone), Samples: 8}

func demoModel(t *testing.T) *ann2snn.Model {
	t.Helper()
	m, err := ann2snn.Parse(t.Context(), "demo.onnx", models.Demo(), ann2snn.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func demoSpec(t *testing.T) preprocess.Spec {
	t.Helper()
	spec, err := preprocess.Preset(models.Preset)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func demoSamples(t *testing.T, m *ann2snn.Model) *ann2snn.Samples {
	t.Helper()
	s, err := m.OpenSamplesFS(models.Samples(), "calibration", ann2snn.SampleOptions{Preprocess: demoSpec(t)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func converted(t *testing.T, m *ann2snn.Model, s *ann2snn.Samples, o ann2snn.Options) *ann2snn.Network {
	t.Helper()
	n, _, err := m.Convert(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func encoded(t *testing.T, n *ann2snn.Network) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := n.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestProfileServesConversions: a calibration of one's own gives the same network, and
// one of another model none.
func TestProfileServesConversions(t *testing.T) {
	t.Parallel()
	m := demoModel(t)
	s := demoSamples(t, m)
	o := quick
	direct := encoded(t, converted(t, m, s, o))
	var err error
	if o.Profile, err = m.Calibrate(t.Context(), s, o); err != nil {
		t.Fatal(err)
	}
	if got := encoded(t, converted(t, m, s, o)); !bytes.Equal(got, direct) {
		t.Error("with a profile the network is another one")
	}
	other := *o.Profile
	other.SHA256 = strings.Repeat("0", 64)
	o.Profile = &other
	if _, _, err := m.Convert(t.Context(), s, o); !errors.Is(err, ann2snn.ErrOtherModel) {
		t.Errorf("a profile of another model: %v", err)
	}
}

// TestSamples: samples in memory serve as those in files do.
func TestSamples(t *testing.T) {
	t.Parallel()
	m := demoModel(t)
	files := demoSamples(t, m)
	var inputs [][]float32
	var pictures []image.Image
	for i := range 8 {
		in, picture := make([]float32, 28*28), image.NewGray(image.Rect(0, 0, 28, 28))
		if _, err := files.Source.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		for p, x := range in {
			picture.Pix[p] = uint8((x+1)*127.5 + 0.5)
		}
		inputs, pictures = append(inputs, in), append(pictures, picture)
	}
	same, err := m.Pictures(pictures, demoSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range inputs {
		got := make([]float32, 28*28)
		if _, err := same.Source.Sample(i, got); err != nil || !slices.Equal(got, inputs[i]) {
			t.Fatalf("picture %d differs from its file (%v)", i, err)
		}
	}
	o := quick
	net := converted(t, m, m.Inputs(inputs), o)
	if _, err := net.Classify(t.Context(), bar()); !errors.Is(err, ann2snn.ErrNoPictures) {
		t.Errorf("a network that was calibrated on inputs classifies a picture: %v", err)
	}
	seen := converted(t, m, same, o)
	want, err := seen.Classify(t.Context(), pictures[0])
	if err != nil {
		t.Fatal(err)
	}
	out := make([]float32, net.Outputs())
	if err := net.Run(t.Context(), out, inputs[0]); err != nil {
		t.Fatal(err)
	}
	if got := ann2snn.Rank(out, nil); !slices.Equal(got, want) {
		t.Errorf("an input is answered with %+v, its picture with %+v", got[0], want[0])
	}
}

// TestMadeUpSamples: without samples there are 8 bits and no fit.
func TestMadeUpSamples(t *testing.T) {
	t.Parallel()
	n := converted(t, demoModel(t), nil, ann2snn.Options{Samples: 8}).SNN()
	if bits := n.Layers[1].Neuron.Format.Bits(); bits != 8 || !bytes.Contains(n.Meta.Record, []byte(`"fit":"none"`)) {
		t.Errorf("%d bits, record %s", bits, n.Meta.Record)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	type settings struct {
		format snn.Format
		steps  int
		restim snn.Restim
		rho    int
		fit    convert.Fit
	}
	for _, tt := range []struct {
		o      ann2snn.Options
		madeUp bool
		want   settings
	}{
		{ann2snn.Options{}, false, settings{snn.Format{M: 1, N: 3}, 2, snn.RestimRefine, 4, convert.FitRidge}},
		{ann2snn.Options{}, true, settings{snn.Format{M: 1, N: 7}, 1, snn.RestimNone, 1, convert.FitNone}},
		{ann2snn.Options{Bits: 4}, true, settings{snn.Format{M: 1, N: 3}, 2, snn.RestimRefine, 4, convert.FitNone}},
		{ann2snn.Options{Bits: 1}, false, settings{snn.Format{M: 1}, 8, snn.RestimSigned, 1, convert.FitRidge}},
		{ann2snn.Options{Bits: 2, Fit: new(convert.FitBias)}, false, settings{snn.Format{M: 1, N: 1}, 4, snn.RestimRefine, 2, convert.FitBias}},
		{ann2snn.Options{Format: snn.Format{M: 2, N: 5}}, false, settings{snn.Format{M: 2, N: 5}, 1, snn.RestimNone, 1, convert.FitRidge}},
		{ann2snn.Options{Restim: new(snn.RestimNone)}, false, settings{snn.Format{M: 1, N: 3}, 2, snn.RestimNone, 1, convert.FitRidge}},
		{ann2snn.Options{Steps: 1, Restim: new(snn.RestimRefine), Rho: 8}, false, settings{snn.Format{M: 1, N: 3}, 1, snn.RestimRefine, 8, convert.FitRidge}},
	} {
		c, err := tt.o.Resolve(tt.madeUp)
		if got := (settings{c.Format, c.Steps, c.Restim, c.Rho, c.Fit}); err != nil || got != tt.want {
			t.Errorf("%+v: %+v, %v, want %+v", tt.o, got, err, tt.want)
		}
		if c.Weights != convert.Int8 || c.Method.Name != "mse" || !c.PerChannel {
			t.Errorf("%+v: %+v", tt.o, c)
		}
	}
}

func TestOptionErrors(t *testing.T) {
	t.Parallel()
	m := demoModel(t)
	s := demoSamples(t, m)
	for option, o := range map[string]ann2snn.Options{
		"Bits":    {Bits: 9},
		"Format":  {Format: snn.Format{M: 200, N: 200}},
		"Steps":   {Steps: -1},
		"Restim":  {Restim: new(snn.Restim(99))},
		"Rho":     {Restim: new(snn.RestimSigned), Rho: 4},
		"Samples": {Samples: -1},
		"Weights": {Weights: new(convert.Weights(99))},
		"Fit":     {Fit: new(convert.Fit(99))},
	} {
		_, _, err := m.Convert(t.Context(), s, o)
		var e *ann2snn.OptionError
		if !errors.As(err, &e) || e.Option != option {
			t.Errorf("%s: %v", option, err)
		}
	}
	for _, o := range []ann2snn.Options{
		{Bits: 4, Format: snn.Format{M: 1, N: 3}},
		{Method: calibrate.Method{Name: "made up"}},
		{LayerBits: map[string]int{"no such layer": 3}},
	} {
		if _, _, err := m.Convert(t.Context(), s, o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
	if _, _, err := m.Convert(t.Context(), new(ann2snn.Samples), quick); err == nil {
		t.Error("samples without a source are accepted")
	}
}

// TestUnsupported: nodes that cannot be read and nodes that cannot be converted give one
// kind of error.
func TestUnsupported(t *testing.T) {
	t.Parallel()
	change := func(op string) []byte { return bytes.ReplaceAll(models.Demo(), []byte("Relu"), []byte(op)) }
	var e *ann2snn.UnsupportedError
	_, err := ann2snn.Parse(t.Context(), "", change("Rule"), ann2snn.LoadOptions{})
	if !errors.As(err, &e) || e.Nodes[0].Op != "Rule" || e.Nodes[0].Reason == "" || !strings.Contains(err.Error(), e.Nodes[0].Name) {
		t.Errorf("reading an unknown operator: %v", err)
	}
	floor := onnxfile.New("floor")
	floor.Output(floor.Node("rounded", "Floor", []string{floor.Input("x", pb.TensorProto_FLOAT, 1, 4)}), pb.TensorProto_FLOAT)
	file, err := onnxfile.Marshal(floor.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := ann2snn.Parse(t.Context(), "", file, ann2snn.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e = nil
	_, _, err = m.Convert(t.Context(), nil, quick)
	if !errors.As(err, &e) || len(e.Nodes) == 0 || !strings.Contains(err.Error(), e.Nodes[0].Name) {
		t.Errorf("converting a floor: %v", err)
	}
}

// broken is a source with a sample that cannot be read.
type broken struct {
	calibrate.Source
	at int
}

var errBroken = errors.New("torn page")

func (b broken) Sample(i int, dst []float32) (int, error) {
	if i == b.at {
		return 0, errBroken
	}
	return b.Source.Sample(i, dst)
}

func TestSampleError(t *testing.T) {
	t.Parallel()
	m := demoModel(t)
	s := demoSamples(t, m)
	s.Source = broken{s.Source, 17}
	_, _, err := m.Convert(t.Context(), s, ann2snn.Options{})
	var e *ann2snn.SampleError
	if !errors.As(err, &e) || e.Index != 17 || !errors.Is(err, errBroken) {
		t.Errorf("%v", err)
	}
}

// TestInputShape: a model with several inputs, or with an input of unknown shape, says so.
func TestInputShape(t *testing.T) {
	t.Parallel()
	m := demoModel(t)
	if shape, err := m.InputShape(); err != nil || !slices.Equal(shape, []int{1, 28, 28}) {
		t.Errorf("shape %v, %v", shape, err)
	}
	g := onnxfile.New("sum")
	a, b := g.Input("a", pb.TensorProto_FLOAT, 1, 4), g.Input("b", pb.TensorProto_FLOAT, 1, 4)
	g.Output(g.Node("sum", "Add", []string{a, b}), pb.TensorProto_FLOAT, 1, 4)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	if m, err = ann2snn.Parse(t.Context(), "", file, ann2snn.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.InputShape(); !errors.Is(err, ann2snn.ErrInputShape) {
		t.Errorf("two inputs: %v", err)
	}
	if _, err := m.OpenSamplesFS(models.Samples(), "test", ann2snn.SampleOptions{}); !errors.Is(err, ann2snn.ErrInputShape) {
		t.Errorf("samples for two inputs: %v", err)
	}
}

// TestRangeError: an integer network that might overflow is refused when it is opened.
func TestRangeError(t *testing.T) {
	t.Parallel()
	unit := []float32{1}
	n := &snn.Network{
		Steps: 1, Rho: 1, Integer: true, Output: 1,
		Layers: []snn.Layer{
			{Name: "x", Op: snn.Input{Levels: 1 << 24}, Shape: snn.Shape{H: 1, W: 1, C: 100}, Scale: unit},
			{
				Name: "fc", In: []int{0}, Shape: snn.Shape{H: 1, W: 1, C: 1}, Unit: unit,
				Op: snn.Dense{W: snn.Weights{Q: bytesOf(100, 127), IntBias: []int32{0}}},
			},
		},
	}
	_, err := decode(t, n)
	var e *snn.RangeError
	if !errors.As(err, &e) || e.Layer != "fc" {
		t.Errorf("%v", err)
	}
}

func bytesOf(n int, v int8) []int8 { return slices.Repeat([]int8{v}, n) }

// TestMisuse: wrong arguments are errors.
func TestMisuse(t *testing.T) {
	t.Parallel()
	net, err := ann2snn.Decode(examples.Network)
	if err != nil {
		t.Fatal(err)
	}
	in, out := make([]float32, 28*28), make([]float32, net.Outputs())
	for name, err := range map[string]error{
		"too few values":  net.Run(t.Context(), out, in[1:]),
		"too little room": net.Run(t.Context(), out[1:], in),
		"small picture":   classify(t, net, image.NewGray(image.Rect(0, 0, 9, 9))),
		"no picture":      classify(t, net, nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := net.Run(t.Context(), out, in); err != nil {
		t.Errorf("after misuse: %v", err)
	}
	if _, err := net.ClassifyFile(t.Context(), "doc.go"); err == nil || !strings.Contains(err.Error(), "doc.go") {
		t.Errorf("a file that is no picture: %v", err)
	}
}

func classify(t *testing.T, net *ann2snn.Network, img image.Image) error {
	t.Helper()
	_, err := net.Classify(t.Context(), img)
	return err
}

// TestPasses: AfterPass sees every step and can end the work.
func TestPasses(t *testing.T) {
	t.Parallel()
	var seen []string
	_, err := ann2snn.Parse(t.Context(), "", models.Demo(), ann2snn.LoadOptions{AfterPass: func(step int, pass string, g *ir.Graph) error {
		seen = append(seen, fmt.Sprint(step, " ", pass))
		if step == 2 {
			return errBroken
		}
		return nil
	}})
	if !errors.Is(err, errBroken) || len(seen) != 3 || seen[0] != "0 import" {
		t.Errorf("%v, %q", err, seen)
	}
}

// TestConvertConcurrently: a model serves several conversions at once (run with -race).
func TestConvertConcurrently(t *testing.T) {
	t.Parallel()
	m := demoModel(t)
	s := demoSamples(t, m)
	var nets [2][]byte
	var all sync.WaitGroup
	for i := range nets {
		all.Go(func() {
			n, _, err := m.Convert(t.Context(), s, ann2snn.Options{Samples: 8})
			if err != nil {
				t.Error(err)
				return
			}
			nets[i] = encoded(t, n)
		})
	}
	all.Wait()
	if !bytes.Equal(nets[0], nets[1]) {
		t.Error("the same conversion gave two networks")
	}
}

// TestUnseen: a network knows what it was calibrated on, and saved it does.
func TestUnseen(t *testing.T) {
	t.Parallel()
	m := demoModel(t)
	s := demoSamples(t, m)
	fast := quick
	fast.Effort = ann2snn.EffortFast // judged by those held back alone
	made := converted(t, m, s, fast)
	n, err := ann2snn.Decode(encoded(t, made))
	if err != nil {
		t.Fatal(err)
	}
	chosen, heldBack, err := s.Split(fast)
	if err != nil {
		t.Fatal(err)
	}
	unseen, seen, known, err := n.Unseen(t.Context(), s)
	if err != nil || !known {
		t.Fatal(known, err)
	}
	if want := chosen.Len() + heldBack.Len(); seen.Source.Len() != want || unseen.Source.Len() != s.Source.Len()-want {
		t.Errorf("%d seen and %d unseen samples, calibrated on %d of %d", seen.Source.Len(), unseen.Source.Len(), want, s.Source.Len())
	}
	if _, again, _, err := n.Unseen(t.Context(), unseen); err != nil || again.Source.Len() != 0 {
		t.Errorf("%d of the unseen samples are seen, %v", again.Source.Len(), err)
	}

	// Pictures and inputs in memory are told apart as well.
	pictures := make([]image.Image, 40)
	inputs := make([][]float32, len(pictures))
	for i := range pictures {
		pictures[i] = &image.Gray{Pix: bytes.Repeat([]byte{byte(i)}, 28*28), Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
		inputs[i] = slices.Repeat([]float32{float32(i)}, 28*28)
	}
	album, err := m.Pictures(pictures, demoSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range []*ann2snn.Samples{album, m.Inputs(inputs)} {
		some := fast
		some.Samples = 4
		n := converted(t, m, all, some)
		unseen, seen, known, err := n.Unseen(t.Context(), all)
		if err != nil || !known || seen.Source.Len() != 36 || unseen.Source.Len() != 4 {
			t.Errorf("%s: %d seen and %d unseen samples, %v", all.Name, seen.Source.Len(), unseen.Source.Len(), err)
		}
	}
	made.SNN().Meta.Calibrated = nil
	if unseen, _, known, err := made.Unseen(t.Context(), s); known || err != nil || unseen.Source.Len() != s.Source.Len() {
		t.Errorf("a network that does not say knows %v, %v", known, err)
	}
}
