package ann2snn_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"ann2snn"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// fineModel classifies by small differences of large values: 4 bits are too few for it.
func fineModel(t *testing.T) *ann2snn.Model {
	t.Helper()
	const in, hidden, classes = 4, 24, 6
	random := rand.New(rand.NewPCG(3, 4))
	draw := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(random.NormFloat64())
		}
		return v
	}
	far := make([]float32, hidden)
	for i := range far {
		far[i] = 30
	}
	// Weights that sum to 0 for each class: the classes do not see what all hidden values share.
	v := draw(hidden * classes)
	for c := range classes {
		mean := float32(0)
		for h := range hidden {
			mean += v[h*classes+c] / hidden
		}
		for h := range hidden {
			v[h*classes+c] -= mean
		}
	}
	g := onnxfile.New("fine")
	g.Input("x", pb.TensorProto_FLOAT, 1, in)
	x := g.Node("h", "Gemm", []string{"x", g.Constant(onnxfile.Floats("w", draw(in*hidden), in, hidden)), g.Constant(onnxfile.Floats("b", far, hidden))})
	x = g.Node("r", "Relu", []string{x})
	g.Output(g.Node("y", "Gemm", []string{x, g.Constant(onnxfile.Floats("v", v, hidden, classes))}), pb.TensorProto_FLOAT, 1, classes)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := ann2snn.Parse(t.Context(), "fine.onnx", file, ann2snn.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func finePoints(n int) [][]float32 {
	random := rand.New(rand.NewPCG(5, 6))
	points := make([][]float32, n)
	for i := range points {
		for range 4 {
			points[i] = append(points[i], float32(random.NormFloat64()))
		}
	}
	return points
}

// TestConvertChooses: a network that loses too much at 4 bits gets more where bits are open, and a
// line says so; where they are not, it stays as it was asked for, and what 8 bits would keep is
// said.
func TestConvertChooses(t *testing.T) {
	t.Parallel()
	m := fineModel(t)
	s := m.Inputs(finePoints(600))
	for _, tt := range []struct {
		name    string
		o       ann2snn.Options
		bits    int
		steps   int // 0: any
		restim  *snn.Restim
		outside bool // the next better network was not asked for
		tried   int  // at least
	}{
		{"nothing is set", ann2snn.Options{}, 8, 1, nil, false, 2},
		{"fast", ann2snn.Options{Effort: ann2snn.EffortFast}, 4, 2, nil, false, 1},
		{"bits", ann2snn.Options{Bits: 3, Steps: 1}, 3, 1, nil, true, 2},
		{"bits and mode", ann2snn.Options{Bits: 2, Restim: new(snn.RestimSigned)}, 2, 0, new(snn.RestimSigned), true, 2},
		{"steps", ann2snn.Options{Steps: 1}, 8, 1, nil, false, 2},
	} {
		n, r, err := m.Convert(t.Context(), s, tt.o)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		net, c := n.SNN(), r.Choice
		t.Logf("%s: %s", tt.name, c)
		if bits := net.Layers[1].Neuron.Format.Bits(); bits != tt.bits || tt.steps > 0 && net.Steps != tt.steps || tt.restim != nil && net.Restim != *tt.restim {
			t.Errorf("%s: %d bits, %d steps, %v", tt.name, bits, net.Steps, net.Restim)
		}
		if len(c.Tried) < tt.tried || tt.outside != (c.Next != nil && c.Tried[c.Next.Tried].Outside) {
			t.Errorf("%s: %+v", tt.name, c)
		}
		if tt.outside && !strings.Contains(c.String(), "8 bits, 1 step would keep ") {
			t.Errorf("%s: %s", tt.name, c)
		}
		if r.Check == nil || r.Check != c.Tried[c.Chosen].Check {
			t.Errorf("%s: check %+v", tt.name, r.Check)
		}
	}
}

// TestChoiceIsTheSame: the same network comes out on any number of goroutines.
func TestChoiceIsTheSame(t *testing.T) {
	t.Parallel()
	m := fineModel(t)
	s := m.Inputs(finePoints(120))
	var nets [2][]byte
	for i, workers := range []int{1, 4} {
		nets[i] = encoded(t, converted(t, m, s, ann2snn.Options{Workers: workers, Effort: ann2snn.EffortBest, Samples: 64}))
	}
	if !bytes.Equal(nets[0], nets[1]) {
		t.Error("two networks")
	}
}

// TestJudges: networks are judged by samples that nothing was computed from, half of what is left
// at most, and the network knows them.
func TestJudges(t *testing.T) {
	t.Parallel()
	m := fineModel(t)
	points := finePoints(264)
	points[7] = points[8] // one picture twice does not count twice
	for _, tt := range []struct {
		effort ann2snn.Effort
		want   int
	}{{ann2snn.EffortNormal, 32 + 100}, {ann2snn.EffortFast, 32}} {
		n, r, err := m.Convert(t.Context(), m.Inputs(points), ann2snn.Options{Samples: 32, Effort: tt.effort})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Check.Samples; got > tt.want || got < tt.want-1 {
			t.Errorf("%v: %d samples judged, want %d", tt.effort, got, tt.want)
		}
		if known := len(n.SNN().Meta.Calibrated); known > 32+tt.want || known < 32+tt.want-1 {
			t.Errorf("%v: the network knows %d samples", tt.effort, known)
		}
	}
}

func TestUnknownTaskAndEffort(t *testing.T) {
	t.Parallel()
	m := fineModel(t)
	for _, o := range []ann2snn.Options{{Task: "guessing"}, {Effort: 9}} {
		if _, _, err := m.Convert(t.Context(), m.Inputs(finePoints(40)), o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}
