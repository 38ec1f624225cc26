package snn_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"ann2snn/snn"
)

// spoiled is a way to break a valid network, and the error that it must give.
type spoiled struct {
	want  string
	spoil func(n *snn.Network)
}

func testSpoiled(t *testing.T, integer bool, cases []spoiled) {
	t.Helper()
	for _, c := range cases {
		n := vector(integer)
		if err := n.Verify(); err != nil {
			t.Fatal(err)
		}
		c.spoil(n)
		if err := n.Verify(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestVerifyNetwork(t *testing.T) {
	testSpoiled(t, false, []spoiled{
		{"steps must be", func(n *snn.Network) { n.Steps = 0 }},
		{"steps must be", func(n *snn.Network) { n.Steps = snn.MaxSteps + 1 }},
		{"unknown mode", func(n *snn.Network) { n.Restim = snn.Restim(len(snn.Restims())) }},
		{"Rho must be 1 to", func(n *snn.Network) { n.Rho = 0 }},
		{"Rho must be 1 unless", func(n *snn.Network) { n.Restim = snn.RestimSigned }},
		{"too fine", func(n *snn.Network) { n.Steps, n.Rho = 5, 1024 }},
		{"output is not a layer", func(n *snn.Network) { n.Output = 10 }},
		{"output is not a layer", func(n *snn.Network) { n.Output = -1 }},
		{"unknown host operator", func(n *snn.Network) { n.Host[0].Fn = 9 }},
		{"a network needs a layer", func(n *snn.Network) { n.Layers = nil }},
		{"unknown operator", func(n *snn.Network) { n.Layers[5].Op = nil }},
		{"unknown operator", func(n *snn.Network) { n.Layers[5].Op = &snn.Concat{} }},
		{`layer 1 "conv": input 1 is not an earlier layer`, func(n *snn.Network) { n.Layers[1].In[0] = 1 }},
		{"input -1 is not an earlier layer", func(n *snn.Network) { n.Layers[1].In[0] = -1 }},
		{"exactly one input", func(n *snn.Network) { n.Layers[1].In = []int{0, 0} }},
		{"needs an input", func(n *snn.Network) { n.Layers[2].In = nil }},
		{"Input must be the first", func(n *snn.Network) { n.Layers[5].Op = snn.Input{} }},
		{"shape out of range", func(n *snn.Network) { n.Layers[3].Shape.W = 0 }},
		{"shape out of range", func(n *snn.Network) { n.Layers[3].Shape = snn.Shape{H: 1 << 20, W: 1 << 20, C: 1 << 20} }},
		{"too many neurons", func(n *snn.Network) {
			n.Layers[0].Shape, n.Layers[3].Shape = snn.Shape{H: 1, W: 1, C: 1 << 26}, snn.Shape{H: 1, W: 1, C: 1 << 27}
		}},
		{"too many neurons and steps", func(n *snn.Network) { n.Layers[0].Shape.C, n.Steps = 1<<20, 100 }},
		{"too many operations", func(n *snn.Network) {
			n.Steps = 1
			n.Layers[0].Shape = snn.Shape{H: 1 << 25, W: 1, C: 2}
			n.Layers[4].In, n.Layers[4].Shape = []int{0}, snn.Shape{H: 1<<25 - 1<<14 + 2, W: 1, C: 2}
			pool := snn.Window{Kernel: [2]int{1<<14 - 1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
			n.Layers[4].Op = snn.SumPool{Window: pool}
		}},
	})
}

func TestVerifyOperators(t *testing.T) {
	testSpoiled(t, false, []spoiled{
		{"float network has no Scale", func(n *snn.Network) { n.Layers[0].Scale = []float32{1} }},
		{"wrong number of float weights", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.W.F = o.W.F[1:] }) }},
		{"needs a Bias", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.W.Bias = nil }) }},
		{"has no int8 weights", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.W.Q = []int8{1} }) }},
		{"weights must be finite", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.W.F[3] = float32(math.NaN()) }) }},
		{"weights must be finite", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.W.Bias[0] = float32(math.Inf(1)) }) }},
		{"groups do not divide", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.Groups = 3 }) }},
		{"groups do not divide", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.Groups = 0 }) }},
		{"Sum needs Factors", func(n *snn.Network) { sum(n, func(o *snn.Sum) { o.Factors = o.Factors[1:] }) }},
		{"finite entries", func(n *snn.Network) { sum(n, func(o *snn.Sum) { o.Factors[0] = make([]float32, 3) }) }},
		{"Bias must have", func(n *snn.Network) { sum(n, func(o *snn.Sum) { o.Bias = make([]float32, 3) }) }},
		{"must have one shape", func(n *snn.Network) { n.Layers[0].Shape.H = 5 }},
		{"an index per element", func(n *snn.Network) { n.Layers[6].Op = snn.Gather{Index: []int32{0}} }},
		{"outside its input", func(n *snn.Network) { n.Layers[6].Op = snn.Gather{Index: []int32{0, 1, 2, 3, 4, 16}} }},
		{"Gather must keep", func(n *snn.Network) { n.Layers[6].Scale = []float32{1} }},
		{"do not add up", func(n *snn.Network) { n.Layers[5].In = []int{3} }},
		{"Concat must keep", func(n *snn.Network) { n.Layers[5].Scale = []float32{.5, .5, .5, 1} }},
		{"output's height and width", func(n *snn.Network) { n.Layers[5].In = []int{3, 2} }},
		{"must be 1 x 1 x C", func(n *snn.Network) { n.Layers[9].Shape.H = 2 }},
	})
	testSpoiled(t, true, []spoiled{
		{"needs one Scale, or one per channel", func(n *snn.Network) { n.Layers[0].Scale = nil }},
		{"needs one Scale, or one per channel", func(n *snn.Network) { n.Layers[0].Scale = slices.Repeat([]float32{1}, n.Layers[0].Shape.Len()) }},
		{"Levels are out of range", func(n *snn.Network) { n.Layers[0].Op = snn.Input{} }},
		{"wrong number of int8 weights", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.W.Q = nil }) }},
		{"needs an IntBias", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.W.IntBias = nil }) }},
		{"has no float weights", func(n *snn.Network) { conv(n, func(o *snn.Conv) { o.W.F = []float32{1} }) }},
		{"Sum needs Mult", func(n *snn.Network) { sum(n, func(o *snn.Sum) { o.Mult = nil }) }},
		{"Mult must have", func(n *snn.Network) { sum(n, func(o *snn.Sum) { o.Mult[0] = nil }) }},
		{"IntBias must have", func(n *snn.Network) { sum(n, func(o *snn.Sum) { o.IntBias = make([]int32, 1) }) }},
	})
}

