package glyphs

import (
	"image"
	"math/rand/v2"
)

// Size is the width and height of a sample in pixels.
const Size = 28

// Classes names the labels: ten digits and the capital letters that are not taken for
// one of them or for each other when tilted and blurred (left out: B, D, G, I, O, Q, S, Z).
var Classes = []string{
	"0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
	"A", "C", "E", "F", "H", "J", "K", "L", "M", "N", "P", "R", "T", "U", "V", "W", "X", "Y",
}

// levelStep is the distance of two neighbouring grey levels. Sixteen levels halve the size
// of the embedded samples.
const levelStep = 17

// Draw returns samples 0..n-1 of a seed: n images of Size x Size grey bytes, row by row,
// and their labels, indices into Classes.
func Draw(seed uint64, n int) (images, labels []byte) {
	images = make([]byte, n*Size*Size)
	labels = make([]byte, n)
	for i := range n {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		labels[i] = byte(rng.IntN(len(Classes)))
		mask := masters()[rng.IntN(len(fonts))][labels[i]]
		sample(images[i*Size*Size:][:Size*Size], mask, rng)
	}
	return images, labels
}

func sample(dst []byte, mask *image.Alpha, rng *rand.Rand) {
	coverage := randomMap(rng).apply(mask)
	blur(coverage, between(rng, 0, 85))
	paper, ink := between(rng, 0, 70), between(rng, 120, 255)
	noise := between(rng, 5, 75)
	for i, c := range coverage {
		v := paper + (ink-paper)*c/255 + bell(rng, noise)
		dst[i] = byte((min(max(v, 0), 255) + levelStep/2) / levelStep * levelStep)
	}
}

// between draws an integer of lo..hi, both included.
func between(rng *rand.Rand, lo, hi int) int { return lo + rng.IntN(hi-lo+1) }

// bell draws from a bell-shaped distribution (the mean of four uniform ones) whose
// values stay within +-2*width; its standard deviation is about 0.58*width.
func bell(rng *rand.Rand, width int) int {
	sum := 0
	for range 4 {
		sum += between(rng, -2*width, 2*width)
	}
	return sum / 4
}

// blur convolves an image with [side, 256-2*side, side]/256 along both axes.
func blur(pixels []int, side int) {
	for i := range Size {
		blurLine(pixels[i*Size:], 1, side)
		blurLine(pixels[i:], Size, side)
	}
}

// blurLine blurs one row or column; the edge pixels are their own neighbours.
func blurLine(line []int, stride, side int) {
	before := line[0]
	for i := range Size {
		here := line[i*stride]
		after := line[min(i+1, Size-1)*stride]
		line[i*stride] = (side*(before+after) + (256-2*side)*here + 128) / 256
		before = here
	}
}
