package u8

import (
	"math/rand/v2"
	"testing"
)

// TestEvenRowsDivide: blocks follow each other, none is larger than asked for, and the
// parts of a map are all of it.
func TestEvenRowsDivide(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		e := evenRows{pixels: 1 + r.IntN(300)}
		pixels := e.pixels * (1 + r.IntN(20))
		from, limit := r.IntN(pixels), 1+r.IntN(600)
		for from < pixels {
			end := min(pixels, e.end(from, limit))
			if end <= from || end-from > limit {
				t.Fatalf("rows of %d, at most %d: a block from %d to %d", e.pixels, limit, from, end)
			}
			from = end
		}
		c := Conv{even: e, outOff: make([]int64, pixels)}
		parts := 1 + r.IntN(30)
		if first, last := c.Cut(0, parts), c.Cut(parts, parts); first != 0 || last != pixels {
			t.Fatalf("%d pixels in %d parts: from %d to %d", pixels, parts, first, last)
		}
		for i := range parts {
			if c.Cut(i, parts) > c.Cut(i+1, parts) {
				t.Fatalf("%d pixels in %d parts: part %d ends before it starts", pixels, parts, i)
			}
		}
	}
}
