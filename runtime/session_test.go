package runtime_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

func TestRunAllocatesNothing(t *testing.T) {
	for _, integer := range []bool{false, true} {
		n := resnet20(2, integer)
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		s := plan.NewSession(runtime.SessionOptions{Stats: true})
		in, out := make([]float32, plan.InLen()), make([]float32, plan.OutLen())
		for i := range in {
			in[i] = float32(i%7) - 3
		}
		// The count is the whole process's; over several runs a stray allocation of the Go
		// runtime's own goroutines rounds away, and one in every run does not.
		allocs := testing.AllocsPerRun(5, func() {
			if _, err := s.Run(context.Background(), out, in); err != nil {
				t.Fatal(err)
			}
		})
		if allocs != 0 {
			t.Errorf("integer=%v: %v allocations per run", integer, allocs)
		}
	}
}

// TestSessionsShareAPlan: sessions of a plan run side by side with the results of one
// that runs alone. The race detector watches.
func TestSessionsShareAPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := snntest.Network(t, snntest.DrawSpec(t))
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		samples := [][]float32{snntest.Sample(t, n), snntest.Sample(t, n), snntest.Sample(t, n)}
		want, got := make([][]float32, 3), make([][]float32, 3)
		for i, sample := range samples {
			want[i] = readout(plan, sample)
		}
		var group sync.WaitGroup
		for i, sample := range samples {
			group.Go(func() { got[i] = readout(plan, sample) })
		}
		group.Wait()
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("side by side %v, alone %v", got, want)
		}
	})
}

// readout returns the readout of a new session, nil where it fails.
func readout(plan *runtime.Plan, sample []float32) []float32 {
	out := make([]float32, plan.OutLen())
	if _, err := plan.NewSession(runtime.SessionOptions{}).Run(context.Background(), out, sample); err != nil {
		return nil
	}
	return out
}

func TestRunRefuses(t *testing.T) {
	plan, err := runtime.Compile(context.Background(), single(snn.RestimNone, 1, 4, 1))
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	one, nan, inf := []float32{1}, float32(math.NaN()), float32(math.Inf(-1))
	for _, c := range []struct {
		ctx     context.Context
		out, in []float32
		want    string
	}{
		{context.Background(), one, []float32{1, 2}, "a sample has 2 elements, the network takes 1"},
		{context.Background(), nil, one, "room for 0 elements of layer \"neuron\", which has 1"},
		{context.Background(), one, []float32{nan}, "element 0 of the sample is not a finite number"},
		{context.Background(), one, []float32{inf}, "element 0 of the sample is not a finite number"},
		{stopped, one, one, `stopped at layer "z"`},
	} {
		_, err := plan.NewSession(runtime.SessionOptions{}).Run(c.ctx, c.out, c.in)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
		if c.ctx.Err() != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("%v does not wrap the context's error", err)
		}
	}
}

// TestNumbersBeyondFloat32: a float network whose currents leave float32 is an error that names the
// layer, as its neurons would make levels of them that mean nothing. The session stays usable.
func TestNumbersBeyondFloat32(t *testing.T) {
	for _, restim := range snn.Restims() {
		n := single(restim, 2, 4, 1)
		n.Layers[1].Op = snn.Sum{Factors: [][]float32{{4}, {-4}}}
		n.Layers[1].In = []int{0, 0}
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		s, out := plan.NewSession(runtime.SessionOptions{}), make([]float32, 1)
		for _, x := range []float32{math.MaxFloat32, -math.MaxFloat32, math.MaxFloat32 / 2} {
			if _, err := s.Run(context.Background(), out, []float32{x}); err == nil || !strings.Contains(err.Error(), `the numbers in layer "neuron" grow beyond float32`) {
				t.Errorf("%v, %g: %v", restim, x, err)
			}
			if _, err := s.Run(context.Background(), out, []float32{1}); err != nil || out[0] != 0 {
				t.Errorf("%v: then %g, %v", restim, out[0], err)
			}
		}
	}
}

