package preprocess

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // decoder
	_ "image/png"  // decoder

	_ "golang.org/x/image/bmp"  // decoder
	_ "golang.org/x/image/webp" // decoder
)

// MaxPixels bounds a picture before it is decoded.
const MaxPixels = 64 << 20

// picture is an 8-bit image, its channels (1: grey, 3: RGB) interleaved.
type picture struct {
	w, h, c int
	pix     []byte

	stated orientation // by which it was turned when it was decoded; 0 is upright
}

// ColorModel implements image.Image.
func (p picture) ColorModel() color.Model {
	if p.c == 1 {
		return color.GrayModel
	}
	return color.NRGBAModel
}

// Bounds implements image.Image.
func (p picture) Bounds() image.Rectangle { return image.Rect(0, 0, p.w, p.h) }

// At implements image.Image.
func (p picture) At(x, y int) color.Color {
	if !(image.Point{x, y}).In(p.Bounds()) {
		return color.NRGBA{}
	}
	at := p.pix[(y*p.w+x)*p.c:]
	if p.c == 1 {
		return color.Gray{Y: at[0]}
	}
	return color.NRGBA{R: at[0], G: at[1], B: at[2], A: 255}
}

// IsPicture reports whether a file that begins with head (12 bytes or more) is of a
// format that [Decode] reads.
func IsPicture(head []byte) bool {
	for _, magic := range []string{"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "BM"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP"
}

// Decode returns the picture in a JPEG, PNG, WebP or BMP file, grey or in colours. Pixels
// are those that Pillow decodes; lossy formats may differ by 3 of 255. Samples of 16 bits keep
// the upper 8. A picture of more than 64 million pixels is an error.
//
// The picture is upright: it is turned, or mirrored, as the EXIF of the file says. Where
// [Spec.IgnoreEXIF] is set, [Input.Prepare] takes the pixels as they lie in the file.
func Decode(file []byte) (image.Image, error) {
	p, err := decode(file)
	if err != nil {
		return nil, fmt.Errorf("preprocess: %w", err)
	}
	return p, nil
}

func decode(data []byte) (picture, error) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return picture{}, fmt.Errorf("not a readable JPEG, PNG, WebP or BMP picture: %w", err)
	}
	if cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > MaxPixels/cfg.Height {
		return picture{}, fmt.Errorf("picture of %d x %d pixels (at most %d are decoded)", cfg.Width, cfg.Height, MaxPixels)
	}
	img, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, fmt.Errorf("broken picture: %w", err)
	}
	convert := jpegToRGB
	if format == "webp" {
		convert = webpToRGB
	}
	stated := orientationOf(data)
	p := convertImage(img, convert).turned(stated)
	p.stated = stated
	return p, nil
}

// Pixels returns a picture as [Input.Prepare] sees it before it resizes: width, height and
// channels (1: grey, 3: RGB), and the pixels row by row, the channels of each together. They
// must not be changed. They are upright even where [Spec.IgnoreEXIF] is set. A picture of no
// pixels, or nil, has none.
func Pixels(img image.Image) (w, h, channels int, pixels []byte) {
	if img == nil || img.Bounds().Empty() {
		return 0, 0, 0, nil
	}
	p := fromImage(img)
	return p.w, p.h, p.c, p.pix
}

// fromImage converts a picture that may come from anywhere.
func fromImage(img image.Image) picture { return convertImage(img, jpegToRGB) }

