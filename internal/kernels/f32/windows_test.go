package f32_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/f32"
)

// drawGeometry draws a window over one to three axes that reads at least one element.
func drawGeometry(t *rapid.T) f32.Geometry {
	axes := rapid.IntRange(1, 3).Draw(t, "axes")
	g := f32.Geometry{}
	for range axes {
		in := rapid.IntRange(1, 12).Draw(t, "in")
		begin, end := rapid.IntRange(0, 3).Draw(t, "begin"), rapid.IntRange(0, 3).Draw(t, "end")
		dilation := rapid.IntRange(1, 3).Draw(t, "dilation")
		kernel := rapid.IntRange(1, (in+begin+end-1)/dilation+1).Draw(t, "kernel")
		stride := rapid.IntRange(1, 3).Draw(t, "stride")
		out := (in+begin+end-(kernel-1)*dilation-1)/stride + 1
		g.In, g.Out, g.Begin = append(g.In, in), append(g.Out, out), append(g.Begin, begin)
		g.Kernel, g.Strides, g.Dilations = append(g.Kernel, kernel), append(g.Strides, stride), append(g.Dilations, dilation)
	}
	return g
}

// positions calls visit with every point of a box, in row-major order.
func positions(lengths []int, visit func(at []int)) {
	at := make([]int, len(lengths))
	var walk func(axis int)
	walk = func(axis int) {
		if axis == len(lengths) {
			visit(at)
			return
		}
		for at[axis] = 0; at[axis] < lengths[axis]; at[axis]++ {
			walk(axis + 1)
		}
	}
	walk(0)
}

// read returns what the window of output out reads from channel x, tap by tap: the
// definition of a sliding window, without tables.
func read(g f32.Geometry, x []float32, out []int, padding float32) []float32 {
	var taps []float32
	positions(g.Kernel, func(tap []int) {
		at, inside := 0, true
		for i, n := range g.In {
			p := out[i]*g.Strides[i] - g.Begin[i] + tap[i]*g.Dilations[i]
			inside = inside && p >= 0 && p < n
			at = at*n + p
		}
		if inside {
			taps = append(taps, x[at])
		} else {
			taps = append(taps, padding)
		}
	})
	return taps
}

func elems(lengths []int) int {
	n := 1
	for _, l := range lengths {
		n *= l
	}
	return n
}

// TestWindowKernels compares every kernel on windows with its definition.
func TestWindowKernels(t *testing.T) {
	sets := cpu.Sets()
	plain := sets[len(sets)-1]
	rapid.Check(t, func(t *rapid.T) {
		g := drawGeometry(t)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		win := f32.NewWindows(g)
		x, w := randomFloats(r, elems(g.In)), randomFloats(r, elems(g.Kernel))
		zeros, low := make([]float32, win.Plane), make([]float32, win.Plane)
		win.Pad(zeros, x, 0)
		win.Pad(low, x, float32(math.Inf(-1)))
		if !win.Padded && !slices.Equal(zeros, x) {
			t.Fatal("the windows need no padding, but padding changes the input")
		}

		outs := elems(g.Out)
		const depth = 256 // of the blocks in which products are summed
		var best, sum, conv, product []float32
		positions(g.Out, func(out []int) {
			best = append(best, slices.Max(read(g, x, out, float32(math.Inf(-1)))))
			var s, c, blocks, block float32
			for i, v := range read(g, x, out, 0) {
				if i%depth == 0 {
					blocks, block = blocks+block, 0
				}
				s += v
				c += float32(w[i] * v) // not fused with the sum
				block += float32(w[i] * v)
			}
			sum, conv, product = append(sum, s), append(conv, c), append(product, blocks+block)
		})
		check := func(what string, want []float32, compute func(got []float32)) {
			got := make([]float32, outs)
			if compute(got); !slices.Equal(got, want) {
				t.Fatalf("%s of %+v: got %v, want %v", what, g, got, want)
			}
		}
		check("MaxPoolPlane", best, func(got []float32) { f32.MaxPoolPlane(got, low, win) })
		check("SumPoolPlane", sum, func(got []float32) { f32.SumPoolPlane(got, zeros, win) })
		check("ConvPlane", conv, func(got []float32) { f32.ConvPlane(got, zeros, w, win) })
		check("MulPatches", product, func(got []float32) {
			c, a := f32.RowMajor(got, outs), f32.RowMajor(w, len(w))
			f32.NewGemm(plain).MulPatches(c, a, zeros, win.Start, win.Tap, nil)
		})
	})
}

