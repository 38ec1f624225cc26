package u8

import (
	"math/rand/v2"
	"testing"

	"ann2snn/internal/kernels/cpu"
)

func TestMaxPool(t *testing.T) {
	for _, set := range cpu.Sets() {
		r := rand.New(rand.NewPCG(7, 8))
		w := NewWorker(set)
		for _, c := range newConvCases(r) {
			c.out.C, c.out.Step = c.in.C, c.in.Step
			pool := NewMaxPool(c.in, c.out, c.window)
			got, want := make([]uint8, c.out.Len()), make([]uint8, c.out.Len())
			for i := range got {
				got[i], want[i] = 0xa5, 0xa5
			}
			third := pool.Pixels() / 3
			w.MaxPool(pool, got, c.src, third, pool.Pixels())
			w.MaxPool(pool, got, c.src, 0, third)
			for pixel := range c.out.H * c.out.W {
				for channel := range c.in.C {
					want[c.out.Offset(pixel/c.out.W, pixel%c.out.W)+channel] = c.largest(pixel/c.out.W, pixel%c.out.W, channel)
				}
			}
			if i := differs(got, want); i >= 0 {
				t.Fatalf("%s: %s: byte %d is %d, want %d", set.Name, c.name, i, got[i], want[i])
			}
		}
	}
}

// largest returns the largest level of a channel in the window of output pixel (y, x).
func (c *convCase) largest(y, x, channel int) uint8 {
	best := uint8(0xa5) // what the output holds where a window is empty
	first := true
	for ky := range c.window.Kernel[0] {
		for kx := range c.window.Kernel[1] {
			iy := y*c.window.Stride[0] - c.window.Pad[0] + ky*c.window.Dilation[0]
			ix := x*c.window.Stride[1] - c.window.Pad[1] + kx*c.window.Dilation[1]
			if iy < 0 || ix < 0 || iy >= c.in.H || ix >= c.in.W {
				continue
			}
			if level := c.src[c.in.Offset(iy, ix)+channel]; first || level > best {
				first, best = false, level
			}
		}
	}
	return best
}
