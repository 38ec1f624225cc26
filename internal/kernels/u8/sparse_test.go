package u8

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/kerneltest"
)

// TestSparse: from lists of what is not zero come the sums and levels that come from the
// maps, in steps with a list and in steps without.
func TestSparse(t *testing.T) {
	takeAllWays(t)
	for _, set := range cpu.Sets() {
		r, w := rand.New(rand.NewPCG(13, 14)), NewWorker(set)
		tested := 0
		for _, c := range newConvCases(r) {
			for _, zero := range []uint8{0, uint8(c.in.most() / 2)} {
				c.zero = zero
				conv := NewConv(c.in, c.out, c.window, c.groups, c.weights)
				conv.Pack(c.weights)
				if sparse := NewSparse(conv, zero); sparse != nil {
					c.testSparse(t, w, sparse, r)
					tested++
				}
			}
		}
		if tested < 10 {
			t.Errorf("%d cases: not a test", tested)
		}
	}
}

func (c *convCase) testSparse(t *testing.T, w *Worker, sparse *Sparse, r *rand.Rand) {
	t.Helper()
	conv, maps := sparse.conv, []uint8(nil)
	for _, share := range []float64{0, 0.05, 1} {
		maps = append(maps, c.thin(share, r)...)
	}
	theta := make([]int32, c.out.C)
	for i := range theta {
		theta[i] = 1 + r.Int32N(5000)
	}
	dense := Call{
		Conv: conv, Src: maps, Bias: conv.PackBias(c.bias, c.zero), Later: conv.PackBias(make([]int32, c.out.C), c.zero),
		Dst: make([]uint8, 3*c.out.Len()), Fire: NewFire(Neuron{Theta: theta, Lo: -15, Hi: 15}, conv.LaneChannels()),
		Time: Time{Steps: 3, Rho: 2, Totals: true},
	}
	dense.mixAtRandom(r)
	listed := dense
	listed.Sparse, listed.Dst = sparse, make([]uint8, len(dense.Dst))
	for step := range 3 {
		e := sparse.NewEvents(0.5)
		if !sparse.List(e, maps[step*c.in.Len():]) {
			e = nil
		}
		listed.Events = append(listed.Events, e)
	}
	c.run(w, &dense)
	c.run(w, &listed)
	if !slices.Equal(dense.Dst, listed.Dst) {
		t.Fatalf("%s: %s, zero %d: levels differ", w.set.needs, c.name, c.zero)
	}
	dense.Sums, listed.Sums = make([]int32, 3*conv.Pixels()*conv.Lanes()), make([]int32, 3*conv.Pixels()*conv.Lanes())
	c.run(w, &dense)
	c.run(w, &listed)
	for i := range dense.Sums {
		if channel := conv.lanes[i%conv.Lanes()]; channel >= 0 && dense.Sums[i] != listed.Sums[i] {
			t.Fatalf("%s: %s, zero %d: sum %d is %d, want %d", w.set.needs, c.name, c.zero, i, listed.Sums[i], dense.Sums[i])
		}
	}
}

// thin returns a map in which about a share of the groups of four channels are not zero.
func (c *convCase) thin(share float64, r *rand.Rand) []uint8 {
	src := make([]uint8, c.in.Len())
	for i := range src {
		src[i] = c.zero
	}
	for y := range c.in.H {
		for x := range c.in.W {
			for group := 0; group < c.in.C; group += 4 {
				if r.Float64() < share {
					for i := range 4 {
						src[c.in.Offset(y, x)+group+i] = uint8(r.Int32N(c.in.most() + 1))
					}
				}
			}
		}
	}
	return src
}

// BenchmarkSparse compares the sparse path, listing included, with the dense one at some
// shares of groups that are not zero.
func BenchmarkSparse(b *testing.B) {
	for _, l := range []kerneltest.Layer{
		{Size: 56, In: 64, Out: 64, Kernel: 3, Stride: 1, Groups: 1}, {Size: 28, In: 128, Out: 128, Kernel: 3, Stride: 1, Groups: 1}, {Size: 14, In: 256, Out: 256, Kernel: 3, Stride: 1, Groups: 1}, {Size: 14, In: 256, Out: 1024, Kernel: 1, Stride: 1, Groups: 1},
	} {
		for _, share := range []float64{0.01, 0.05, 0.1} {
			b.Run(l.String()+"/"+fmt.Sprint(share), func(b *testing.B) {
				conv, dense := prepare(l, "fire")
				c := &convCase{in: conv.in}
				dense.Src = c.thin(share, rand.New(rand.NewPCG(1, 2)))
				listed, sparse, w := *dense, NewSparse(conv, 0), NewWorker(cpu.Sets()[0])
				listed.Sparse, listed.Events = sparse, []*Events{sparse.NewEvents(0.2)}
				kerneltest.ReportRatio(b, func() { w.convAll(dense) }, func() {
					if !sparse.List(listed.Events[0], listed.Src) {
						b.Fatal("no room")
					}
					w.convAll(&listed)
				})
			})
		}
	}
}