func TestVerifyPools(t *testing.T) {
	testSpoiled(t, false, []spoiled{
		{"shape does not follow", func(n *snn.Network) { n.Layers[3].Shape.W = 3 }},
		{"the window is out of range", func(n *snn.Network) { window(n, func(w *snn.Window) { w.Stride[1] = 0 }) }},
		{"the window is out of range", func(n *snn.Network) { window(n, func(w *snn.Window) { w.Pad[3] = -1 }) }},
		{"the window is out of range", func(n *snn.Network) { window(n, func(w *snn.Window) { w.Kernel[0] = 1 << 20 }) }},
		{"nothing but padding", func(n *snn.Network) {
			window(n, func(w *snn.Window) { w.Pad, w.Stride = [4]int{2, 0, 2, 0}, [2]int{6, 2} })
		}},
		{"MaxPool must keep", func(n *snn.Network) { n.Layers[3].Scale = nil }},
		{"one Scale per channel", func(n *snn.Network) { n.Layers[3].Scale = []float32{1, 2, 3, 4, 5, 6, 7, 8} }},
		{"keeps the channels", func(n *snn.Network) { n.Layers[3].Shape.C = 3 }},
	})
}

func TestVerifyScales(t *testing.T) {
	testSpoiled(t, false, []spoiled{
		{"Scale must have", func(n *snn.Network) { n.Layers[4].Scale = make([]float32, 3) }},
		{"Scale must be positive", func(n *snn.Network) { n.Layers[4].Scale = []float32{-1} }},
		{"a current has no Scale", func(n *snn.Network) { n.Layers[9].Scale = []float32{1} }},
		{"Unit must have", func(n *snn.Network) { n.Layers[1].Unit = []float32{1, 1} }},
		{"Scale must equal", func(n *snn.Network) { n.Layers[1].Scale = []float32{1} }},
		{"spikes need a Scale", func(n *snn.Network) { n.Layers[1].Scale = nil }},
	})
	testSpoiled(t, true, []spoiled{
		{"Unit must have", func(n *snn.Network) { n.Layers[9].Unit = nil }},
		{"Unit must have", func(n *snn.Network) { n.Layers[1].Unit[1] = 0 }},
		{"spikes need a Scale", func(n *snn.Network) { n.Layers[1].Scale = nil }},
	})
}