func TestPadSeveralChannels(t *testing.T) {
	win := f32.NewWindows(f32.Geometry{
		In: []int{1, 2}, Out: []int{1, 2}, Kernel: []int{2, 2},
		Strides: []int{1, 1}, Dilations: []int{1, 1}, Begin: []int{1, 0},
	})
	got := make([]float32, 2*win.Plane)
	win.Pad(got, []float32{1, 2, 3, 4}, 9)
	if want := []float32{9, 9, 9, 1, 2, 9, 9, 9, 9, 3, 4, 9}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestDivisors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGeometry(t)
		none := make([]int, len(g.In))
		inside := slices.Repeat([]float32{1}, elems(g.In))
		got := g.Divisors(none, none)
		i := 0
		positions(g.Out, func(out []int) {
			var want float32
			for _, v := range read(g, inside, out, 0) {
				want += v
			}
			if got[i] != want {
				t.Fatalf("window %v of %+v: got %v, want %v", out, g, got[i], want)
			}
			i++
		})
	})
}

// TestDivisorsCountPadding takes ONNX's rule by example: a window that ceil_mode adds
// counts the padding asked for, not what lies beyond it.
func TestDivisorsCountPadding(t *testing.T) {
	g := f32.Geometry{
		In: []int{4}, Out: []int{3}, Kernel: []int{3},
		Strides: []int{2}, Dilations: []int{1}, Begin: []int{1},
	}
	if got, want := g.Divisors([]int{1}, []int{0}), []float32{3, 3, 1}; !slices.Equal(got, want) {
		t.Errorf("padding at the front alone: got %v, want %v", got, want)
	}
	if got, want := g.Divisors([]int{1}, []int{1}), []float32{3, 3, 2}; !slices.Equal(got, want) {
		t.Errorf("padding at both ends: got %v, want %v", got, want)
	}
}

func TestMeanPlane(t *testing.T) {
	x := append([]float32{1 << 24}, slices.Repeat([]float32{1}, 1<<24)...)
	if got, want := f32.MeanPlane(x), float32(float64(1<<25)/(1<<24+1)); got != want {
		t.Errorf("got %v, want %v: ones are lost next to a large number", got, want)
	}
}

func BenchmarkConvPlane(b *testing.B) {
	for _, stride := range []int{1, 2} {
		b.Run(fmt.Sprintf("size=56/kernel=3/stride=%d", stride), func(b *testing.B) {
			win := f32.NewWindows(square(56, 3, stride))
			x, w, out := make([]float32, win.Plane), make([]float32, 9), make([]float32, len(win.Start))
			for b.Loop() {
				f32.ConvPlane(out, x, w, win)
			}
			b.ReportMetric(float64(2*9*len(out)*b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}

// square is a window with half padding over a square map.
func square(size, kernel, stride int) f32.Geometry {
	out := (size-1)/stride + 1
	return f32.Geometry{
		In: []int{size, size}, Out: []int{out, out}, Kernel: []int{kernel, kernel},
		Strides: []int{stride, stride}, Dilations: []int{1, 1}, Begin: []int{kernel / 2, kernel / 2},
	}
}

// randomFloats returns n numbers of both signs, some of them zero.
func randomFloats(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = max(-1, r.Float32()*3-1.5)
	}
	return x
}
