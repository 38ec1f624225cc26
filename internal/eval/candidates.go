package eval

import (
	"errors"
	"image"
	"slices"

	"ann2snn/internal/sampleid"
	"ann2snn/preprocess"
)

// geometry is how pictures come to the size of the model's input.
type geometry struct{ resize, crop int }

// candidate is a preprocessing to try: a geometry, and what becomes of the pixels then.
type candidate struct {
	spec  preprocess.Spec // all of it
	place geometry
	in    *preprocess.Input // takes pictures that have the size of the input
	right []int8            // per sample in the order of trying: 1 right, 0 wrong, -1 not tried
}

// candidates are the given preprocessing, first, and those that differ from it in the order of
// channels, in the layout of an input without axes, in scale and normalisation, or in how
// pictures are reduced. Those that make the same inputs of some pictures are one. Without all,
// those are left out that differ little from others.
func candidates(given preprocess.Spec, shape []int, pictures []image.Image, all bool) ([]*candidate, error) {
	first, err := newCandidate(given, shape)
	if err != nil {
		return nil, err
	}
	list := []*candidate{first}
	add := func(spec preprocess.Spec, place geometry) {
		spec.Resize, spec.Crop = place.resize, place.crop
		if c, err := newCandidate(spec, shape); err == nil {
			list = append(list, c)
		}
	}
	for _, values := range valuesOf(given, first.in, all) {
		add(values, first.place)
	}
	for _, place := range geometries(given, first.in, pictures)[1:] {
		add(given, place)
	}
	return distinct(list, pictures)
}

func newCandidate(spec preprocess.Spec, shape []int) (*candidate, error) {
	c := &candidate{spec: spec, place: geometry{spec.Resize, spec.Crop}}
	fitting := spec
	fitting.Resize, fitting.Crop = 0, 0
	var err error
	if _, err = spec.Input(shape); err == nil {
		c.in, err = fitting.Input(shape)
	}
	return c, err
}

// geometries are the given one and, where pictures have another size than the input, reducing
// them to it, reducing them to 8/7 of it (256 for 224), and taking the middle.
func geometries(given preprocess.Spec, in *preprocess.Input, pictures []image.Image) []geometry {
	all := []geometry{{given.Resize, given.Crop}}
	same := func(img image.Image) bool { return img.Bounds().Dx() == in.W && img.Bounds().Dy() == in.H }
	if !slices.ContainsFunc(pictures, func(img image.Image) bool { return !same(img) }) {
		return all
	}
	side := max(in.W, in.H)
	all = append(all, geometry{side, 0}, geometry{(side*8 + 6) / 7, 0})
	if in.W == in.H {
		all = append(all, geometry{0, side})
	}
	return all
}

// valuesOf are the ways to make values of pixels: in both orders of channels and, where the
// input has no axes, in both layouts.
func valuesOf(given preprocess.Spec, in *preprocess.Input, wide bool) []preprocess.Spec {
	var all []preprocess.Spec
	for _, values := range append([]preprocess.Spec{given}, normalisations(in.C, wide)...) {
		for _, channels := range []string{preprocess.RGB, preprocess.BGR} {
			for _, layout := range []string{in.Spec().Layout, preprocess.NCHW, preprocess.NHWC} {
				spec := values
				spec.Preset, spec.Channels, spec.Layout = "", channels, layout
				if values.Channels != channels && values.Preset != given.Preset {
					// constants of a data set belong to its colours
					spec.Mean, spec.Std = reversed(values.Mean), reversed(values.Std)
				}
				all = append(all, spec)
			}
		}
	}
	return all
}

// normalisations are what is customary: pixels of 0 to 1, the presets that suit so many channels,
// and Caffe's, which takes the mean of ImageNet off pixels of 0 to 255. Unless wide, those
// presets are left out whose constants are close to those of another.
func normalisations(channels int, wide bool) []preprocess.Spec {
	all := []preprocess.Spec{{Preset: "0..1", Scale: 1.0 / 255, Mean: []float64{0}, Std: []float64{1}, Channels: preprocess.RGB}}
	similar := []string{"cifar10-mean", "cifar100-mean"}
	for _, name := range preprocess.Presets() {
		spec, err := preprocess.Preset(name)
		if err == nil && (wide || !slices.Contains(similar, name)) && (name != "mnist-mean" || channels == 1) {
			all = append(all, spec)
		}
	}
	return append(all, preprocess.Spec{Preset: "caffe", Scale: 1, Mean: []float64{123.68, 116.779, 103.939}, Std: []float64{1}, Channels: preprocess.RGB})
}

func reversed(values []float64) []float64 {
	back := slices.Clone(values)
	slices.Reverse(back)
	return back
}

// distinct leaves out what cannot be applied to the pictures, and what makes the same of them as
// a candidate before it.
func distinct(all []*candidate, pictures []image.Image) ([]*candidate, error) {
	seen := map[sampleid.ID]bool{}
	var kept []*candidate
	var problem error
	for i, c := range all {
		id, err := c.effect(pictures)
		if err != nil {
			if i == 0 {
				problem = err
			}
			continue
		}
		if !seen[id] {
			seen[id] = true
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 {
		return nil, errors.Join(problem)
	}
	return kept, nil
}

// effect identifies what a candidate makes of pictures.
func (c *candidate) effect(pictures []image.Image) (sampleid.ID, error) {
	var all []float32
	sample := make([]float32, c.in.Len())
	for _, img := range pictures {
		placed, err := c.place.apply(img, c.in)
		if err == nil {
			err = c.in.Prepare(sample, placed)
		}
		if err != nil {
			return 0, err
		}
		all = append(all, sample...)
	}
	return sampleid.Values(all), nil
}

// apply brings a picture to the size of the input.
func (g geometry) apply(img image.Image, in *preprocess.Input) (image.Image, error) {
	spec := preprocess.Spec{
		Scale: 1, Mean: []float64{0}, Std: []float64{1}, Channels: preprocess.RGB, Layout: preprocess.NHWC,
		Resize: g.resize, Crop: g.crop,
	}
	pixels, err := spec.Input([]int{in.H, in.W, in.C})
	if err != nil {
		return nil, err
	}
	values := make([]float32, pixels.Len())
	if err := pixels.Prepare(values, img); err != nil {
		return nil, err
	}
	bounds := image.Rect(0, 0, in.W, in.H)
	if in.C == 1 {
		grey := image.NewGray(bounds)
		for i, v := range values {
			grey.Pix[i] = byte(v)
		}
		return grey, nil
	}
	colours := image.NewNRGBA(bounds)
	for i := range in.W * in.H {
		for c := range 3 {
			colours.Pix[4*i+c] = byte(values[3*i+c])
		}
		colours.Pix[4*i+3] = 255
	}
	return colours, nil
}
