package f32

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/kerneltest"
)

// convCase is a layer with data and a map to write to, a part of a wider one.
type convCase struct {
	name            string
	in, padded, out Map
	window          Window
	groups          int
	filters         Filters
	src             []float32 // channels last, padded, not aligned
	stride          int       // of the output
}

func newConvCases(r *rand.Rand) []*convCase {
	var cases []*convCase
	for i, k := range kerneltest.Shapes() {
		high, wide := k.OutSize()
		c := &convCase{name: k.String(), in: Map{k.H, k.W, k.In}, out: Map{high, wide, k.Out}, window: Window{k.Kernel, k.Stride, k.Dilation}, groups: k.Groups}
		pad := k.Pad
		c.padded = Map{c.in.H + pad[0] + pad[2], c.in.W + pad[1] + pad[3], c.in.C}
		c.filters = Filters{Weights: random(r, k.Out*k.In/k.Groups*k.Kernel[0]*k.Kernel[1]), Bias: random(r, c.out.C)}
		if i%3 == 0 {
			c.filters.Bias = nil
		}
		src := random(r, c.in.Len())
		if i%2 == 0 {
			src[len(src)/2], src[len(src)/3] = float32(math.NaN()), float32(math.Inf(1))
		}
		c.src = make([]float32, c.padded.Len()+1)[1:]
		Pad(c.src, src, c.padded, c.in, pad[0], pad[1], 0)
		c.stride = c.out.C + r.IntN(2)*5
		cases = append(cases, c)
	}
	return cases
}

// output returns a buffer with a mark before and after every pixel.
func (c *convCase) output() Output {
	data := make([]float32, 1+c.out.H*c.out.W*c.stride)
	for i := range data {
		data[i] = 1234.5
	}
	return Output{Data: data[1:], Stride: c.stride}
}

