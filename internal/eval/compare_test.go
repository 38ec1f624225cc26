package eval_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/ir"
	"ann2snn/ir/passes"
	"ann2snn/snn"
)

// text is a network of two weighted layers with a rectifier and seven classes.
const text = `input %x float32[1,2,6,6]
const %w1 float32[4,2,3,3] = ramp(-0.5, 0.017)
const %b1 float32[4] = ramp(-0.2, 0.1)
%a float32[1,4,6,6] = Conv(%x, %w1, %b1) "conv" {pads=[1,1,1,1]}
%r float32[1,4,6,6] = Relu(%a) "relu"
%p float32[1,4,1,1] = GlobalAveragePool(%r) "pool"
%f float32[1,4] = Flatten(%p) "flatten"
const %w2 float32[7,4] = {0.9,-0.5,0.1,0.2, -0.8,0.7,0.3,-0.1, 0.1,0.6,-0.9,0.4, 0.3,-0.2,0.5,-0.7, -0.4,0.1,0.2,0.8, 0.6,0.6,-0.6,-0.6, -0.1,-0.9,0.8,0.3}
%y float32[1,7] = Gemm(%f, %w2) "fc" {transB=true}
output %y
`

// samples are synthetic and labelled by number; label may be changed.
type samples struct {
	calibrate.Source
	label func(i int) int
}

func newSamples(n int) samples {
	return samples{calibrate.Synthetic([]int{2, 6, 6}, -1, 1, n, 3), func(i int) int { return i % 7 }}
}

func (s samples) Sample(i int, dst []float32) (int, error) {
	_, err := s.Source.Sample(i, dst)
	return s.label(i), err
}

func graph(t *testing.T) *ir.Graph {
	t.Helper()
	g, err := ir.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := passes.Run(t.Context(), g, nil); err != nil {
		t.Fatal(err)
	}
	return g
}

