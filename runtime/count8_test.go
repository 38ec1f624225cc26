package runtime

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

// TestFloorInt looks at what surrounds multiples of thresholds, where rounding could tell.
func TestFloorInt(t *testing.T) {
	for _, theta := range []int32{1, 2, 3, 7, 49, 1000, 12345, 1<<24 - 1, 1<<24 + 1, 1 << 30, math.MaxInt32} {
		for k := int64(-300); k <= 300; k++ {
			for _, d := range []int64{-1, 0, 1} {
				v := k*int64(theta) + d
				if v != int64(int32(v)) {
					continue
				}
				floor := k
				if d < 0 || d >= int64(theta) {
					floor += d
				}
				if d < 0 && theta > 1 {
					floor = k - 1
				}
				for _, low := range []int32{-255, -15, 0} {
					want := int32(max(int64(low), min(floor, 255)))
					if got := floorInt(int32(v), 1/float64(theta), low, 255); got != want {
						t.Fatalf("floor(%d/%d) from %d on is %d, want %d", v, theta, low, got, want)
					}
				}
			}
		}
	}
}
