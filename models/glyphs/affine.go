package glyphs

import (
	"image"
	"math/rand/v2"
)

// one is 1 in the 16.16 fixed point of affine maps.
const one = 1 << 16

// affine maps a pixel's distance from the sample's centre (plus a shift) to a distance
// from the mask's centre, in 16.16 fixed point.
type affine struct {
	xx, xy, yx, yy int
	dx, dy         int // shift, in 16.16 pixels of the sample
}

// randomMap draws an aspect ratio, a tilt (up to 17 degrees), a shear, a size (capitals
// 14 to 22 pixels high) and a shift (up to 3 pixels).
func randomMap(rng *rand.Rand) affine {
	zoom := between(rng, one*18/10, one*28/10)
	tilt := between(rng, -one*3/10, one*3/10)
	shear := between(rng, -one*2/10, one*2/10)
	scale := func(v int) int { return v * zoom / one }
	return affine{
		xx: scale(between(rng, one*85/100, one*115/100)),
		xy: scale(shear - tilt),
		yx: scale(tilt),
		yy: scale(between(rng, one*9/10, one*11/10)),
		dx: between(rng, -3*one, 3*one),
		dy: between(rng, -3*one, 3*one),
	}
}

// grid is the number of points per pixel and axis whose mean is the pixel's coverage.
const grid = 4

// apply returns the coverage (0..255) of every pixel of a sample.
func (a affine) apply(mask *image.Alpha) []int {
	pixels := make([]int, Size*Size)
	for y := range Size * grid {
		for x := range Size * grid {
			pixels[y/grid*Size+x/grid] += a.at(mask, x, y)
		}
	}
	for i := range pixels {
		pixels[i] /= grid * grid
	}
	return pixels
}

// at returns the mask's value at one point of the grid, 0 outside of the mask.
func (a affine) at(mask *image.Alpha, x, y int) int {
	px := (2*x+1)*one/(2*grid) - Size*one/2 - a.dx
	py := (2*y+1)*one/(2*grid) - Size*one/2 - a.dy
	u := a.xx*px/one + a.xy*py/one + mask.Rect.Dx()*one/2
	v := a.yx*px/one + a.yy*py/one + mask.Rect.Dy()*one/2
	if u < 0 || v < 0 {
		return 0
	}
	return int(mask.AlphaAt(u/one, v/one).A)
}
