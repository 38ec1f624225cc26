package calibrate

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Synthetic returns n made-up samples for calibration without data: smoothed noise that
// spans lo..hi, a different texture in every sample. shape is that of one sample with
// or without a leading 1; its last two axes are smooth. Samples depend on seed and
// their number alone.
func Synthetic(shape []int, lo, hi float32, n int, seed uint64) Source {
	s := synthetic{lo: lo, hi: hi, n: n, seed: seed, maps: 1, height: 1, width: 1}
	for i, d := range shape {
		switch {
		case i == len(shape)-1:
			s.width = d
		case i == len(shape)-2:
			s.height = d
		default:
			s.maps *= d
		}
	}
	return s
}

type synthetic struct {
	lo, hi              float32
	n                   int
	seed                uint64
	maps, height, width int
}

func (s synthetic) Len() int { return s.n }

// Sample implements Source; the class is never known.
func (s synthetic) Sample(i int, dst []float32) (int, error) {
	if want := s.maps * s.height * s.width; len(dst) != want {
		return 0, fmt.Errorf("calibrate: synthetic samples have %d elements, want %d", want, len(dst))
	}
	r := rand.New(rand.NewPCG(s.seed, uint64(i)))
	size := s.height * s.width
	for m := range s.maps {
		s.texture(r, dst[m*size:][:size])
	}
	return -1, nil
}

// octaveGain is the amplitude of an octave of noise against the next coarser one:
// natural images lose power with frequency at about this rate.
const octaveGain = 0.6

// texture adds up octaves of noise, from one cell to cells of a pixel, and scales the sum to
// the range.
func (s synthetic) texture(r *rand.Rand, dst []float32) {
	clear(dst)
	gain := 1.0
	for cells := 1; cells < 2*max(s.height, s.width); cells *= 2 {
		s.addOctave(r, dst, min(cells, s.height), min(cells, s.width), gain)
		gain *= octaveGain
	}
	scale(dst, s.lo, s.hi)
}

// addOctave adds bilinearly interpolated noise of rows x columns cells.
func (s synthetic) addOctave(r *rand.Rand, dst []float32, rows, columns int, gain float64) {
	corners := make([]float64, (rows+1)*(columns+1))
	for i := range corners {
		corners[i] = gain * r.NormFloat64()
	}
	for y := range s.height {
		top, fy := split(y, s.height, rows)
		for x := range s.width {
			left, fx := split(x, s.width, columns)
			c := corners[top*(columns+1)+left:]
			upper := float64(c[0]*(1-fx)) + float64(c[1]*fx)
			lower := float64(c[columns+1]*(1-fx)) + float64(c[columns+2]*fx)
			dst[y*s.width+x] += float32(float64(upper*(1-fy)) + float64(lower*fy))
		}
	}
}

// split places the middle of pixel i of n in a row of cells: which one, and how far in.
func split(i, n, cells int) (cell int, within float64) {
	at := (float64(i) + 0.5) / float64(n) * float64(cells)
	whole := math.Floor(at)
	return int(whole), at - whole
}

// scale maps the range of v to lo..hi; a constant becomes the middle.
func scale(v []float32, lo, hi float32) {
	least, most := v[0], v[0]
	for _, x := range v {
		least, most = min(least, x), max(most, x)
	}
	for i, x := range v {
		part := float32(0.5)
		if most > least {
			part = (x - least) / (most - least)
		}
		v[i] = min(lo+float32(part*(hi-lo)), hi)
	}
}
