package dataset

import (
	"fmt"
	"image"
	"math"
	"slices"

	"ann2snn/preprocess"
)

// PixelsOfArrays are pictures of which the samples of an array were made.
type PixelsOfArrays struct {
	set *Set
	in  *preprocess.Input
}

const (
	looked      = 8    // samples that tell what an array was made of
	leastPixels = 64   // of a picture; fewer values are features
	exactly     = 0.02 // of the step from one pixel to the next: how far values may lie from a pixel's
)

// MadeOf finds the pictures that an array of values was made of, and the preprocessing that
// was applied: every value of some samples has to be what a customary preprocessing makes of a
// whole pixel of 0 to 255. It reports false where none does, and for samples that are pictures
// already. shape is that of the model's input.
func (s *Set) MadeOf(shape []int) (*PixelsOfArrays, preprocess.Spec, bool) {
	if _, ok := s.samples.(*tensors); !ok {
		return nil, preprocess.Spec{}, false
	}
	var samples [][]float32
	for k := range min(looked, s.n) {
		values := make([]float32, s.size)
		if _, err := s.Sample(k*s.n/min(looked, s.n), values); err != nil {
			return nil, preprocess.Spec{}, false // who reads it next says so
		}
		samples = append(samples, values)
	}
	for _, spec := range customary() {
		in, err := spec.Input(shape)
		if err != nil || in.H*in.W < leastPixels {
			continue
		}
		p := &PixelsOfArrays{s, in}
		if p.explains(samples) {
			return p, in.Spec(), true
		}
	}
	return nil, preprocess.Spec{}, false
}

// customary are plain pixels, those of 0 to 1, and the presets, with the constants of colours
// in either order.
func customary() []preprocess.Spec {
	raw, err := preprocess.Preset("raw")
	if err != nil {
		panic(err) // there is such a preset
	}
	unit := raw
	unit.Scale = 1.0 / 255
	all := []preprocess.Spec{raw, unit}
	for _, name := range preprocess.Presets() {
		spec, err := preprocess.Preset(name)
		if err != nil {
			panic(err) // the table lacks a name of its own
		}
		spec.Resize = 0
		all = append(all, spec)
		if len(spec.Mean) > 1 {
			spec.Channels = preprocess.BGR
			spec.Mean, spec.Std = slices.Clone(spec.Mean), slices.Clone(spec.Std)
			slices.Reverse(spec.Mean)
			slices.Reverse(spec.Std)
			all = append(all, spec)
		}
	}
	return all
}

// explains reports whether all values are those of whole pixels, of which some are not 0 or 1:
// numbers of 0 and 1 alone are black and white of pixels of 0 to 1.
func (p *PixelsOfArrays) explains(samples [][]float32) bool {
	bright := false
	for _, values := range samples {
		for i, v := range values {
			c := p.channel(i)
			b := p.pixel(c, v)
			table := &p.in.Values[c]
			if math.Abs(float64(table[b]-v)) > exactly*math.Abs(float64(table[1]-table[0])) {
				return false
			}
			bright = bright || b > 1
		}
	}
	return bright
}

// channel is the channel of element i.
func (p *PixelsOfArrays) channel(i int) int {
	if p.in.ChannelsFirst {
		return i / (p.in.H * p.in.W)
	}
	return i % p.in.C
}

// pixel is the pixel of which a channel's value is nearest.
func (p *PixelsOfArrays) pixel(channel int, v float32) byte {
	table := &p.in.Values[channel]
	black, step := float64(table[0]), float64(table[255]-table[0])/255
	return byte(math.Round(min(max((float64(v)-black)/step, 0), 255)))
}

// Len returns the number of samples.
func (p *PixelsOfArrays) Len() int { return p.set.n }

// Picture returns what sample i was made of, and its class, -1 when it has none. Values that no
// pixel has are those of the nearest.
func (p *PixelsOfArrays) Picture(i int) (image.Image, int, error) {
	values := make([]float32, p.set.size)
	label, err := p.set.Sample(i, values)
	if err != nil {
		return nil, label, err
	}
	in, bounds := p.in, image.Rect(0, 0, p.in.W, p.in.H)
	if in.C == 1 {
		img := image.NewGray(bounds)
		for k, v := range values {
			img.Pix[k] = p.pixel(0, v)
		}
		return img, label, nil
	}
	img := image.NewNRGBA(bounds)
	for k, v := range values {
		at, c := k/in.C, p.channel(k)
		if in.ChannelsFirst {
			at = k % (in.H * in.W)
		}
		img.Pix[4*at+in.From[c]] = p.pixel(c, v)
		img.Pix[4*at+3] = 255
	}
	return img, label, nil
}

// ArrayType returns the type of the elements where samples are arrays that are taken as they
// are, such as "float32"; else it is empty.
func (s *Set) ArrayType() string {
	if t, ok := s.samples.(*tensors); ok {
		return t.x.dtype.name
	}
	return ""
}

// transposed is a way out for an array whose axes are those of the model in another order.
func (a *arrays) transposed(shape []int) string {
	have := a.x.shape
	if len(have) != 4 || len(shape) != 3 || slices.Equal(have[1:], shape) {
		return ""
	}
	for _, order := range [][]int{{3, 1, 2}, {2, 3, 1}} {
		if have[order[0]] == shape[0] && have[order[1]] == shape[1] && have[order[2]] == shape[2] {
			return fmt.Sprintf(" (try numpy.transpose(x, (0, %d, %d, %d)))", order[0], order[1], order[2])
		}
	}
	return ""
}