// network converts g with thresholds from a calibration.
func network(t *testing.T, g *ir.Graph, o convert.Options) *snn.Network {
	t.Helper()
	sites, err := convert.Sites(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	p, err := calibrate.Run(t.Context(), g, newSamples(16), calibrate.Options{Sites: sites})
	if err != nil {
		t.Fatal(err)
	}
	if o.Method, err = calibrate.ParseMethod("mse"); err != nil {
		t.Fatal(err)
	}
	n, _, err := convert.Lower(t.Context(), g, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func compare(t *testing.T, o eval.Options) *eval.Result {
	t.Helper()
	r, err := eval.Compare(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var threeBits = convert.Options{Format: snn.Format{M: 1, N: 2}, Steps: 1, PerChannel: true}

// With one step and float weights the baseline is the spiking network, written as an
// ANN: the two are implemented apart and have to agree on every sample.
func TestBaselineOfOneStepIsTheNetwork(t *testing.T) {
	g := graph(t)
	for bits := 1; bits <= 8; bits++ {
		o := threeBits
		o.Format = snn.Format{M: 1, N: uint8(bits - 1)}
		r := compare(t, eval.Options{Graph: g, Network: network(t, g, o), Source: newSamples(300)})
		if *r.Baseline.Top1 != *r.SNN.Top1 || *r.Baseline.Top5 != *r.SNN.Top5 || r.Baseline.Agreement != r.Agreement {
			t.Errorf("%d bits: baseline %v %v %v, SNN %v %v %v", bits, *r.Baseline.Top1, *r.Baseline.Top5, r.Baseline.Agreement,
				*r.SNN.Top1, *r.SNN.Top5, r.Agreement)
		}
	}
}

// TestBrief: what a check needs is the same without the rest.
func TestBrief(t *testing.T) {
	g := graph(t)
	o := eval.Options{Graph: g, Network: network(t, g, threeBits), Source: newSamples(100)}
	whole := compare(t, o)
	o.Brief = true
	brief := compare(t, o)
	if diff := cmp.Diff(whole.Check(), brief.Check()); diff != "" || brief.OutputError == nil || brief.Baseline.Top1 != nil {
		t.Errorf("a brief comparison gives another check: %s", diff)
	}
	if diff := cmp.Diff(whole.Outcomes, brief.Outcomes); diff != "" {
		t.Errorf("a brief comparison gives other outcomes: %s", diff)
	}
}

// Neurons that round nothing make the same network.
func TestAnalogNetworkHasNoError(t *testing.T) {
	g := graph(t)
	r := compare(t, eval.Options{Graph: g, Network: network(t, g, convert.Options{Steps: 1}), Source: newSamples(50)})
	if r.Agreement != 100 || *r.Delta != 0 {
		t.Errorf("agreement %v, delta %v", r.Agreement, *r.Delta)
	}
	for _, l := range r.Layers {
		if l.RelativeError == nil || *l.RelativeError > 1e-5 {
			t.Errorf("layer %s has relative error %v", l.Name, l.RelativeError)
		}
	}
}

func TestResult(t *testing.T) {
	g := graph(t)
	o := threeBits
	o.Steps, o.Restim = 3, snn.RestimSigned
	n := network(t, g, o)
	var last, total int
	clock := time.Unix(0, 0)
	r := compare(t, eval.Options{
		Graph: g, Network: n, Source: newSamples(300), ErrorSamples: 10, CPU: "test", Workers: 1,
		Progress: func(d, n int) { last, total = d, n },
		Now:      func() time.Time { clock = clock.Add(time.Millisecond); return clock },
	})
	if last != 300 || total != 300 {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	if r.Samples != 300 || r.ErrorSamples != 10 || !r.Labelled {
		t.Errorf("samples %d, for errors %d, labelled %v", r.Samples, r.ErrorSamples, r.Labelled)
	}
	if want := (eval.Time{Note: eval.TimeNote, ANN: 1, SNN: 1, Threads: 1, CPU: "test"}); r.Time != want {
		t.Errorf("time %+v, want %+v", r.Time, want)
	}
	if len(r.SNN.ByStep) != 3 || *r.SNN.ByStep[2].Top1 != *r.SNN.Top1 || r.SNN.ByStep[2].Agreement != r.Agreement {
		t.Errorf("by step %+v, SNN %+v, agreement %v", r.SNN.ByStep, r.SNN, r.Agreement)
	}
	if d := float64(*r.SNN.Top1 - *r.ANN.Top1 - *r.Delta); math.Abs(d) > 1e-9 {
		t.Errorf("delta %v of %v and %v", *r.Delta, *r.SNN.Top1, *r.ANN.Top1)
	}
	wantMACs := int64(16*16*2*4 + 4*7) // 16 of 18 taps per axis lie inside
	if r.Ops.ANNMACs != wantMACs || r.Ops.SNNMACs != 16*16*2*4 || r.Layers[0].ANNMACs != 16*16*2*4 {
		t.Errorf("MACs of the ANN %d (first layer %d), of the SNN %d", r.Ops.ANNMACs, r.Layers[0].ANNMACs, r.Ops.SNNMACs)
	}
	checkLayers(t, r)
	want := eval.Traffic{
		Note:           r.Traffic.Note,
		ANNWeights:     4 * (72 + 4 + 28),
		ANNActivations: 8 * 144,
		SNNWeights:     3 * 4 * (72 + 4 + 28 + 7), // the last layer's bias is zero, but there
		SNNMembranes:   3 * 8 * 144,
		SNNEvents:      2 * r.Layers[0].Spikes * 3 / 8,
	}
	if diff := cmp.Diff(want, r.Traffic); diff != "" {
		t.Errorf("traffic (-want +got):\n%s", diff)
	}
}

func checkLayers(t *testing.T, r *eval.Result) {
	t.Helper()
	var sops int64
	for _, l := range r.Layers {
		sops += l.SOPs
		if l.Neurons > 0 && math.Abs(l.Rate+l.Zero-1) > 1e-5 {
			t.Errorf("%s: rate %v and zeros %v do not add up", l.Name, l.Rate, l.Zero)
		}
		if l.RelativeError == nil || *l.RelativeError < 0 || *l.RelativeError > 1 {
			t.Errorf("%s: relative error %v", l.Name, l.RelativeError)
		}
		if l.BitSOPs < l.SOPs {
			t.Errorf("%s: %d SOPs with %d set bits", l.Name, l.SOPs, l.BitSOPs)
		}
	}
	if sops != r.Ops.SNNSOPs || sops == 0 {
		t.Errorf("layers have %d SOPs, the network %d", sops, r.Ops.SNNSOPs)
	}
	conv := r.Layers[0]
	if conv.Name != "conv" || conv.Neurons != 144 || conv.Bits != 3 || conv.Spikes == 0 {
		t.Errorf("first layer %+v", conv)
	}
}

func TestWorkersDoNotShow(t *testing.T) {
	g := graph(t)
	o := threeBits
	o.Weights, o.Steps, o.Restim, o.Rho = convert.Int8, 2, snn.RestimRefine, 2
	n := network(t, g, o)
	var want *eval.Result
	for _, workers := range []int{1, 2, 7} {
		r := compare(t, eval.Options{Graph: g, Network: n, Source: newSamples(600), Workers: workers})
		r.Time = eval.Time{}
		if want == nil {
			want = r
		}
		if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("%d workers (-1 worker +these):\n%s", workers, diff)
		}
	}
}

func TestUnlabelled(t *testing.T) {
	g := graph(t)
	s := newSamples(20)
	s.label = func(int) int { return -1 }
	r := compare(t, eval.Options{Graph: g, Network: network(t, g, threeBits), Source: s})
	if r.Labelled || r.ANN != (eval.Accuracy{}) || r.SNN.Accuracy != (eval.Accuracy{}) || r.Delta != nil || r.DeltaCI95 != nil {
		t.Errorf("without labels there are accuracies: %+v", r)
	}
	if r.Agreement == 0 {
		t.Error("there is no agreement")
	}
}

func TestErrors(t *testing.T) {
	g := graph(t)
	n := network(t, g, threeBits)
	for name, test := range map[string]struct {
		source calibrate.Source
		want   string
	}{
		"no samples":       {newSamples(0), "no samples"},
		"partly labelled":  {samples{newSamples(9), func(i int) int { return i - 4 }}, "sample 4: only a part"},
		"no such class":    {samples{newSamples(9), func(i int) int { return i }}, "sample 7 is labelled as class 7"},
		"unreadable":       {broken{newSamples(9), nil}, "sample 5 is torn"},
		"not a number":     {broken{newSamples(9), []float32{float32(math.NaN())}}, "not a number"},
		"another's sample": {newSamplesOf(7), "elements"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := eval.Compare(t.Context(), eval.Options{Graph: g, Network: n, Source: test.source, Workers: 2})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want %q", err, test.want)
			}
		})
	}
}

func newSamplesOf(width int) calibrate.Source { return calibrate.Synthetic([]int{width}, 0, 1, 3, 1) }

// broken cannot read sample 5, or finds values in it.
type broken struct {
	samples
	values []float32
}

func (b broken) Sample(i int, dst []float32) (int, error) {
	label, err := b.samples.Sample(i, dst)
	if i == 5 && b.values == nil {
		return -1, errors.New("sample 5 is torn")
	}
	if i == 5 {
		copy(dst, b.values)
	}
	return label, err
}

func TestCancel(t *testing.T) {
	g := graph(t)
	ctx, cancel := context.WithCancel(t.Context())
	s := newSamples(1 << 20)
	s.label = func(i int) int {
		if i == 300 {
			cancel()
		}
		return 0
	}
	_, err := eval.Compare(ctx, eval.Options{Graph: g, Network: network(t, g, threeBits), Source: s})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
}

// TestMemoryDoesNotGrow compares what is live early and late in a long comparison.
func TestMemoryDoesNotGrow(t *testing.T) {
	g := graph(t)
	n := network(t, g, threeBits)
	live := make(map[int]uint64)
	compare(t, eval.Options{
		Graph: g, Network: n, Source: newSamples(20_480), ErrorSamples: 20_480,
		Progress: func(done, _ int) {
			if done != 512 && done != 20_480 {
				return
			}
			var m goruntime.MemStats
			goruntime.GC()
			goruntime.ReadMemStats(&m)
			live[done] = m.HeapAlloc
		},
	})
	const slack = 64 << 10 // one byte per sample would be 20 KB, an outcome each 3 MB
	if live[20_480] > live[512]+slack {
		t.Errorf("%d bytes are live after 20,480 samples, %d after 512", live[20_480], live[512])
	}
}

func ExampleCompare() {
	g, err := ir.Parse(text)
	if err != nil {
		panic(err)
	}
	if err := passes.Run(context.Background(), g, nil); err != nil {
		panic(err)
	}
	n, _, err := convert.Lower(context.Background(), g, nil, convert.Options{Steps: 1})
	if err != nil {
		panic(err)
	}
	r, err := eval.Compare(context.Background(), eval.Options{Graph: g, Network: n, Source: newSamples(10)})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d samples, agreement %v %%\n", r.Samples, r.Agreement)
	// Output: 10 samples, agreement 100.00 %
}
