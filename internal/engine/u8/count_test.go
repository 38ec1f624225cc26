package u8

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"
)

func TestCountPixel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		zero := uint8(r.IntN(2) * r.IntN(128))
		levels := make([]uint8, r.IntN(40))
		events, set := 0, 0
		for i := range levels {
			levels[i] = zero
			if r.IntN(2) == 0 {
				levels[i] = uint8(r.IntN(256))
			}
			if zero != 0 { // a level and its sign fit into 8 bits
				levels[i] = min(levels[i], zero+math.MaxInt8)
			}
			size := max(int(levels[i])-int(zero), int(zero)-int(levels[i]))
			events += min(size, 1)
			set += bits.OnesCount8(uint8(size))
		}
		if e, s := countPixel(levels, zero); e != events || s != set {
			t.Fatalf("%v around %d: %d events and %d bits, want %d and %d", levels, zero, e, s, events, set)
		}
	}
}