// TestSmallestAndLargestInputs: numbers that float32 hardly holds are numbers: the input rounds
// them, on both engines alike.
func TestSmallestAndLargestInputs(t *testing.T) {
	n := strongest(1, 6)
	in := []float32{math.SmallestNonzeroFloat32, -1e-40, float32(math.Copysign(0, -1)), math.MaxFloat32, -math.MaxFloat32, 0.5}
	compareEngines(t, n, in, runtime.SessionOptions{})
	if got, want := must(run(t, n, in).Levels(0, 1)), []int32{0, 0, 0, 127, -127, 1}; !slices.Equal(got, want) {
		t.Errorf("levels %v, want %v", got, want)
	}
}

func TestCompileRefuses(t *testing.T) {
	n := single(snn.RestimNone, 1, 4, 1)
	n.Steps = 0
	if _, err := runtime.Compile(context.Background(), n); err == nil || !strings.Contains(err.Error(), "steps") {
		t.Errorf("an invalid network: %v", err)
	}
	n = strongest(2, 1<<17)
	var overflow *snn.RangeError
	if _, err := runtime.Compile(context.Background(), n); !errors.As(err, &overflow) || overflow.Layer != "dense" {
		t.Errorf("a network that overflows: %v", err)
	}
}

// strongest returns an integer network of a Dense layer with the largest weights, whose
// current may reach 127*127*fan levels in each step.
func strongest(steps, fan int) *snn.Network {
	weights := slices.Repeat([]int8{127}, fan)
	return &snn.Network{
		Steps: steps, Rho: 1, Integer: true, Output: 1,
		Layers: []snn.Layer{
			{Name: "x", Op: snn.Input{Levels: 127}, Scale: []float32{1}, Shape: snn.Shape{H: 1, W: 1, C: fan}},
			{
				Name: "dense", Op: snn.Dense{W: snn.Weights{Q: weights, IntBias: []int32{0}}}, In: []int{0},
				Shape: snn.Shape{H: 1, W: 1, C: 1}, Unit: []float32{1}, Scale: []float32{1},
				Neuron: &snn.Neuron{Format: snn.Format{M: 8}, Threshold: []float32{1}, IntThreshold: []int32{1}},
			},
		},
	}
}

// TestNoOverflow drives the strongest network that Compile accepts with the strongest
// sample: its membrane ends just below 2^31, or above -2^31, and neither wraps around.
func TestNoOverflow(t *testing.T) {
	const steps, fan = 4, (1<<31 - 3) / (127 * 127) / 4
	for _, x := range []float32{127, -127} {
		s := run(t, strongest(steps, fan), slices.Repeat([]float32{x}, fan))
		current := make([]float32, 1)
		ok(s.Current(1, current))
		if want := x * 127 * fan; current[0] != want {
			t.Errorf("the current of input %g is %g, want %g", x, current[0], want)
		}
	}
	if _, err := runtime.Compile(context.Background(), strongest(steps, fan+1)); err == nil {
		t.Error("a fan-in of one more is not refused")
	}
}

// TestInputLevels: integer networks round the sample, halves up, and cut it off.
func TestInputLevels(t *testing.T) {
	n := strongest(1, 6)
	n.Layers[0].Op, n.Layers[0].Scale = snn.Input{Levels: 3}, []float32{0.5}
	s := run(t, n, []float32{0.25, -0.25, 0.74, 1.5, 99, -99})
	if got, want := must(s.Levels(0, 1)), []int32{1, 0, 1, 3, 3, -3}; !slices.Equal(got, want) {
		t.Errorf("levels %v, want %v", got, want)
	}
}

func TestHost(t *testing.T) {
	for _, c := range []struct {
		fn   snn.HostFn
		want []float64
	}{
		{snn.HostSoftmax, []float64{0.6652409557748219, 0.24472847105479764, 0.09003057317038046}},
		{snn.HostLogSoftmax, []float64{-0.40760596444438, -1.40760596444438, -2.40760596444438}},
		{snn.HostSigmoid, []float64{0.9525741268224334, 0.8807970779778823, 0.7310585786300049}},
	} {
		three := snn.Shape{H: 1, W: 1, C: 3}
		n := &snn.Network{Steps: 1, Rho: 1, Layers: []snn.Layer{{Op: snn.Input{}, Shape: three}}, Host: []snn.HostOp{{Fn: c.fn}}}
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range readout(plan, []float32{3, 2, 1}) {
			if math.Abs(float64(got)-c.want[i]) > 1e-7 {
				t.Errorf("host operator %d, element %d: %g, want %g", c.fn, i, got, c.want[i])
			}
		}
	}
}

