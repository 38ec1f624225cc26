package spike

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/snn"
)

// windowCase is a random window over a random map.
type windowCase struct {
	in, out snn.Shape
	window  snn.Window
}

func drawWindowCase(t *rapid.T, channels int) windowCase {
	c := windowCase{in: snn.Shape{H: drawInt(t, "height", 1, 9), W: drawInt(t, "width", 1, 9), C: channels}}
	var windows [2]int
	for axis, n := range [2]int{c.in.H, c.in.W} {
		w := &c.window
		w.Stride[axis], w.Dilation[axis] = drawInt(t, "stride", 1, 3), drawInt(t, "dilation", 1, 3)
		w.Pad[axis], w.Pad[axis+2] = drawInt(t, "pad", 0, 4), drawInt(t, "pad", 0, 4)
		room := n + w.Pad[axis] + w.Pad[axis+2] - 1
		w.Kernel[axis] = drawInt(t, "kernel", 1, min(4, room/w.Dilation[axis]+1))
		windows[axis] = (room-(w.Kernel[axis]-1)*w.Dilation[axis])/w.Stride[axis] + 1
	}
	c.out = snn.Shape{H: windows[0], W: windows[1], C: channels}
	return c
}

func drawInt(t *rapid.T, label string, least, most int) int {
	return rapid.IntRange(least, most).Draw(t, label)
}

// forAll calls f for every input pixel of every window, in the order y, x, ky, kx.
func (c *windowCase) forAll(f func(out, in, tap int)) {
	w := &c.window
	for y := range c.out.H {
		for x := range c.out.W {
			for ky := range w.Kernel[0] {
				for kx := range w.Kernel[1] {
					iy := y*w.Stride[0] + ky*w.Dilation[0] - w.Pad[0]
					ix := x*w.Stride[1] + kx*w.Dilation[1] - w.Pad[1]
					if 0 <= iy && iy < c.in.H && 0 <= ix && ix < c.in.W {
						f(y*c.out.W+x, iy*c.in.W+ix, ky*w.Kernel[1]+kx)
					}
				}
			}
		}
	}
}

// plainConv is the specification: it adds every product in the order y, x, channel.
//
//nolint:unconvert // converting the products forbids fused multiply-adds, which round differently
func plainConv[S Level, W Weight](c *windowCase, groups int, dst, src []S, weights []W) {
	fan, per := c.in.C/groups, c.out.C/groups
	taps := c.window.Kernel[0] * c.window.Kernel[1]
	c.forAll(func(out, in, tap int) {
		for o := range c.out.C {
			for k := range fan {
				x := src[in*c.in.C+o/per*fan+k]
				dst[out*c.out.C+o] += S(x * S(weights[(o*taps+tap)*fan+k]))
			}
		}
	})
}

// randomSpikes returns levels of which about half are zero.
func randomSpikes[S Level](r *rand.Rand, n int) []S {
	levels := make([]S, n)
	for i := range levels {
		levels[i] = S(max(0, r.IntN(31)-15) * (1 - 2*r.IntN(2)))
	}
	return levels
}

func randomWeights[W Weight](r *rand.Rand, n int) []W {
	weights := make([]W, n)
	for i := range weights {
		weights[i] = W(r.NormFloat64() * 20)
	}
	return weights
}

func TestConvFloat(t *testing.T) { testConv[float32, float32](t) }

func TestConvInt(t *testing.T) { testConv[int32, int8](t) }

func testConv[S Level, W Weight](t *testing.T) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		groups := drawInt(t, "groups", 1, 3)
		c := drawWindowCase(t, groups*drawInt(t, "inputs of a group", 1, 7))
		c.out.C = groups * drawInt(t, "outputs of a group", 1, 7)
		compareConv[S, W](t, &c, groups)
	})
}

func TestDepthwiseFloat(t *testing.T) { testDepthwise[float32, float32](t) }

func TestDepthwiseInt(t *testing.T) { testDepthwise[int32, int8](t) }

func testDepthwise[S Level, W Weight](t *testing.T) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		c := drawWindowCase(t, drawInt(t, "channels", 1, 7))
		c.out.C *= drawInt(t, "multiplier", 1, 3)
		compareConv[S, W](t, &c, c.in.C)
	})
}

