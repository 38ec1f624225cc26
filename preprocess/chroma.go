package preprocess

import "image"

// Colour planes of half the width or height are enlarged with the triangle filter of
// libjpeg ("fancy upsampling") and libwebp, since networks were trained on what those
// decode. image.YCbCr.At would repeat pixels, which is off by about one grey level.

// toRGB converts a pixel. WebP has luma in 16..235 and chroma in 16..240, JPEG uses all
// values.
type toRGB func(y, cb, cr uint8) (r, g, b uint8)

// fromYCbCr converts a decoded JPEG or WebP picture, or a part of one.
func fromYCbCr(img *image.YCbCr, convert toRGB) picture {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	cb, cr := fullChroma(img, img.Cb), fullChroma(img, img.Cr)
	p := picture{w: w, h: h, c: 3, pix: make([]byte, 0, 3*w*h)}
	for y := range h {
		luma := img.Y[img.YOffset(img.Rect.Min.X, img.Rect.Min.Y+y):]
		for x := range w {
			r, g, b := convert(luma[x], cb[y*w+x], cr[y*w+x])
			p.pix = append(p.pix, r, g, b)
		}
	}
	return p
}

// webpToRGB is libwebp's conversion (ITU-R 601 with 8-bit ranges as in video).
func webpToRGB(y, cb, cr uint8) (r, g, b uint8) {
	luma := int(y) * 19077 >> 8
	u, v := int(cb), int(cr)
	return clip6(luma + v*26149>>8 - 14234),
		clip6(luma - u*6419>>8 - v*13320>>8 + 8708),
		clip6(luma + u*33050>>8 - 17685)
}

// clip6 drops six bits of fraction.
func clip6(v int) uint8 { return clip(v >> 6) }

func clip(v int) uint8 { return uint8(min(max(v, 0), 255)) }

// jpegToRGB is libjpeg's conversion, which rounds where color.YCbCrToRGB truncates.
func jpegToRGB(y, cb, cr uint8) (r, g, b uint8) {
	luma, u, v := int(y), int(cb)-128, int(cr)-128
	return clip(luma + (91881*v+1<<15)>>16),
		clip(luma + (1<<15-22554*u-46802*v)>>16),
		clip(luma + (116130*u+1<<15)>>16)
}

// fullChroma returns a colour plane with one value per pixel.
func fullChroma(img *image.YCbCr, plane []byte) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	full := make([]byte, 0, w*h)
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422:
		// A part may begin in the middle of what a value of the plane stands for.
		left, top := img.Rect.Min.X&1, img.Rect.Min.Y&1
		sums, row := make([]int, (left+w+1)/2), make([]byte, left+w)
		for y := range h {
			if img.SubsampleRatio == image.YCbCrSubsampleRatio420 {
				blendRows(sums, plane, img.CStride, top+y, (top+h+1)/2)
				widen(row, sums, 4, 8, 7)
			} else {
				for x := range sums {
					sums[x] = int(plane[y*img.CStride+x])
				}
				widen(row, sums, 2, 1, 2)
			}
			full = append(full, row[left:]...)
		}
	default:
		for y := range h {
			for x := range w {
				full = append(full, plane[img.COffset(img.Rect.Min.X+x, img.Rect.Min.Y+y)])
			}
		}
	}
	return full
}

// blendRows sums three times the row of the plane that pixel row y lies in and the row
// it is next to, which is the same one at the edges.
func blendRows(sums []int, plane []byte, stride, y, rows int) {
	near := y / 2
	far := min(max(near-1+2*(y%2), 0), rows-1)
	for x := range sums {
		sums[x] = 3*int(plane[near*stride+x]) + int(plane[far*stride+x])
	}
}

// widen does the same along a row and drops the fraction of that many bits; even and odd
// pixels round differently to keep the mean.
func widen(dst []byte, sums []int, bits, roundEven, roundOdd int) {
	for x := range dst {
		near, round := x/2, roundEven
		far := max(near-1, 0)
		if x%2 == 1 {
			far, round = min(near+1, len(sums)-1), roundOdd
		}
		dst[x] = byte((3*sums[near] + sums[far] + round) >> bits)
	}
}