func TestVerifyNeurons(t *testing.T) {
	testSpoiled(t, false, []spoiled{
		{"neurons need the current", func(n *snn.Network) { n.Layers[4].Neuron = n.Layers[1].Neuron }},
		{"positive threshold", func(n *snn.Network) { n.Layers[1].Neuron.Threshold[1] = 0 }},
		{"positive threshold", func(n *snn.Network) { n.Layers[1].Neuron.Threshold[1] = 1e-45 }},
		{"positive threshold", func(n *snn.Network) { n.Layers[1].Neuron.Threshold = nil }},
		{"unknown activation", func(n *snn.Network) { n.Layers[1].Neuron.Act.Fn = 99 }},
		{"must not be negative", func(n *snn.Network) {
			n.Layers[1].Neuron.Act = snn.Activation{Fn: snn.ThresholdedRelu, A: -1}
		}},
		{"a logarithm must be above 0", func(n *snn.Network) { n.Layers[1].Neuron.Act = snn.Activation{Fn: snn.Log} }},
		{"base of a power", func(n *snn.Network) { n.Layers[1].Neuron.Act = snn.Activation{Fn: snn.Power, A: -1} }},
		{"base of a power", func(n *snn.Network) { n.Layers[1].Neuron.Act = snn.Activation{Fn: snn.Power, A: 2, B: -1} }},
		{"no negative values", func(n *snn.Network) { n.Layers[1].Neuron.Signed = true }},
		{"must be signed", func(n *snn.Network) { n.Layers[8].Neuron.Signed = false }},
		{"parameters must be finite", func(n *snn.Network) { n.Layers[7].Neuron.Act.B = float32(math.Inf(1)) }},
		{"slope per channel", func(n *snn.Network) { n.Layers[2].Neuron.Act.Slope = nil }},
		{"empty range", func(n *snn.Network) { n.Layers[7].Neuron.Act.A = 7 }},
		{"at most 8 bits", func(n *snn.Network) { n.Layers[1].Neuron.Format = snn.Format{M: 250, N: 8} }},
		{"analog neuron", func(n *snn.Network) { n.Layers[1].Neuron.Format = snn.Format{} }},
		{"IntThreshold is for integer", func(n *snn.Network) { n.Layers[1].Neuron.IntThreshold = []int32{1, 1} }},
	})
	testSpoiled(t, true, []spoiled{
		{"IntThreshold must be at least 1", func(n *snn.Network) { n.Layers[1].Neuron.IntThreshold[0] = 0 }},
		{"needs an IntThreshold", func(n *snn.Network) { n.Layers[1].Neuron.IntThreshold = nil }},
		{"analog neuron", func(n *snn.Network) { n.Layers[1].Neuron.Format, n.Steps = snn.Format{}, 1 }},
		{"positive threshold", func(n *snn.Network) { n.Layers[1].Neuron.Act.Fn, n.Layers[1].Neuron.Threshold = snn.Quantise, nil }},
	})
}

func conv(n *snn.Network, change func(*snn.Conv)) {
	op, _ := n.Layers[1].Op.(snn.Conv)
	change(&op)
	n.Layers[1].Op = op
}

func sum(n *snn.Network, change func(*snn.Sum)) {
	op, _ := n.Layers[2].Op.(snn.Sum)
	change(&op)
	n.Layers[2].Op = op
}

// window changes the window of the MaxPool.
func window(n *snn.Network, change func(*snn.Window)) {
	op, _ := n.Layers[3].Op.(snn.MaxPool)
	change(&op.Window)
	n.Layers[3].Op = op
}

func TestVerifyListsErrorsButNotForever(t *testing.T) {
	n := vector(false)
	for i := range n.Layers {
		n.Layers[i].Scale = []float32{-1}
	}
	err := n.Verify()
	for _, name := range []string{"conv", "skip", "max", "fc2"} {
		if err == nil || !strings.Contains(err.Error(), `layer "`+name+`"`) {
			t.Errorf("%q is not named in: %v", name, err)
		}
	}
	for range 100 {
		n.Host = append(n.Host, snn.HostOp{Fn: 77})
	}
	if lines := strings.Count(n.Verify().Error(), "\n") + 1; lines != 21 {
		t.Errorf("%d errors are listed", lines)
	}
}

