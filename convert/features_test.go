package convert

import (
	"math"
	"slices"
	"testing"

	"ann2snn/calibrate"
	"ann2snn/convert/internal/nettest"
	"ann2snn/ir"
	"ann2snn/snn"
)

// uneven are samples of noise, each channel of which is as many times as large as ranges has it.
type uneven struct {
	nettest.Noise
	ranges []float32
}

func (u uneven) Sample(i int, dst []float32) (int, error) {
	label, err := u.Noise.Sample(i, dst)
	for k := range dst {
		dst[k] *= u.ranges[k*len(u.ranges)/len(dst)]
	}
	return label, err
}

// unevenNet is a network whose input channels have the given ranges, with samples. build adds
// its layers; first are weights of the first one, which make up for the ranges.
func unevenNet(t *testing.T, dims []int, ranges []float32, build func(r *nettest.Random, first *ir.Tensor)) (*ir.Graph, uneven) {
	t.Helper()
	r := nettest.NewRandom(t, 8, dims...)
	kernel := []int{16, len(ranges)}
	if dims[len(dims)-1] > 1 && len(dims) == 4 {
		kernel = append(kernel, 3, 3)
	}
	w := r.Normal(1, kernel...)
	taps := w.Len() / 16 / len(ranges)
	for i := range w.F {
		w.F[i] /= ranges[i/taps%len(ranges)]
	}
	build(r, w)
	return r.G, uneven{nettest.NoiseFor(r.G, 1<<20), ranges}
}

// unevenError converts a network to integers of 8 bits and returns the relative error of its
// output on samples that calibration did not see.
func unevenError(t *testing.T, g *ir.Graph, s uneven) (float64, *snn.Network) {
	t.Helper()
	sites, err := Sites(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	seen := s
	seen.N = 256
	p, err := calibrate.Run(t.Context(), g, seen, calibrate.Options{Sites: sites})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := lowered(t, g, p, timed(8, 1))
	miss, size := 0.0, 0.0
	for i := 5000; i < 5050; i++ {
		in := make([]float32, s.Size)
		if _, err := s.Sample(i, in); err != nil {
			t.Fatal(err)
		}
		_, want := nettest.RunTrained(t, g, nil, in)
		_, got := nettest.RunSpiking(t, n, in)
		for k, x := range want {
			miss += math.Pow(float64(got[k]-x), 2)
			size += math.Pow(float64(x), 2)
		}
	}
	return math.Sqrt(miss / size), n
}

// TestUnevenInput: features and channels of different ranges lose no more by rounding than
// those of one range.
func TestUnevenInput(t *testing.T) {
	t.Parallel()
	features := func(r *nettest.Random, first *ir.Tensor) {
		r.Node(ir.Gemm{Alpha: 1, Beta: 1, TransB: true}, first, r.Normal(0.1, 16)).Relu().Dense(3)
	}
	channels := func(r *nettest.Random, first *ir.Tensor) {
		r.Node(ir.Conv{Window: ir.Window{Pads: []int{1, 1, 1, 1}}, Group: 1}, first, r.Normal(0.1, 16)).Relu()
		r.Node(ir.GlobalAveragePool{}).Node(ir.Flatten{Axis: 1}).Dense(3)
	}
	for name, c := range map[string]struct {
		dims   []int
		ranges []float32
		build  func(*nettest.Random, *ir.Tensor)
	}{
		"features":            {[]int{1, 4}, []float32{1, 1, 1024, 1024}, features},
		"channels":            {[]int{1, 3, 6, 6}, []float32{1. / 64, 1, 512}, channels},
		"channels, flattened": {[]int{1, 3, 1, 1}, []float32{1, 512, 8}, func(r *nettest.Random, first *ir.Tensor) { features(r.Node(ir.Flatten{Axis: 1}), first) }},
		"channels, pooled": {[]int{1, 3, 6, 6}, []float32{1, 512, 8}, func(r *nettest.Random, first *ir.Tensor) {
			r.Node(ir.MaxPool{Kernel: []int{2, 2}, Window: ir.Window{Strides: []int{2, 2}}})
			channels(r, first)
		}},
	} {
		g, s := unevenNet(t, c.dims, c.ranges, c.build)
		got, n := unevenError(t, g, s)
		if len(n.Layers[0].Scale) != len(c.ranges) {
			t.Errorf("%s: the input has %d scales", name, len(n.Layers[0].Scale))
		}
		g, s = unevenNet(t, c.dims, slices.Repeat([]float32{1}, len(c.ranges)), c.build)
		want, n := unevenError(t, g, s)
		if len(n.Layers[0].Scale) != 1 {
			t.Errorf("%s of one range: the input has %d scales", name, len(n.Layers[0].Scale))
		}
		if got > 1.2*want+0.002 {
			t.Errorf("%s: error %.4f, of one range %.4f", name, got, want)
		}
	}
}

// TestUnevenInputBecomesChannel: elements of different ranges that become one channel, whose
// levels a convolution takes by one value, are rounded by one scale.
func TestUnevenInputBecomesChannel(t *testing.T) {
	t.Parallel()
	r := nettest.NewRandom(t, 9, 1, 16)
	r.Node(ir.Reshape{}, ir.Ints([]int64{1, 1, 4, 4}, 4)).Conv(4, 3).Relu().Node(ir.Flatten{Axis: 1}).Dense(3)
	s := uneven{nettest.NoiseFor(r.G, 1<<20), []float32{1, 4, 1, 4}}
	e, n := unevenError(t, r.G, s)
	if len(n.Layers[0].Scale) != 1 || e > 0.03 {
		t.Errorf("%d scales of the input, error %.4f", len(n.Layers[0].Scale), e)
	}
}

// TestProfileOfOneRange: a calibration that took the input as a whole, as earlier ones did,
// gives one scale.
func TestProfileOfOneRange(t *testing.T) {
	t.Parallel()
	g, s := unevenNet(t, []int{1, 4}, []float32{1, 1, 1024, 1024}, func(r *nettest.Random, first *ir.Tensor) {
		r.Node(ir.Gemm{Alpha: 1, Beta: 1, TransB: true}, first, r.Normal(0.1, 16)).Relu().Dense(3)
	})
	sites, err := Sites(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	if sites[0].Axis != 1 {
		t.Errorf("the input's features lie along axis %d", sites[0].Axis)
	}
	sites[0].Axis, s.N = -1, 64
	p, err := calibrate.Run(t.Context(), g, s, calibrate.Options{Sites: sites})
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := lowered(t, g, p, timed(8, 1)); len(n.Layers[0].Scale) != 1 {
		t.Errorf("scales %v", n.Layers[0].Scale)
	}
}