// convertImage drops transparency: a transparent pixel keeps its colour.
func convertImage(img image.Image, convert toRGB) picture {
	switch img := img.(type) {
	case picture:
		return img
	case *image.Gray:
		return fromRows(img.Rect, 1, func(row []byte, y int) {
			copy(row, img.Pix[img.PixOffset(img.Rect.Min.X, y):])
		})
	case *image.YCbCr:
		return fromYCbCr(img, convert)
	case *image.NYCbCrA:
		return fromYCbCr(&img.YCbCr, convert)
	case *image.RGBA:
		if img.Opaque() {
			return fromRows(img.Rect, 3, func(row []byte, y int) {
				withoutAlpha(row, img.Pix[img.PixOffset(img.Rect.Min.X, y):])
			})
		}
	case *image.NRGBA:
		return fromRows(img.Rect, 3, func(row []byte, y int) {
			withoutAlpha(row, img.Pix[img.PixOffset(img.Rect.Min.X, y):])
		})
	case *image.NRGBA64:
		return fromRows(img.Rect, 3, func(row []byte, y int) {
			upperBytes(row, img.Pix[img.PixOffset(img.Rect.Min.X, y):])
		})
	case *image.Gray16:
		return fromRows(img.Rect, 1, func(row []byte, y int) {
			line := img.Pix[img.PixOffset(img.Rect.Min.X, y):]
			for i := range row {
				row[i] = line[2*i]
			}
		})
	case *image.CMYK:
		return fromRows(img.Rect, 3, func(row []byte, y int) {
			fromInks(row, img.Pix[img.PixOffset(img.Rect.Min.X, y):])
		})
	}
	return fromRows(img.Bounds(), 3, func(row []byte, y int) { rowOfAny(row, img, y) })
}

// fromRows fills a picture of c channels row by row.
func fromRows(bounds image.Rectangle, c int, fill func(row []byte, y int)) picture {
	p := picture{w: bounds.Dx(), h: bounds.Dy(), c: c}
	p.pix = make([]byte, p.w*p.h*c)
	for y := range p.h {
		fill(p.pix[y*p.w*c:][:p.w*c], bounds.Min.Y+y)
	}
	return p
}

func withoutAlpha(row, rgba []byte) {
	for i := range len(row) / 3 {
		copy(row[3*i:3*i+3], rgba[4*i:])
	}
}

// upperBytes keeps the colours of pixels of 4 x 16 bits, big-endian.
func upperBytes(row, rgba []byte) {
	for i := range len(row) / 3 {
		row[3*i], row[3*i+1], row[3*i+2] = rgba[8*i], rgba[8*i+2], rgba[8*i+4]
	}
}

// fromInks converts pixels of cyan, magenta, yellow and black as Pillow does, without a colour
// profile.
func fromInks(row, cmyk []byte) {
	for i := range row {
		pixel := cmyk[i/3*4:]
		light := 255 - int(pixel[3])
		taken := int(pixel[i%3])*light + 128
		row[i] = byte(light - (taken+taken>>8)>>8)
	}
}

func rowOfAny(row []byte, img image.Image, y int) {
	left := img.Bounds().Min.X
	for i := range len(row) / 3 {
		c := color.NRGBAModel.Convert(img.At(left+i, y)).(color.NRGBA)
		row[3*i], row[3*i+1], row[3*i+2] = c.R, c.G, c.B
	}
}

// withChannels converts to grey or RGB. The grey of a colour is ITU-R 601-2 luma with
// Pillow's coefficients.
func (p picture) withChannels(c int) picture {
	if p.c == c {
		return p
	}
	out := picture{w: p.w, h: p.h, c: c, pix: make([]byte, 0, p.w*p.h*c)}
	for i := range p.w * p.h {
		if c == 3 {
			out.pix = append(out.pix, p.pix[i], p.pix[i], p.pix[i])
			continue
		}
		rgb := p.pix[3*i:]
		luma := 19595*uint32(rgb[0]) + 38470*uint32(rgb[1]) + 7471*uint32(rgb[2])
		out.pix = append(out.pix, byte((luma+1<<15)>>16))
	}
	return out
}

// crop cuts a rectangle of w x h pixels out of the middle.
func (p picture) crop(w, h int) picture {
	if p.w == w && p.h == h {
		return p
	}
	left, top := middle(p.w-w), middle(p.h-h)
	out := picture{w: w, h: h, c: p.c, pix: make([]byte, 0, w*h*p.c)}
	for y := range h {
		start := ((top+y)*p.w + left) * p.c
		out.pix = append(out.pix, p.pix[start:start+w*p.c]...)
	}
	return out
}
