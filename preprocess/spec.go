package preprocess

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Values of [Spec.Layout] and [Spec.Channels].
const (
	NCHW = "nchw" // all values of a channel lie together
	NHWC = "nhwc" // all values of a pixel lie together
	HW   = "hw"   // grey: the model's input has no axis of channels
	RGB  = "rgb"
	BGR  = "bgr"
)

// Spec says how pixels of 0..255 become the values of a model's input:
//
//	value = (pixel*Scale - Mean[channel]) / Std[channel]
//
// Before that, a picture whose short side is longer than Resize is reduced to it, a
// picture that does not cover the crop is enlarged until it does, and the rest is cut
// off evenly on both sides. With Resize 0 there is no resampling, and a picture that is
// too small is an error. So is one of which less than half would be kept, unless Crop is
// set; what a picture is longer than wide does not count. The zero value says that the model
// takes no pictures.
//
// A .snn file stores the JSON of a Spec; its fields are never renamed.
type Spec struct {
	Preset string  `json:"preset,omitempty"` // name it was made from, for display
	Scale  float64 `json:"scale"`
	// Mean and Std have one entry, or one per channel in the order of the model's input.
	Mean   []float64 `json:"mean"`
	Std    []float64 `json:"std"`
	Resize int       `json:"resize"`
	// Crop asks for cutting off even most of a picture; it is the side of the model's input. 0
	// cuts off less.
	Crop     int    `json:"crop"`
	Layout   string `json:"layout"`   // NCHW, NHWC or HW; empty: as the model's input looks
	Channels string `json:"channels"` // RGB or BGR
	// IgnoreEXIF takes the pixels of files as they lie there, whatever EXIF says of how they are
	// to be turned, as torchvision's ImageFolder does.
	IgnoreEXIF bool `json:"ignore_exif,omitempty"`
}

// presets are what Preset returns; its documentation states them too. Models trained on
// CIFAR-10 are normalised with the statistics of ImageNet or with those of CIFAR-10 itself,
// and models trained on MNIST to -1..1 or with its statistics: each has a name of its own.
var presets = []Spec{
	{
		Preset: "imagenet", Scale: 1.0 / 255, Resize: 256, Channels: RGB,
		Mean: []float64{0.485, 0.456, 0.406}, Std: []float64{0.229, 0.224, 0.225},
	},
	{
		Preset: "cifar10", Scale: 1.0 / 255, Channels: RGB,
		Mean: []float64{0.485, 0.456, 0.406}, Std: []float64{0.229, 0.224, 0.225},
	},
	{
		Preset: "cifar10-mean", Scale: 1.0 / 255, Channels: RGB,
		Mean: []float64{0.4914, 0.4822, 0.4465}, Std: []float64{0.247, 0.2435, 0.2616},
	},
	{
		Preset: "cifar100-mean", Scale: 1.0 / 255, Channels: RGB,
		Mean: []float64{0.5071, 0.4865, 0.4409}, Std: []float64{0.2673, 0.2564, 0.2762},
	},
	{Preset: "mnist", Scale: 1.0 / 255, Mean: []float64{0.5}, Std: []float64{0.5}, Channels: RGB},
	{Preset: "mnist-mean", Scale: 1.0 / 255, Mean: []float64{0.1307}, Std: []float64{0.3081}, Channels: RGB},
	{Preset: "tf", Scale: 1.0 / 127.5, Mean: []float64{1}, Std: []float64{1}, Channels: RGB},
	{Preset: "raw", Scale: 1, Mean: []float64{0}, Std: []float64{1}, Channels: RGB},
}

// Presets returns the names that [Preset] knows.
func Presets() []string {
	names := make([]string, len(presets))
	for i, s := range presets {
		names[i] = s.Preset
	}
	return names
}

// Preset returns the preprocessing of that name, one of [Presets]:
//
//   - imagenet: 0..1, less ImageNet's mean (0.485, 0.456, 0.406), by its deviation (0.229,
//     0.224, 0.225); the short side is reduced to 256 pixels
//   - cifar10: the same values without resizing; see cifar10-mean
//   - cifar10-mean: 0..1, less CIFAR-10's own mean (0.4914, 0.4822, 0.4465), by its deviation
//     (0.247, 0.2435, 0.2616)
//   - cifar100-mean: 0..1, less CIFAR-100's mean (0.5071, 0.4865, 0.4409), by its deviation
//     (0.2673, 0.2564, 0.2762)
//   - mnist: 0..1, less 0.5, by 0.5, which gives -1..1
//   - mnist-mean: 0..1, less MNIST's mean (0.1307), by its deviation (0.3081)
//   - tf: -1..1, as TensorFlow's models take it
//   - raw: 0..255
func Preset(name string) (Spec, error) {
	i := slices.IndexFunc(presets, func(s Spec) bool { return s.Preset == name })
	if i < 0 {
		return Spec{}, fmt.Errorf("preprocess: no preprocessing %q (try one of %s)", name, strings.Join(Presets(), ", "))
	}
	s := presets[i]
	s.Mean, s.Std = slices.Clone(s.Mean), slices.Clone(s.Std)
	return s, nil
}

