package u8

import (
	"math"
	"math/rand/v2"
	"testing"

	"ann2snn/internal/kernels/cpu"
)

func TestQuantise(t *testing.T) {
	for _, set := range cpu.Sets() {
		r := rand.New(rand.NewPCG(3, 4))
		w := NewWorker(set)
		for range 300 {
			scale, most := math.Exp(r.NormFloat64()*3), 1+r.Int32N(127)
			src := make([]float32, r.IntN(70)+1)[1:]
			for i := range src {
				switch r.IntN(4) {
				case 0: // halfway between levels, as near as it gets
					x := float32((float64(r.IntN(255)) - 126.5) * scale)
					src[i] = math.Float32frombits(math.Float32bits(x) + uint32(r.IntN(3)) - 1)
				case 1:
					src[i] = float32(r.NormFloat64() * scale * 1e3)
				default:
					src[i] = float32((r.Float64() - 0.5) * 2 * float64(most) * scale)
				}
			}
			got := make([]uint8, len(src)+1)[1:]
			if bad := w.Quantise(NewQuantiser(scale, most), got, src); bad >= 0 {
				t.Fatalf("%s: %v is not finite", set.Name, src[bad])
			}
			for i, x := range src {
				level := math.Floor(float64(x)/scale + 0.5)
				if want := int32(max(-float64(most), min(level, float64(most)))) + most; int32(got[i]) != want {
					t.Fatalf("%s: %v of scale %v: %d, want %d", set.Name, x, scale, got[i], want)
				}
			}
		}
	}
}

// TestQuantisePixels: every channel has the levels that its own quantiser gives.
func TestQuantisePixels(t *testing.T) {
	scales := []float64{0.5, 1000, 1e-3}
	var q []*Quantiser
	for _, scale := range scales {
		q = append(q, NewQuantiser(scale, 100))
	}
	r := rand.New(rand.NewPCG(5, 6))
	src := make([]float32, 30)
	for i := range src {
		src[i] = float32(r.NormFloat64() * 50 * scales[i%3])
	}
	got := make([]uint8, len(src))
	if bad := QuantisePixels(q, got, src); bad >= 0 {
		t.Fatalf("%v is not finite", src[bad])
	}
	for i, x := range src {
		level := math.Floor(float64(x)/scales[i%3] + 0.5)
		if want := int32(max(-100, min(level, 100))) + 100; int32(got[i]) != want {
			t.Errorf("%v of scale %v: %d, want %d", x, scales[i%3], got[i], want)
		}
	}
	src[17] = float32(math.NaN())
	if at := QuantisePixels(q, got, src); at != 17 {
		t.Errorf("what is not finite is found at %d", at)
	}
}

func TestQuantiseFindsWhatIsNotFinite(t *testing.T) {
	for _, set := range cpu.Sets() {
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for at := range 40 {
				src := make([]float32, 40)
				src[at] = float32(x)
				if got := NewWorker(set).Quantise(NewQuantiser(0.5, 127), make([]uint8, 40), src); got != at {
					t.Fatalf("%s: %v at %d is found at %d", set.Name, x, at, got)
				}
			}
		}
	}
}
