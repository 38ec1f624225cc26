package preprocess

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
)

// MaxSide bounds resize and crop, in pixels.
const MaxSide = 1 << 14

// Input prepares pictures for a model's input. Its fields are for reading. It is safe for
// concurrent use.
type Input struct {
	H, W, C       int  // height, width and channels, 1 or 3
	ChannelsFirst bool // all values of a channel lie together, else all of a pixel

	// Values[c][b] is what byte b of a picture becomes in channel c of the input.
	Values [][256]float32
	// From[c] is the colour that channel c comes from: 0 red or grey, 1 green, 2 blue.
	From []int

	spec Spec
}

// Input returns what prepares pictures for a model's input of that shape: [C,H,W],
// [H,W,C], [H,W], or [N] for a flattened square; C is 1 or 3.
func (s Spec) Input(shape []int) (*Input, error) {
	in, err := s.input(shape)
	if err != nil {
		return nil, fmt.Errorf("preprocess: %w", err)
	}
	return in, nil
}

func (s Spec) input(shape []int) (*Input, error) {
	f, err := formOf(shape, s.Layout)
	if err != nil {
		return nil, err
	}
	if err := s.check(f.c); err != nil {
		return nil, err
	}
	if s.Crop != 0 && (s.Crop != f.w || s.Crop != f.h) {
		return nil, fmt.Errorf("crop to %d for a model input of %d x %d pixels (try without a crop)", s.Crop, f.w, f.h)
	}
	s.Layout = f.layout
	in := &Input{H: f.h, W: f.w, C: f.c, ChannelsFirst: f.layout != NHWC, Values: s.table(f.c), spec: s}
	for c := range f.c {
		if s.Channels == BGR {
			c = f.c - 1 - c
		}
		in.From = append(in.From, c)
	}
	return in, nil
}

// Spec returns the Spec with the layout filled in, as it is stored with a network.
func (in *Input) Spec() Spec { return in.spec }

// Len returns the number of values of the input.
func (in *Input) Len() int { return in.C * in.H * in.W }

// form is how a model's input holds a picture.
type form struct {
	c, h, w int
	layout  string
}

// formOf reads an input shape: [C,H,W] or [H,W,C] as the layout says or, if it does not,
// as the axis of 1 or 3 channels says; [H,W]; or [N], a flattened square. Two axes may also be
// [C,W] or [W,C] of a picture of height 1, and three be [H,1,W], where the layout says so.
func formOf(shape []int, layout string) (form, error) {
	if layout == HW {
		shape = withoutOnes(shape)
	}
	var f form
	switch {
	case len(shape) == 3 && layout != NHWC && isChannels(shape[0]):
		f = form{shape[0], shape[1], shape[2], NCHW}
	case len(shape) == 3 && layout != NCHW && isChannels(shape[2]):
		f = form{shape[2], shape[0], shape[1], NHWC}
	case len(shape) == 2 && layout == NCHW && isChannels(shape[0]):
		f = form{shape[0], 1, shape[1], NCHW}
	case len(shape) == 2 && layout == NHWC && isChannels(shape[1]):
		f = form{shape[1], 1, shape[0], NHWC}
	case len(shape) == 2 && layout != NHWC:
		f = form{1, shape[0], shape[1], HW}
	case len(shape) == 1:
		f = square(shape[0], cmp.Or(layout, NCHW))
	}
	if f.c == 0 {
		if layout == NCHW || layout == NHWC {
			if g, err := formOf(shape, ""); err == nil {
				return form{}, fmt.Errorf("a model input of shape %v is not %s, it holds a picture as %s (try without a layout)", shape, layout, g.layout)
			}
		}
		return form{}, fmt.Errorf("a model input of shape %v holds no grey or RGB image (try NumPy arrays as data)", shape)
	}
	if f.h < 1 || f.w < 1 || f.h > MaxSide || f.w > MaxSide {
		return form{}, fmt.Errorf("a model input of %d x %d pixels is out of range (1 to %d are possible)", f.w, f.h, MaxSide)
	}
	return f, nil
}

