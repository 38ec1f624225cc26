package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// convF32Case is a layer with data and a map to write to, a part of a wider one.
type convF32Case struct {
	name            string
	in, padded, out SpikeMap
	window          SpikeWindow
	groups          int
	filters         FiltersF32
	src             []float32 // channels last, padded, not aligned
	stride          int       // of the output
}

func newConvF32Cases(r *rand.Rand) []*convF32Case {
	var cases []*convF32Case
	for i, k := range newConv8Cases(r) {
		c := &convF32Case{name: k.name, in: k.in.SpikeMap, out: k.out.SpikeMap, window: k.window, groups: k.groups}
		pad := k.window.Pad
		c.padded = SpikeMap{c.in.H + pad[0] + pad[2], c.in.W + pad[1] + pad[3], c.in.C}
		c.filters = FiltersF32{Weights: randomF32(r, len(k.weights)), Bias: randomF32(r, c.out.C)}
		if i%3 == 0 {
			c.filters.Bias = nil
		}
		src := randomF32(r, c.in.Len())
		if i%2 == 0 {
			src[len(src)/2], src[len(src)/3] = float32(math.NaN()), float32(math.Inf(1))
		}
		c.src = make([]float32, c.padded.Len()+1)[1:]
		PadF32(c.src, src, c.padded, c.in, pad[0], pad[1], 0)
		c.stride = c.out.C + r.IntN(2)*5
		cases = append(cases, c)
	}
	return cases
}

// output returns a buffer with a mark before and after every pixel.
func (c *convF32Case) output() OutputF32 {
	data := make([]float32, 1+c.out.H*c.out.W*c.stride)
	for i := range data {
		data[i] = 1234.5
	}
	return OutputF32{Data: data[1:], Stride: c.stride}
}

// check compares an output with what want says of a pixel and a channel, and its bounds.
func (c *convF32Case) check(t *testing.T, set string, got OutputF32, limits LimitsF32, want func(pixel, channel int) (x, size float64)) {
	t.Helper()
	for at, x := range got.Data {
		pixel, channel := at/c.stride, at%c.stride
		if channel >= c.out.C {
			if x != 1234.5 {
				t.Fatalf("%s: %s: wrote behind pixel %d", set, c.name, pixel)
			}
			continue
		}
		y, size := want(pixel, channel)
		if y < float64(limits.Low) {
			y = float64(limits.Low)
		}
		if y > float64(limits.High) {
			y = float64(limits.High)
		}
		if math.IsNaN(y) != (x != x) || float64(x) != y && math.Abs(float64(x)-y) > 1e-6*size {
			t.Fatalf("%s: %s: pixel %d, channel %d is %v, want %v", set, c.name, pixel, channel, x, y)
		}
	}
}

// tap returns input channel i that a pixel of the window of an output pixel sees.
func (c *convF32Case) tap(pixel, ky, kx, i int) float64 {
	y := pixel/c.out.W*c.window.Stride[0] + ky*c.window.Dilation[0]
	x := pixel%c.out.W*c.window.Stride[1] + kx*c.window.Dilation[1]
	return float64(c.src[(y*c.padded.W+x)*c.in.C+i])
}

// convolved is an element by definition, and the sum of the magnitudes of its terms.
func (c *convF32Case) convolved(pixel, o int) (sum, size float64) {
	if c.filters.Bias != nil {
		sum = float64(c.filters.Bias[o])
		size = math.Abs(sum)
	}
	fanIn, fanOut := c.in.C/c.groups, c.out.C/c.groups
	for i := range fanIn {
		for ky := range c.window.Kernel[0] {
			for kx := range c.window.Kernel[1] {
				w := c.filters.Weights[((o*fanIn+i)*c.window.Kernel[0]+ky)*c.window.Kernel[1]+kx]
				p := c.tap(pixel, ky, kx, o/fanOut*fanIn+i) * float64(w)
				sum, size = sum+p, size+math.Abs(p)
			}
		}
	}
	return sum, size
}

var limitsF32 = []LimitsF32{
	{float32(math.Inf(-1)), float32(math.Inf(1))}, {0, float32(math.Inf(1))}, {-0.5, 0.25},
}

func TestConvF32(t *testing.T) {
	takeAllWays(t)
	assembly := map[string][]float32{} // results of a set of assembly, for the others
	for _, set := range Sets() {
		w := NewWorkerF32(set)
		for i, c := range newConvF32Cases(rand.New(rand.NewPCG(3, 4))) {
			conv := NewConvF32(set, c.padded, c.out, c.window, c.groups, c.filters)
			conv.block = []int{7, 64, 1000}[i%3]
			for _, limits := range limitsF32 {
				dst := c.output()
				conv.Run(w, dst, c.src, limits)
				c.check(t, set.Name, dst, limits, c.convolved)
				holdToOthers(t, assembly, set, c.name, dst.Data, limits)
			}
		}
	}
}

// holdToOthers compares what sets of assembly compute, bit by bit.
func holdToOthers(t *testing.T, seen map[string][]float32, set *Set, name string, got []float32, limits LimitsF32) {
	t.Helper()
	if set.gemm == nil || set.Name == plain.Name || set.Name == "sdot" {
		return
	}
	key := fmt.Sprint(name, limits)
	if seen[key] == nil {
		seen[key] = got
		return
	}
	sameBits(t, set.Name+" "+name, got, seen[key])
}