func TestRanges(t *testing.T) {
	ranges, err := vector(true).Ranges()
	if err != nil {
		t.Fatal(err)
	}
	// conv adds 9 inputs of at most 127 levels with weights of at most 11, and its
	// membrane is doubled twice.
	if got := ranges[1]; got.Output != 7 || got.Membrane <= 127*9 || got.Membrane > 4*127*9*11+9 {
		t.Errorf("conv: %+v", got)
	}
	if got := ranges[5].Output; got != 7 {
		t.Errorf("concat puts out %d levels at most", got)
	}
	if got := ranges[4].Output; got != 4*7 {
		t.Errorf("sum pool puts out %d levels at most", got)
	}
}

func TestRangesRefuses(t *testing.T) {
	for _, c := range []struct {
		layer string
		spoil func(n *snn.Network)
	}{
		{"conv", func(n *snn.Network) { n.Layers[0].Op = snn.Input{Levels: 1 << 24} }},
		{"skip", func(n *snn.Network) { sum(n, func(o *snn.Sum) { o.Mult[0][1] = math.MinInt32 }) }},
		{"skip", func(n *snn.Network) { sum(n, func(o *snn.Sum) { o.IntBias[1] = math.MinInt32 }) }},
		{"fc1", func(n *snn.Network) { n.Layers[8].Neuron.IntThreshold[0] = math.MaxInt32 }},
		{"conv", func(n *snn.Network) { n.Steps, n.Rho = 3, 1024 }},
	} {
		n := vector(true)
		c.spoil(n)
		if err := n.Verify(); err != nil {
			t.Fatal(err)
		}
		var overflow *snn.RangeError
		if _, err := n.Ranges(); !errors.As(err, &overflow) || overflow.Layer != c.layer {
			t.Errorf("got %v, want a RangeError for %q", err, c.layer)
		}
	}
}

// TestVerifyInputPerChannel: the input of an integer network may have a scale per channel,
// which a file keeps and layers that move levels have to keep.
func TestVerifyInputPerChannel(t *testing.T) {
	n := vector(true)
	n.Layers[0].Scale = []float32{0.0625, 64}
	if again := decode(t, encode(t, n)); !slices.Equal(again.Layers[0].Scale, n.Layers[0].Scale) {
		t.Errorf("the input's scales became %v", again.Layers[0].Scale)
	}
	n.Layers[3].In = []int{0} // the MaxPool
	if err := n.Verify(); err == nil || !strings.Contains(err.Error(), "MaxPool must keep the Scale") {
		t.Errorf("MaxPool of one scale: %v", err)
	}
	n.Layers[3].Scale = n.Layers[0].Scale
	n.Layers[5].Scale = []float32{0.0625, 64, 0.0625, 64}
	n.Layers[6].Scale = []float32{64, 64, 1, 0.0625, 64, 64}
	if err := n.Verify(); err != nil {
		t.Error(err)
	}
}

// TestVerifyLargeShapes: what a few bytes describe costs no more to verify than what they hold,
// even where it is refused.
func TestVerifyLargeShapes(t *testing.T) {
	for name, joined := range map[string]func(c int, in, out *snn.Layer){
		"valid":        func(int, *snn.Layer, *snn.Layer) {},
		"other height": func(_ int, in, _ *snn.Layer) { in.Shape.H = 2 },
		"seven scales": func(_ int, _, out *snn.Layer) { out.Scale = slices.Repeat([]float32{1}, 7) },
		"maximum": func(c int, in, out *snn.Layer) {
			in.Shape.C, out.Shape.C, out.In = c, c, []int{0}
			out.Op = snn.MaxPool{Window: snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}}
		},
		"scales of one": func(c int, in, _ *snn.Layer) { in.Shape, in.Scale = snn.Shape{H: 1, W: c, C: 1}, []float32{1, 1, 1} },
	} {
		took := func(c int) time.Duration {
			n := &snn.Network{Steps: 1, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
				{Name: "x", Op: snn.Input{Levels: 15}, Shape: snn.Shape{H: 1, W: 1, C: c}, Scale: []float32{1}},
				{Name: "twice", Op: snn.Concat{}, In: []int{0, 0}, Shape: snn.Shape{H: 1, W: 1, C: 2 * c}, Scale: []float32{1}},
			}}
			joined(c, &n.Layers[0], &n.Layers[1])
			least := time.Hour
			for range 10 {
				begin := time.Now()
				if err := n.Verify(); (err == nil) != (name == "valid" || name == "maximum") {
					t.Fatalf("%s: %v", name, err)
				}
				least = min(least, time.Since(begin))
			}
			return least
		}
		if small, large := took(8), took(1<<24); large > 1000*small+time.Millisecond {
			t.Errorf("%s: 8 channels take %v, %d take %v", name, small, 1<<24, large)
		}
	}
}