// check compares an output with what want says of a pixel and a channel, and its bounds.
func (c *convCase) check(t *testing.T, set string, got Output, limits Limits, want func(pixel, channel int) (x, size float64)) {
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
func (c *convCase) tap(pixel, ky, kx, i int) float64 {
	y := pixel/c.out.W*c.window.Stride[0] + ky*c.window.Dilation[0]
	x := pixel%c.out.W*c.window.Stride[1] + kx*c.window.Dilation[1]
	return float64(c.src[(y*c.padded.W+x)*c.in.C+i])
}

// convolved is an element by definition, and the sum of the magnitudes of its terms.
func (c *convCase) convolved(pixel, o int) (sum, size float64) {
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

var someLimits = []Limits{
	{float32(math.Inf(-1)), float32(math.Inf(1))}, {0, float32(math.Inf(1))}, {-0.5, 0.25},
}

// takeAllWays makes kernels take ways to compute that otherwise only large layers take.
func takeAllWays(t *testing.T) {
	t.Helper()
	near, far := nearWeights, farWeights
	t.Cleanup(func() { nearWeights, farWeights = near, far })
	nearWeights, farWeights = 1<<10, 1<<12
}

func TestConv(t *testing.T) {
	takeAllWays(t)
	assembly := map[string][]float32{} // results of a set of assembly, for the others
	for _, set := range cpu.Sets() {
		w := NewWorker(set)
		for i, c := range newConvCases(rand.New(rand.NewPCG(3, 4))) {
			conv := NewConv(set, c.padded, c.out, c.window, c.groups, c.filters)
			conv.block = []int{7, 64, 1000}[i%3]
			for _, limits := range someLimits {
				dst := c.output()
				conv.Run(w, dst, c.src, limits)
				c.check(t, set.Name, dst, limits, c.convolved)
				holdToOthers(t, assembly, set, c.name, dst.Data, limits)
			}
		}
	}
}

// holdToOthers compares what sets of assembly compute, bit by bit.
func holdToOthers(t *testing.T, seen map[string][]float32, set *cpu.Set, name string, got []float32, limits Limits) {
	t.Helper()
	if kernelsOf(set) == &plain {
		return
	}
	key := fmt.Sprint(name, limits)
	if seen[key] == nil {
		seen[key] = got
		return
	}
	sameBits(t, set.Name+" "+name, got, seen[key])
}

func TestFold(t *testing.T) {
	assembly := map[string][]float32{}
	for _, set := range cpu.Sets() {
		w := NewWorker(set)
		for _, c := range newConvCases(rand.New(rand.NewPCG(5, 6))) {
			c.out.C = c.in.C
			c.stride = c.out.C + 3
			taps := c.window.Kernel[0] * c.window.Kernel[1]
			c.groups = c.in.C
			c.filters = Filters{Weights: random(rand.New(rand.NewPCG(7, 8)), taps*c.in.C), Bias: make([]float32, c.in.C)}
			for _, limits := range someLimits {
				for name, fold := range map[string]struct {
					f    *Fold
					want func(pixel, channel int) (x, size float64)
				}{
					"depthwise": {NewDepthwise(set, c.padded, c.out, c.window, c.filters), c.convolved},
					"max":       {NewMaxPool(set, c.padded, c.out, c.window), c.largest},
					"sum":       {NewSumPool(set, c.padded, c.out, c.window), c.summed},
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

func (c *convCase) largest(pixel, channel int) (x, size float64) {
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

func (c *convCase) summed(pixel, channel int) (x, size float64) {
	for ky := range c.window.Kernel[0] {
		for kx := range c.window.Kernel[1] {
			tap := c.tap(pixel, ky, kx, channel)
			x, size = x+tap, size+math.Abs(tap)
		}
	}
	return x, size
}

func TestEach(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, set := range cpu.Sets() {
		w, r := NewWorker(set), rand.New(rand.NewPCG(9, 10))
		for n := range 70 {
			a, b := random(r, n+1)[1:], random(r, n+3)[3:]
			for i := range a {
				a[i] = []float32{a[i], a[i], a[i], nan, inf, -inf, 0}[r.IntN(7)]
			}
			for _, limits := range someLimits {
				sum, copied := make([]float32, n+1), append([]float32(nil), a...)
				w.Add(sum[:n], a, b, limits)
				w.Clamp(copied, copied, limits)
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

func TestTranspose(t *testing.T) {
	for _, set := range cpu.Sets() {
		w := NewWorker(set)
		for _, k := range [][2]int{{1, 5}, {3, 50}, {8, 8}, {16, 16}, {33, 47}, {50, 8}, {64, 1}, {5, 0}} {
			n := k[0] * k[1]
			x, y, z := random(rand.New(rand.NewPCG(1, 2)), n+1)[1:], make([]float32, n+1), make([]float32, n+1)
			w.Transpose(y[:n], x, k[0], k[1])
			w.Transpose(z[:n], y[:n], k[1], k[0])
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

func TestMeanPixels(t *testing.T) {
	for _, channels := range []int{1, 8, 13} {
		src, dst := random(rand.New(rand.NewPCG(1, 2)), 35*channels), make([]float32, channels)
		MeanPixels(dst, src)
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

func BenchmarkConv(b *testing.B) {
	for _, set := range cpu.Sets() {
		for _, l := range kerneltest.Layers {
			if kernelsOf(set) == &plain && l.Ops() > 1e7 {
				continue
			}
			b.Run(l.String()+"/"+set.Name, func(b *testing.B) {
				padded := Map{l.Size + 2*l.Pad(), l.Size + 2*l.Pad(), l.In}
				out := Map{l.OutSize(), l.OutSize(), l.Out}
				r := rand.New(rand.NewPCG(1, 2))
				window := Window{Kernel: [2]int{l.Kernel, l.Kernel}, Stride: [2]int{l.Stride, l.Stride}, Dilation: [2]int{1, 1}}
				filters := Filters{random(r, l.Out*l.In/l.Groups*l.Kernel*l.Kernel), random(r, l.Out)}
				w, src := NewWorker(set), random(r, padded.Len())
				dst := Output{make([]float32, out.Len()), l.Out}
				if l.Groups == 1 {
					conv := NewConv(set, padded, out, window, 1, filters)
					kerneltest.ReportShare(b, l.Ops(), Peak, func() { conv.Run(w, dst, src, someLimits[0]) })
					return
				}
				fold := NewDepthwise(set, padded, out, window, filters)
				kerneltest.ReportShare(b, l.Ops(), Peak, func() { fold.Run(w, dst, src, someLimits[0]) })
			})
		}
	}
}

// TestNoAllocations holds calls after the first to no garbage.
func TestNoAllocations(t *testing.T) {
	takeAllWays(t)
	for _, set := range cpu.Sets() {
		c := newConvCases(rand.New(rand.NewPCG(1, 2)))[6]
		conv := NewConv(set, c.padded, c.out, c.window, c.groups, c.filters)
		pool := NewMaxPool(set, c.padded, Map{c.out.H, c.out.W, c.in.C}, c.window)
		w, g, to := NewWorker(set), NewGemm(set), c.output()
		square, x := make([]float32, 256), make([]float32, 576)
		n := testing.AllocsPerRun(10, func() {
			conv.Run(w, to, c.src, someLimits[0])
			pool.Run(w, to, c.src, someLimits[0])
			w.Add(x, x, x, someLimits[0])
			g.Mul(RowMajor(square, 16), RowMajor(x, 16).T(), RowMajor(x, 16), true)
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", set.Name, n)
		}
	}
}
