package kernels

import (
	"math/rand/v2"
	"testing"
)

func TestMaxPool8(t *testing.T) {
	for _, set := range Sets() {
		r := rand.New(rand.NewPCG(7, 8))
		w := NewWorker8(set)
		for _, c := range newConv8Cases(r) {
			c.out.C, c.out.Step = c.in.C, c.in.Step
			pool := NewMaxPool8(c.in, c.out, c.window)
			got, want := make([]uint8, c.out.Len()), make([]uint8, c.out.Len())
			for i := range got {
				got[i], want[i] = 0xa5, 0xa5
			}
			third := pool.Pixels() / 3
			w.MaxPool(pool, got, c.src, third, pool.Pixels())
			w.MaxPool(pool, got, c.src, 0, third)
			forWindows(SpikeMap{c.in.H, c.in.W, 1}, SpikeMap{c.out.H, c.out.W, 1}, &c.window, func(o, i, tap int) {
				for channel := range c.in.C {
					level := c.src[c.in.Offset(i/c.in.W, i%c.in.W)+channel]
					best := &want[c.out.Offset(o/c.out.W, o%c.out.W)+channel]
					if *best == 0xa5 && tap == c.firstTap(o) {
						*best = 0
					}
					*best = max(*best, level)
				}
			})
			if i := differs(got, want); i >= 0 {
				t.Fatalf("%s: %s: byte %d is %d, want %d", set.Name, c.name, i, got[i], want[i])
			}
		}
	}
}

// firstTap is the first tap of output pixel o inside the map.
func (c *conv8Case) firstTap(o int) int {
	fromY, _, _ := c.window.Taps(0, o/c.out.W, c.in.H)
	fromX, _, _ := c.window.Taps(1, o%c.out.W, c.in.W)
	return fromY*c.window.Kernel[1] + fromX
}