func TestWindowF32(t *testing.T) {
	assembly := map[string][]float32{}
	for _, set := range Sets() {
		w := NewWorkerF32(set)
		for _, c := range newConvF32Cases(rand.New(rand.NewPCG(5, 6))) {
			c.out.C = c.in.C
			c.stride = c.out.C + 3
			taps := c.window.Kernel[0] * c.window.Kernel[1]
			c.groups = c.in.C
			c.filters = FiltersF32{Weights: randomF32(rand.New(rand.NewPCG(7, 8)), taps*c.in.C), Bias: make([]float32, c.in.C)}
			for _, limits := range limitsF32 {
				for name, fold := range map[string]struct {
					f    *WindowF32
					want func(pixel, channel int) (x, size float64)
				}{
					"depthwise": {NewDepthwiseF32(set, c.padded, c.out, c.window, c.filters), c.convolved},
					"max":       {NewMaxPoolF32(set, c.padded, c.out, c.window), c.largest},
					"sum":       {NewSumPoolF32(set, c.padded, c.out, c.window), c.summed},
				} {
					dst := c.output()
					fold.f.Run(w, dst, c.src, limits)
					c.check(t, set.Name+" "+name, dst, limits, fold.want)
					holdToOthers(t, assembly, set, name+c.name, dst.Data, limits)
				}
			}
		}
	}
}

func (c *convF32Case) largest(pixel, channel int) (x, size float64) {
	best := c.tap(pixel, 0, 0, channel)
	for ky := range c.window.Kernel[0] {
		for kx := range c.window.Kernel[1] {
			if x := c.tap(pixel, ky, kx, channel); x > best {
				best = x
			}
		}
	}
	return best, 0
}

func (c *convF32Case) summed(pixel, channel int) (x, size float64) {
	for ky := range c.window.Kernel[0] {
		for kx := range c.window.Kernel[1] {
			tap := c.tap(pixel, ky, kx, channel)
			x, size = x+tap, size+math.Abs(tap)
		}
	}
	return x, size
}

func TestEachF32(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, set := range Sets() {
		w, r := NewWorkerF32(set), rand.New(rand.NewPCG(9, 10))
		for n := range 70 {
			a, b := randomF32(r, n+1)[1:], randomF32(r, n+3)[3:]
			for i := range a {
				a[i] = []float32{a[i], a[i], a[i], nan, inf, -inf, 0}[r.IntN(7)]
			}
			for _, limits := range limitsF32 {
				sum, copied := make([]float32, n+1), append([]float32(nil), a...)
				w.AddF32(sum[:n], a, b, limits)
				w.ClampF32(copied, copied, limits)
				for i := range n {
					if x, y := limits.bound(a[i]+b[i]), limits.bound(a[i]); x != sum[i] && x == x || y != copied[i] && y == y {
						t.Fatalf("%s: %v + %v within %v is %v, and %v alone", set.Name, a[i], b[i], limits, sum[i], copied[i])
					}
				}
				if sum[n] != 0 {
					t.Fatalf("%s: wrote behind %d elements", set.Name, n)
				}
			}
		}
	}
}

func TestTransposeF32(t *testing.T) {
	for _, set := range Sets() {
		w := NewWorkerF32(set)
		for _, k := range [][2]int{{1, 5}, {3, 50}, {8, 8}, {16, 16}, {33, 47}, {50, 8}, {64, 1}, {5, 0}} {
			n := k[0] * k[1]
			x, y, z := randomF32(rand.New(rand.NewPCG(1, 2)), n+1)[1:], make([]float32, n+1), make([]float32, n+1)
			w.TransposeF32(y[:n], x, k[0], k[1])
			w.TransposeF32(z[:n], y[:n], k[1], k[0])
			for i := range x {
				if y[i%k[1]*k[0]+i/k[1]] != x[i] || z[i] != x[i] {
					t.Fatalf("%s: %v: element %d is not in its place", set.Name, k, i)
				}
			}
			if y[n] != 0 || z[n] != 0 {
				t.Fatalf("%s: %v: wrote behind the matrix", set.Name, k)
			}
		}
	}
}

func TestMeanF32(t *testing.T) {
	for _, channels := range []int{1, 8, 13} {
		src, dst := randomF32(rand.New(rand.NewPCG(1, 2)), 35*channels), make([]float32, channels)
		MeanF32(dst, src)
		for c, x := range dst {
			var sum float64
			for p := range 35 {
				sum += float64(src[p*channels+c])
			}
			if x != float32(sum/35) {
				t.Fatalf("channel %d of %d: %v, want %v", c, channels, x, sum/35)
			}
		}
	}
}

func BenchmarkConvF32(b *testing.B) {
	for _, set := range Sets() {
		for _, l := range conv8Layers {
			if set.Name == plain.Name && l.ops() > 1e7 {
				continue
			}
			b.Run(l.String()+"/"+set.Name, func(b *testing.B) {
				in, out := l.maps()
				padded := SpikeMap{in.H + 2*in.Halo[0], in.W + 2*in.Halo[1], in.C}
				r := rand.New(rand.NewPCG(1, 2))
				window := SpikeWindow{Kernel: [2]int{l.kernel, l.kernel}, Stride: [2]int{l.stride, l.stride}, Dilation: [2]int{1, 1}}
				filters := FiltersF32{randomF32(r, l.oc*l.c/l.groups*l.kernel*l.kernel), randomF32(r, l.oc)}
				w, src := NewWorkerF32(set), randomF32(r, padded.Len())
				dst := OutputF32{make([]float32, out.SpikeMap.Len()), l.oc}
				run := NewDepthwiseF32
				if l.groups == 1 {
					conv := NewConvF32(set, padded, out.SpikeMap, window, 1, filters)
					reportShare(b, l.ops(), PeakF32, func() { conv.Run(w, dst, src, limitsF32[0]) })
					return
				}
				fold := run(set, padded, out.SpikeMap, window, filters)
				reportShare(b, l.ops(), PeakF32, func() { fold.Run(w, dst, src, limitsF32[0]) })
			})
		}
	}
}
