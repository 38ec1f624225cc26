package preprocess

import "math"

// Resizing follows Pillow's Image.resize(BILINEAR) to the bit, because that is what most
// networks were trained and published with: a triangle filter that widens when reducing,
// rows first, 8 bits between the passes, integer weights.

// weightBits is the precision of the integer weights, 32 - 8 - 2 as in Pillow.
const weightBits = 22

// resize returns the picture at w x h pixels.
func (p picture) resize(w, h int) picture {
	if w != p.w {
		p = p.resizeRows(w)
	}
	if h != p.h {
		p = p.resizeColumns(h)
	}
	return p
}

func (p picture) resizeRows(w int) picture {
	out := picture{w: w, h: p.h, c: p.c, pix: make([]byte, w*p.h*p.c)}
	taps := triangle(p.w, w)
	for y := range p.h {
		for x, t := range taps {
			for c := range p.c {
				out.pix[(y*w+x)*p.c+c] = t.sum(p.pix[y*p.w*p.c+c:], p.c)
			}
		}
	}
	return out
}

func (p picture) resizeColumns(h int) picture {
	stride := p.w * p.c
	out := picture{w: p.w, h: h, c: p.c, pix: make([]byte, h*stride)}
	for y, t := range triangle(p.h, h) {
		for i := range stride {
			out.pix[y*stride+i] = t.sum(p.pix[i:], stride)
		}
	}
	return out
}

// tap is how one output pixel is made of a run of input pixels.
type tap struct {
	first   int
	weights []int32 // in units of 2^-weightBits
}

// sum applies the weights to a line of pixels that lie stride bytes apart.
func (t tap) sum(line []byte, stride int) byte {
	total := int32(1 << (weightBits - 1))
	at := t.first * stride
	for _, w := range t.weights {
		total += w * int32(line[at])
		at += stride
	}
	return byte(min(max(total>>weightBits, 0), 255))
}

// triangle returns the taps that take in pixels to out pixels.
func triangle(in, out int) []tap {
	scale := float64(in) / float64(out)
	support := max(scale, 1)
	taps := make([]tap, out)
	for i := range taps {
		centre := (float64(i) + 0.5) * scale
		first := max(int(centre-support+0.5), 0)
		last := min(int(centre+support+0.5), in)
		taps[i] = tap{first, triangleWeights(first, last, centre, support)}
	}
	return taps
}

// triangleWeights returns the weights of pixels first..last-1, whose sum is about one.
func triangleWeights(first, last int, centre, support float64) []int32 {
	weights := make([]float64, last-first)
	sum := 0.0
	for i := range weights {
		distance := (float64(first+i) - centre + 0.5) * (1 / support)
		weights[i] = max(1-math.Abs(distance), 0)
		sum += weights[i]
	}
	rounded := make([]int32, len(weights))
	for i, w := range weights {
		rounded[i] = int32(math.Floor(0.5 + float64(w/sum)*(1<<weightBits)))
	}
	return rounded
}
