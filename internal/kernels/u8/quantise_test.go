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