// Parse reads a stored Spec, such as Meta.Preprocess of a snn.Network. Nothing stored is
// the zero Spec.
func Parse(stored []byte) (Spec, error) {
	var s Spec
	if len(stored) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(stored, &s); err != nil {
		return Spec{}, fmt.Errorf("preprocess: the stored preprocessing cannot be read: %w", err)
	}
	return s, nil
}

// Encode returns the form that [Parse] reads, nil for the zero Spec.
func (s Spec) Encode() ([]byte, error) {
	if s.IsZero() {
		return nil, nil
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("preprocess: %w", err)
	}
	return b, nil
}

// String says in words what is done to pixels, with all constants.
func (s Spec) String() string {
	if s.IsZero() {
		return "none"
	}
	var b strings.Builder
	if s.Preset != "" {
		b.WriteString(s.Preset + ": ")
	}
	b.WriteString(s.formula())
	if s.Resize != 0 {
		fmt.Fprintf(&b, ", short side reduced to %d", s.Resize)
	}
	if s.Crop != 0 {
		fmt.Fprintf(&b, ", the middle %d x %d kept", s.Crop, s.Crop)
	}
	for _, word := range []string{s.Channels, s.Layout} {
		if word != "" {
			b.WriteString(", " + word)
		}
	}
	if s.IgnoreEXIF {
		b.WriteString(", as it lies in the file")
	}
	return b.String()
}

// formula says what becomes of a pixel.
func (s Spec) formula() string {
	value := "pixel"
	inverse := math.Round(10/s.Scale) / 10
	switch {
	case s.Scale == 1:
	case math.Abs(inverse*s.Scale-1) < 1e-12:
		value += fmt.Sprintf(" / %g", inverse)
	default:
		value += fmt.Sprintf(" * %g", s.Scale)
	}
	if mean := constants(s.Mean); mean != "0" {
		value += " - " + mean
	}
	if std := constants(s.Std); std != "1" {
		value = "(" + value + ") / " + std
	}
	return value
}

// constants writes one value, or the values of all channels in brackets.
func constants(values []float64) string {
	if len(values) == 1 {
		return strconv.FormatFloat(values[0], 'g', -1, 64)
	}
	fields := make([]string, len(values))
	for i, v := range values {
		fields[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return "[" + strings.Join(fields, ", ") + "]"
}

// IsZero reports whether s says nothing about pixels.
func (s Spec) IsZero() bool { return s.Scale == 0 }

// check says what is wrong with the fields for a model input of that many channels; a
// Spec may come from a file.
func (s Spec) check(channels int) error {
	switch {
	case s.IsZero():
		return fmt.Errorf("no preprocessing given (try the preset %s)", strings.Join(Presets(), "|"))
	case s.Resize < 0 || s.Crop < 0 || s.Resize > MaxSide || s.Crop > MaxSide:
		return fmt.Errorf("resize to %d and crop to %d (0 to %d are possible)", s.Resize, s.Crop, MaxSide)
	case s.Layout != "" && s.Layout != NCHW && s.Layout != NHWC && s.Layout != HW:
		return fmt.Errorf("layout %q (try nchw or nhwc)", s.Layout)
	case s.Channels != RGB && s.Channels != BGR:
		return fmt.Errorf("channel order %q (try rgb or bgr)", s.Channels)
	case slices.Contains(s.Std, 0):
		return errors.New("a standard deviation of 0")
	}
	for _, v := range [][]float64{s.Mean, s.Std} {
		if len(v) != 1 && len(v) != channels {
			return fmt.Errorf("mean or std of %d channels for a model input of %d (try one value for all channels)", len(v), channels)
		}
	}
	return nil
}

// table returns what each byte of each channel becomes. The sums are rounded one by one,
// so that they are the same on processors that fuse them.
func (s Spec) table(channels int) [][256]float32 {
	table := make([][256]float32, channels)
	for c := range table {
		mean, std := s.Mean[c%len(s.Mean)], s.Std[c%len(s.Std)]
		for v := range 256 {
			scaled := float64(float64(v) * s.Scale)
			table[c][v] = float32((scaled - mean) / std)
		}
	}
	return table
}