// compareConv compares bit for bit with the specification, and twice, so that working
// memory left from a run is seen not to matter.
func compareConv[S Level, W Weight](t *rapid.T, c *windowCase, groups int) {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	weights := randomWeights[W](r, c.out.C*c.in.C/groups*c.window.Kernel[0]*c.window.Kernel[1])
	add := NewConv[S](c.in, c.out, c.window, groups, weights).Add
	if groups == c.in.C {
		add = NewDepthwise[S](c.in, c.out, c.window, weights).Add
	}
	var events Events[S]
	for range 2 {
		src, start := randomSpikes[S](r, c.in.Len()), randomSpikes[S](r, c.out.Len())
		got, want := slices.Clone(start), slices.Clone(start)
		add(got, src, &events, nil)
		plainConv(c, groups, want, src, weights)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v:\ngot  %v\nwant %v", *c, got, want)
		}
	}
}

func TestPools(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawWindowCase(t, drawInt(t, "channels", 1, 5))
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		src, n := randomSpikes[int32](r, c.in.Len()), c.in.C
		got, sum, most := randomSpikes[int32](r, c.out.Len()), make([]int32, c.out.Len()), make([]int32, c.out.Len())
		covered := make([]bool, c.out.Len())
		c.forAll(func(out, in, _ int) {
			for k := range n {
				o, x := out*n+k, src[in*n+k]
				sum[o] += x
				if !covered[o] || x > most[o] {
					covered[o], most[o] = true, x
				}
			}
		})
		SumPool(got, src, c.in, c.out, &c.window, nil)
		if !slices.Equal(got, sum) {
			t.Fatalf("%+v: sums %v, want %v", c, got, sum)
		}
		if slices.Contains(covered, false) {
			return
		}
		MaxPool(got, src, c.in, c.out, &c.window, nil)
		if !slices.Equal(got, most) {
			t.Fatalf("%+v: maxima %v, want %v", c, got, most)
		}
	})
}

func TestScale(t *testing.T) {
	src := []float32{1, 2, 3, 4}
	for _, c := range []struct{ factor, want []float32 }{
		{[]float32{2}, []float32{12, 14, 16, 18}},
		{[]float32{2, -1}, []float32{12, 8, 16, 6}},
		{[]float32{1, 0, 2, 0.5}, []float32{11, 10, 16, 12}},
	} {
		dst := []float32{10, 10, 10, 10}
		Scale(dst, src, c.factor)
		if !slices.Equal(dst, c.want) {
			t.Errorf("factors %v: %v, want %v", c.factor, dst, c.want)
		}
	}
}

func TestGather(t *testing.T) {
	dst := []int32{9, 9, 9, 9}
	Gather(dst, []int32{5, 6, 7}, []int32{2, -1, 0, 2})
	if want := []int32{7, 0, 5, 7}; !slices.Equal(dst, want) {
		t.Errorf("%v, want %v", dst, want)
	}
}

func TestConcat(t *testing.T) {
	dst := make([]int32, 6)
	Concat(dst, []int32{1, 2}, 3, 0, 1)
	Concat(dst, []int32{3, 4, 5, 6}, 3, 1, 2)
	if want := []int32{1, 3, 4, 2, 5, 6}; !slices.Equal(dst, want) {
		t.Errorf("%v, want %v", dst, want)
	}
}

// BenchmarkConv measures the layers of ResNet-20 with half of the spikes zero.
func BenchmarkConv(b *testing.B) {
	for _, size := range []int{32, 16, 8} {
		b.Run("float/map="+strconv.Itoa(size), benchmarkConv[float32, float32](size, 512/size))
		b.Run("int8/map="+strconv.Itoa(size), benchmarkConv[int32, int8](size, 512/size))
	}
}

func benchmarkConv[S Level, W Weight](size, channels int) func(b *testing.B) {
	return func(b *testing.B) {
		r := rand.New(rand.NewPCG(1, 2))
		m := snn.Shape{H: size, W: size, C: channels}
		window := snn.Window{Kernel: [2]int{3, 3}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Pad: [4]int{1, 1, 1, 1}}
		conv := NewConv[S](m, m, window, 1, randomWeights[W](r, 9*channels*channels))
		src, dst := randomSpikes[S](r, m.Len()), make([]S, m.Len())
		var events Events[S]
		for b.Loop() {
			clear(dst)
			conv.Add(dst, src, &events, nil)
		}
		macs := float64((3*size - 2) * (3*size - 2) * channels * channels)
		b.ReportMetric(macs*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
	}
}