// withoutOnes returns the two axes of a grey picture.
func withoutOnes(shape []int) []int {
	for i, d := range shape {
		if d == 1 && len(shape) > 2 {
			return withoutOnes(slices.Delete(slices.Clone(shape), i, i+1))
		}
	}
	return shape
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

// Prepare writes a picture as the model's input to dst, which has [Input.Len] values. A
// WebP picture that was not decoded by [Decode] loses contrast, since its pixels cannot
// be told from those of a JPEG.
func (in *Input) Prepare(dst []float32, img image.Image) error {
	if err := in.prepare(dst, img); err != nil {
		return fmt.Errorf("preprocess: %w", err)
	}
	return nil
}

func (in *Input) prepare(dst []float32, img image.Image) error {
	if in.C == 0 {
		return errors.New("an Input comes from Spec.Input")
	}
	if len(dst) != in.Len() {
		return fmt.Errorf("room for %d values, the model takes %d", len(dst), in.Len())
	}
	if img == nil || img.Bounds().Empty() {
		return errors.New("the picture has no pixels")
	}
	p := fromImage(img)
	if in.spec.IgnoreEXIF {
		p = p.turned(p.stated.inverse())
	}
	p = p.withChannels(in.C)
	w, h, err := in.target(p.w, p.h)
	if err != nil {
		return err
	}
	if err := in.checkCrop(p, w, h); err != nil {
		return err
	}
	in.normalise(dst, p.resize(w, h).crop(in.W, in.H))
	return nil
}

// leastKept is how much of a picture cropping keeps at least where it is not asked for: half of
// its largest square.
const leastKept = 0.5

// checkCrop refuses to cut off most of a picture, which is reduced to w x h pixels, unless that
// is asked for. What a picture is longer than wide does not count.
func (in *Input) checkCrop(p picture, w, h int) error {
	side := max(float64(in.W)/float64(w), float64(in.H)/float64(h))
	if in.spec.Crop != 0 || side*side >= leastKept {
		return nil
	}
	size := fmt.Sprintf("picture of %d x %d pixels", p.w, p.h)
	if in.spec.Resize != 0 {
		size += fmt.Sprintf(", reduced to %d x %d,", w, h)
	}
	way := fmt.Sprintf("resizing to %d to see all of it", max(in.W, in.H))
	if in.W == in.H {
		way += fmt.Sprintf(", or cropping to %d to see the middle", in.W)
	}
	return fmt.Errorf("%s for a model input of %d x %d, which would keep %.2g %% of it (try %s)",
		size, in.W, in.H, 100*float64(in.W*in.H)/float64(w*h), way)
}

// target returns the size to resize a picture of w x h pixels to.
func (in *Input) target(w, h int) (int, int, error) {
	covers := w >= in.W && h >= in.H
	if in.spec.Resize == 0 {
		if !covers {
			return 0, 0, fmt.Errorf("picture of %d x %d pixels for a model input of %d x %d (try resizing to %d)",
				w, h, in.W, in.H, max(in.W, in.H))
		}
		return w, h, nil
	}
	short := min(w, h)
	side := min(short, in.spec.Resize)
	// The short side at which both sides cover the form, rounded up.
	side = max(side, ceilDiv(in.W*short, w), ceilDiv(in.H*short, h))
	w, h = w*side/short, h*side/short
	if w > MaxPixels/h {
		return 0, 0, errors.New("picture too long and thin to be resized")
	}
	return w, h, nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// middle returns where a part begins that leaves out spare pixels on both sides, one less
// before it if their number is odd.
func middle(spare int) int { return spare / 2 }

// normalise writes a picture of the form's size as the model's input.
func (in *Input) normalise(dst []float32, p picture) {
	plane := in.H * in.W
	for i := range plane {
		for c := range in.C {
			to := c*plane + i
			if !in.ChannelsFirst {
				to = i*in.C + c
			}
			dst[to] = in.Values[c][p.pix[i*in.C+in.From[c]]]
		}
	}
}