// TestHostGroups: the classes of each of two pixels, channels first and channels last.
func TestHostGroups(t *testing.T) {
	for stride, in := range map[int][]float32{2: {3, 1, 2, 1, 1, 1}, 1: {3, 2, 1, 1, 1, 1}} {
		for fn, same := range map[snn.HostFn]float64{snn.HostGroupSoftmax: 1.0 / 3, snn.HostGroupLogSoftmax: -math.Log(3)} {
			n := &snn.Network{Steps: 1, Rho: 1, Layers: []snn.Layer{{Op: snn.Input{}, Shape: snn.Shape{H: 1, W: 1, C: 6}}}, Host: []snn.HostOp{{Fn: fn, Group: 3, Stride: stride}}}
			plan, err := runtime.Compile(context.Background(), n)
			if err != nil {
				t.Fatal(err)
			}
			first := []float64{0.6652409557748219, 0.24472847105479764, 0.09003057317038046}
			for i, got := range readout(plan, in) {
				place, want := i, same
				if stride == 2 {
					place = i%2*3 + i/2
				}
				if place < 3 {
					if want = first[place]; fn == snn.HostGroupLogSoftmax {
						want = math.Log(want)
					}
				}
				if math.Abs(float64(got)-want) > 1e-6 {
					t.Errorf("%v, %d apart, element %d: %g, want %g", fn, stride, i, got, want)
				}
			}
		}
	}
}

// TestHostGroupsDivide: groups that do not fill the read-out are refused.
func TestHostGroupsDivide(t *testing.T) {
	for _, h := range []snn.HostOp{
		{Fn: snn.HostGroupSoftmax},
		{Fn: snn.HostGroupSoftmax, Group: 4, Stride: 1},
		{Fn: snn.HostGroupSoftmax, Group: 2, Stride: -3},
		{Fn: snn.HostGroupSoftmax, Group: 1 << 30, Stride: 1 << 30},
		{Fn: snn.HostSoftmax, Group: 3, Stride: 2},
		{Fn: 9},
	} {
		n := &snn.Network{Steps: 1, Rho: 1, Layers: []snn.Layer{{Op: snn.Input{}, Shape: snn.Shape{H: 1, W: 1, C: 6}}}, Host: []snn.HostOp{h}}
		if _, err := runtime.Compile(context.Background(), n); err == nil {
			t.Errorf("%+v is taken", h)
		}
	}
}

// TestAnalogNeurons: neurons without a format pass their activation unrounded, whatever
// their thresholds.
func TestAnalogNeurons(t *testing.T) {
	z := []float32{-3.3, 0.7, 41.9}
	for _, c := range []struct {
		act  snn.Activation
		want []float32
	}{
		{snn.Activation{Fn: snn.Rectify}, []float32{0, 0.7, 41.9}},
		{snn.Activation{Fn: snn.Linear}, z},
		{snn.Activation{Fn: snn.Clip, A: -1, B: 6}, []float32{-1, 0.7, 6}},
	} {
		for i, x := range z {
			n := single(snn.RestimNone, 1, 0, 0.25)
			n.Layers[1].Neuron.Act, n.Layers[1].Neuron.Signed = c.act, c.act.Fn != snn.Rectify
			s, got := run(t, n, []float32{x}), make([]float32, 1)
			if ok(s.Value(1, got)); got[0] != c.want[i] {
				t.Errorf("activation %d of %g: %g, want %g", c.act.Fn, x, got[0], c.want[i])
			}
			if ok(s.Current(1, got)); got[0] != x {
				t.Errorf("current of %g: %g", x, got[0])
			}
		}
	}
}
