package dataset

import (
	"fmt"
	"image"
	"slices"

	"ann2snn/preprocess"
)

// pixelType is the element type of arrays that may hold pixels.
const pixelType = "uint8"

// pixelArray is an array of uint8 as pictures, one for each index of its first axis.
type pixelArray struct {
	*tensors
	h, w, c       int
	channelsFirst bool
}

// pictures sees pictures in the array: samples as the model takes them, or of any size in
// the order [H,W,C], [C,H,W] or [H,W]. in is what prepares pictures for the model.
func (a *arrays) pictures(shape []int, in *preprocess.Input) (images, error) {
	if size, _ := product(shape, maxSample); a.isSample(shape, int(size)) {
		a.x.shape = append([]int{1}, a.x.shape...)
	} else if s := a.x.shape; len(s) == 3 && s[2] == 3 && in.C == 3 {
		a.x.shape = append([]int{1}, s...) // one picture, [H,W,C]
	}
	p := &pixelArray{tensors: &tensors{arrays: a}, c: 1}
	if len(a.x.shape) < 2 {
		return nil, fmt.Errorf("array of shape %v holds no pictures", a.x.shape)
	}
	s := a.x.shape[1:]
	n, err := product(s, maxSample)
	if err != nil {
		return nil, err
	}
	p.size = int(n)
	switch {
	case fits(s, shape, in.Len()):
		p.h, p.w, p.c, p.channelsFirst = in.H, in.W, in.C, in.ChannelsFirst
	case len(s) == 2:
		p.h, p.w = s[0], s[1]
	case len(s) == 3 && isChannels(s[2]):
		p.h, p.w, p.c = s[0], s[1], s[2]
	case len(s) == 3 && isChannels(s[0]):
		p.h, p.w, p.c, p.channelsFirst = s[1], s[2], s[0], true
	default:
		return nil, fmt.Errorf("array of shape %v holds neither samples of the model's input shape %v nor pictures ([N,H,W], [N,H,W,3] or [N,3,H,W])", a.x.shape, shape)
	}
	return p, p.check()
}

func isChannels(n int) bool { return n == 1 || n == 3 }

func (p *pixelArray) image(i int) (image.Image, int, error) {
	values := make([]float32, p.size)
	label, err := p.read(i, values)
	if err != nil {
		return nil, label, err
	}
	bounds := image.Rect(0, 0, p.w, p.h)
	if p.c == 1 {
		img := image.NewGray(bounds)
		for k, v := range values {
			img.Pix[k] = byte(v)
		}
		return img, label, nil
	}
	img := image.NewNRGBA(bounds)
	plane := p.h * p.w
	for k := range plane {
		for c := range 3 {
			at := k*3 + c
			if p.channelsFirst {
				at = c*plane + k
			}
			img.Pix[k*4+c] = byte(values[at])
		}
		img.Pix[k*4+3] = 255
	}
	return img, label, nil
}

// isSample reports whether the whole array is one sample of that shape.
func (a *arrays) isSample(shape []int, size int) bool {
	n, err := product(a.x.shape, maxSample)
	return err == nil && int(n) == size && slices.Equal(withoutOnes(a.x.shape), withoutOnes(shape)) && (len(a.x.shape) < 2 || !fits(a.x.shape[1:], shape, size))
}
