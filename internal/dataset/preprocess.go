package dataset

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Layouts and channel orders of a [Preprocess].
const (
	NCHW = "nchw"
	NHWC = "nhwc"
	RGB  = "rgb"
	BGR  = "bgr"
)

// Preprocess says how pixels of 0..255 become the values of a model's input:
//
//	value = (pixel*Scale - Mean[channel]) / Std[channel]
//
// Before that, a picture whose short side is longer than Resize is reduced to it, a
// picture that does not cover the crop is enlarged until it does, and the rest is cut
// off evenly on both sides. With Resize 0 there is no resampling, and a picture that is
// too small is an error. The zero value means that there are no pixels, as for NumPy
// arrays.
type Preprocess struct {
	Preset string  `json:"preset,omitempty"` // name it was made from, for display
	Scale  float64 `json:"scale"`
	// Mean and Std have one entry, or one per channel in the order of the model's input.
	Mean   []float64 `json:"mean"`
	Std    []float64 `json:"std"`
	Resize int       `json:"resize"`
	// Crop is the side of the part that is kept, 0 for the size of the model's input.
	Crop     int    `json:"crop"`
	Layout   string `json:"layout"`   // NCHW or NHWC; empty: as the model's input looks
	Channels string `json:"channels"` // RGB or BGR
}

// presets are the named ways of preprocessing. Models trained on CIFAR-10 are commonly
// normalised with the ImageNet statistics.
var presets = []Preprocess{
	{
		Preset: "imagenet", Scale: 1.0 / 255, Resize: 256, Channels: RGB,
		Mean: []float64{0.485, 0.456, 0.406}, Std: []float64{0.229, 0.224, 0.225},
	},
	{
		Preset: "cifar10", Scale: 1.0 / 255, Channels: RGB,
		Mean: []float64{0.485, 0.456, 0.406}, Std: []float64{0.229, 0.224, 0.225},
	},
	{Preset: "mnist", Scale: 1.0 / 255, Mean: []float64{0.5}, Std: []float64{0.5}, Channels: RGB},
	{Preset: "tf", Scale: 1.0 / 127.5, Mean: []float64{1}, Std: []float64{1}, Channels: RGB},
	{Preset: "raw", Scale: 1, Mean: []float64{0}, Std: []float64{1}, Channels: RGB},
}

// Presets returns the names of the presets.
func Presets() []string {
	names := make([]string, len(presets))
	for i, p := range presets {
		names[i] = p.Preset
	}
	return names
}

// Preset returns the preprocessing of that name.
func Preset(name string) (Preprocess, error) {
	i := slices.IndexFunc(presets, func(p Preprocess) bool { return p.Preset == name })
	if i < 0 {
		return Preprocess{}, fmt.Errorf("dataset: no preprocessing %q (try one of %s)", name, strings.Join(Presets(), ", "))
	}
	p := presets[i]
	p.Mean, p.Std = slices.Clone(p.Mean), slices.Clone(p.Std)
	return p, nil
}

// IsZero tells whether nothing is said about pixels.
func (p Preprocess) IsZero() bool { return p.Scale == 0 }

// check says what is wrong with the fields for a model input of that many channels; a
// Preprocess may come from a file.
func (p Preprocess) check(channels int) error {
	switch {
	case p.IsZero():
		return fmt.Errorf("no preprocessing given (try --preprocess %s)", strings.Join(Presets(), "|"))
	case p.Resize < 0 || p.Crop < 0 || p.Resize > maxSide || p.Crop > maxSide:
		return fmt.Errorf("resize to %d and crop to %d (0 to %d are possible)", p.Resize, p.Crop, maxSide)
	case p.Layout != "" && p.Layout != NCHW && p.Layout != NHWC:
		return fmt.Errorf("layout %q (try nchw or nhwc)", p.Layout)
	case p.Channels != RGB && p.Channels != BGR:
		return fmt.Errorf("channel order %q (try rgb or bgr)", p.Channels)
	case slices.Contains(p.Std, 0):
		return errors.New("a standard deviation of 0")
	}
	for _, v := range [][]float64{p.Mean, p.Std} {
		if len(v) != 1 && len(v) != channels {
			return fmt.Errorf("mean or std of %d channels for a model input of %d (try --mean and --std with one value)", len(v), channels)
		}
	}
	return nil
}

// table returns what each byte of each channel becomes. The sums are rounded one by one,
// so that they are the same on processors that fuse them.
func (p Preprocess) table(channels int) [][256]float32 {
	table := make([][256]float32, channels)
	for c := range table {
		mean, std := p.Mean[c%len(p.Mean)], p.Std[c%len(p.Std)]
		for v := range 256 {
			scaled := float64(float64(v) * p.Scale)
			table[c][v] = float32((scaled - mean) / std)
		}
	}
	return table
}

// Pixels says how the bytes of a picture become the values of a model's input.
type Pixels struct {
	H, W, C       int
	ChannelsFirst bool
	Values        [][256]float32 // by channel of the input
	From          []int          // the colour that a channel of the input comes from
}

// Pixels returns that for a model's input of a shape such as Options has it.
func (p Preprocess) Pixels(shape []int) (*Pixels, error) {
	f, err := formOf(shape, p.Layout)
	if err == nil {
		err = p.check(f.c)
	}
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	px := &Pixels{H: f.h, W: f.w, C: f.c, ChannelsFirst: f.layout != NHWC, Values: p.table(f.c)}
	for c := range f.c {
		if p.Channels == BGR {
			c = f.c - 1 - c
		}
		px.From = append(px.From, c)
	}
	return px, nil
}
