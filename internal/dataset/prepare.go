package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"math"
)

// maxSide bounds resize and crop, in pixels.
const maxSide = 1 << 14

// prepared are images together with what happens to them.
type prepared struct {
	images
	form   form
	resize int
	bgr    bool
	table  [][256]float32
}

// prepare settles the preprocessing of images for a model's input. It returns the
// preprocessing with layout and crop filled in.
func prepare(im images, o Options) (*prepared, Preprocess, error) {
	p := o.Preprocess
	f, err := formOf(o.InputShape, p.Layout)
	if err != nil {
		return nil, p, err
	}
	if err := p.check(f.c); err != nil {
		return nil, p, err
	}
	if p.Crop != 0 && (p.Crop != f.w || p.Crop != f.h) {
		return nil, p, fmt.Errorf("crop to %d for a model input of %d x %d pixels (try without --crop)", p.Crop, f.w, f.h)
	}
	p.Layout = f.layout
	if f.w == f.h {
		p.Crop = f.w
	}
	return &prepared{im, f, p.Resize, p.Channels == BGR, p.table(f.c)}, p, nil
}

// form is how a model's input holds a picture.
type form struct {
	c, h, w int
	layout  string
}

// formOf reads an input shape: [C,H,W] or [H,W,C] as the layout says or, if it does not,
// as the axis of 1 or 3 channels tells; [H,W]; or [N], a flattened square.
func formOf(shape []int, layout string) (form, error) {
	var f form
	switch {
	case len(shape) == 3 && layout != NHWC && isChannels(shape[0]):
		f = form{shape[0], shape[1], shape[2], NCHW}
	case len(shape) == 3 && layout != NCHW && isChannels(shape[2]):
		f = form{shape[2], shape[0], shape[1], NHWC}
	case len(shape) == 2:
		f = form{1, shape[0], shape[1], cmp.Or(layout, NCHW)}
	case len(shape) == 1:
		f = square(shape[0], cmp.Or(layout, NCHW))
	}
	if f.c == 0 {
		return form{}, fmt.Errorf("a model input of shape %v holds no grey or RGB image (try NumPy arrays as data)", shape)
	}
	if f.h > maxSide || f.w > maxSide {
		return form{}, fmt.Errorf("a model input of %d x %d pixels is too large", f.w, f.h)
	}
	return f, nil
}

func isChannels(n int) bool { return n == 1 || n == 3 }

// square returns the form of n values that are a square of 1 or 3 channels.
func square(n int, layout string) form {
	for _, c := range []int{1, 3} {
		side := int(math.Round(math.Sqrt(float64(n / c))))
		if c*side*side == n {
			return form{c, side, side, layout}
		}
	}
	return form{}
}

func (p *prepared) read(i int, dst []float32) (int, error) {
	pic, label, err := p.image(i)
	if err != nil {
		return label, err
	}
	pic, err = p.fit(pic.withChannels(p.form.c))
	if err != nil {
		return label, err
	}
	p.normalise(dst, pic)
	return label, nil
}

// fit resizes and crops a picture to the form.
func (p *prepared) fit(pic picture) (picture, error) {
	w, h, err := p.target(pic.w, pic.h)
	if err != nil {
		return picture{}, err
	}
	return pic.resize(w, h).crop(p.form.w, p.form.h), nil
}

// target returns the size to resize a picture of w x h pixels to.
func (p *prepared) target(w, h int) (int, int, error) {
	covers := w >= p.form.w && h >= p.form.h
	if p.resize == 0 {
		if !covers {
			return 0, 0, fmt.Errorf("picture of %d x %d pixels for a model input of %d x %d (try --resize %d)",
				w, h, p.form.w, p.form.h, max(p.form.w, p.form.h))
		}
		return w, h, nil
	}
	short := min(w, h)
	side := min(short, p.resize)
	// The short side at which both sides cover the form, rounded up.
	side = max(side, ceilDiv(p.form.w*short, w), ceilDiv(p.form.h*short, h))
	w, h = w*side/short, h*side/short
	if w > maxPixels/h {
		return 0, 0, errors.New("picture too long and thin to be resized")
	}
	return w, h, nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// middle returns where a part begins that leaves out spare pixels on both sides, one less
// before it if their number is odd.
func middle(spare int) int { return spare / 2 }

// normalise writes a picture of the form's size as the model's input.
func (p *prepared) normalise(dst []float32, pic picture) {
	f := p.form
	for i := range f.h * f.w {
		for c := range f.c {
			from := c
			if p.bgr {
				from = f.c - 1 - c
			}
			to := c*f.h*f.w + i
			if f.layout == NHWC {
				to = i*f.c + c
			}
			dst[to] = p.table[c][pic.pix[i*f.c+from]]
		}
	}
}
