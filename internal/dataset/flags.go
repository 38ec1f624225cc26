package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ann2snn/preprocess"
)

// Flags are the preprocessing flags of the command line as text; empty means not given.
type Flags struct {
	Preset, Scale, Mean, Std, Resize, Crop, Layout, Channels string

	IgnoreEXIF bool
}

// Given returns the flags that were given, as they are written.
func (f Flags) Given() []string {
	var given []string
	if f.Preset != "" {
		given = append(given, "--preprocess")
	}
	for _, flag := range flags {
		if flag.text(f) != "" {
			given = append(given, "--"+flag.name)
		}
	}
	if f.IgnoreEXIF {
		given = append(given, "--ignore-exif")
	}
	return given
}

// flag is one of Flags: how its text changes a preprocess.Spec, and the field it decides.
type flag struct {
	name  string
	text  func(Flags) string
	set   func(p *preprocess.Spec, text string) error
	field func(preprocess.Spec) string
}

var flags = []flag{
	{
		"scale", func(f Flags) string { return f.Scale }, setScale,
		func(p preprocess.Spec) string { return strconv.FormatFloat(p.Scale, 'g', -1, 64) },
	},
	{
		"mean", func(f Flags) string { return f.Mean },
		func(p *preprocess.Spec, text string) (err error) { p.Mean, err = parseFloats(text); return err },
		func(p preprocess.Spec) string { return formatFloats(p.Mean) },
	},
	{
		"std", func(f Flags) string { return f.Std },
		setStd,
		func(p preprocess.Spec) string { return formatFloats(p.Std) },
	},
	{
		"resize", func(f Flags) string { return f.Resize },
		func(p *preprocess.Spec, text string) (err error) { p.Resize, err = parseSide(text); return err },
		func(p preprocess.Spec) string { return strconv.Itoa(p.Resize) },
	},
	{
		"crop", func(f Flags) string { return f.Crop },
		func(p *preprocess.Spec, text string) (err error) { p.Crop, err = parseSide(text); return err },
		func(p preprocess.Spec) string { return strconv.Itoa(p.Crop) },
	},
	{
		"layout", func(f Flags) string { return f.Layout },
		func(p *preprocess.Spec, text string) (err error) {
			p.Layout, err = oneOf(text, preprocess.NCHW, preprocess.NHWC)
			return err
		},
		func(p preprocess.Spec) string { return p.Layout },
	},
	{
		"channels", func(f Flags) string { return f.Channels },
		func(p *preprocess.Spec, text string) (err error) {
			p.Channels, err = oneOf(text, preprocess.RGB, preprocess.BGR)
			return err
		},
		func(p preprocess.Spec) string { return p.Channels },
	},
}

// Preprocess returns what the flags say: the preset or plain pixels, changed by the
// other flags; the zero value if there are none. One of preset and scale is needed,
// because nothing else says whether a network takes pixels of 0..1 or of 0..255.
func (f Flags) Preprocess() (preprocess.Spec, error) {
	if f == (Flags{}) {
		return preprocess.Spec{}, nil
	}
	if f.Preset == "" && f.Scale == "" {
		return preprocess.Spec{}, fmt.Errorf("dataset: %s without --preprocess or --scale, one of which pixels need; arrays of floats are taken as they are (try --scale 1/255 for a network that wants pixels in 0..1, or --preprocess %s)",
			strings.Join(f.Given(), ", "), strings.Join(preprocess.Presets(), "|"))
	}
	return f.apply()
}

// apply returns the preset, raw if there is none, changed by the other flags.
func (f Flags) apply() (preprocess.Spec, error) {
	p, err := preprocess.Preset(cmp.Or(f.Preset, "raw"))
	if err != nil {
		return preprocess.Spec{}, err
	}
	p.Preset, p.IgnoreEXIF = f.Preset, f.IgnoreEXIF
	for _, flag := range flags {
		text := flag.text(f)
		if text == "" {
			continue
		}
		if err := flag.set(&p, text); err != nil {
			return preprocess.Spec{}, fmt.Errorf("dataset: --%s %q %w", flag.name, text, err)
		}
	}
	return p, nil
}

// Agree returns the preprocessing that was stored with a network, or an error that lists
// where the flags contradict it. Flags that are not given, and what a preset leaves open
// (crop and layout), agree with everything. If nothing is stored, the flags decide, and so do
// --resize and --crop where none was stored. --ignore-exif is about the files and not about the
// network: it may be given at any time.
func (f Flags) Agree(stored preprocess.Spec) (preprocess.Spec, error) {
	if stored.IsZero() {
		return f.Preprocess()
	}
	said, err := f.apply()
	if err != nil {
		return preprocess.Spec{}, err
	}
	var clashes []error
	for _, flag := range flags {
		if flag.text(f) == "" && !f.presetDecides(flag.name) {
			continue
		}
		if flag.text(f) != "" && flag.late(said, &stored) {
			continue
		}
		if want, have := flag.field(said), flag.field(stored); want != have {
			clashes = append(clashes, fmt.Errorf("  %s is %s by the flags, but %s as stored", flag.name, want, have))
		}
	}
	if len(clashes) > 0 {
		return preprocess.Spec{}, fmt.Errorf("dataset: flags contradict the preprocessing stored with the network (try without them):\n%w", errors.Join(clashes...))
	}
	stored.IgnoreEXIF = stored.IgnoreEXIF || f.IgnoreEXIF
	return stored, nil
}

// late takes a flag for what was never stored.
func (f flag) late(said preprocess.Spec, stored *preprocess.Spec) bool {
	switch {
	case f.name == "resize" && stored.Resize == 0:
		stored.Resize = said.Resize
	case f.name == "crop" && stored.Crop == 0:
		stored.Crop = said.Crop
	default:
		return false
	}
	return true
}

func (f Flags) presetDecides(flag string) bool {
	return f.Preset != "" && flag != "crop" && flag != "layout"
}

// setScale reads a factor or a fraction such as 1/255.
func setScale(p *preprocess.Spec, text string) error {
	numerator, denominator, isFraction := strings.Cut(text, "/")
	n, err := strconv.ParseFloat(numerator, 64)
	d := 1.0
	if isFraction && err == nil {
		d, err = strconv.ParseFloat(denominator, 64)
	}
	if p.Scale = n / d; err != nil || !isFinite(p.Scale) || p.Scale == 0 {
		return errors.New("is not a factor other than 0, such as 1/255")
	}
	return nil
}

func setStd(p *preprocess.Spec, text string) (err error) {
	p.Std, err = parseFloats(text)
	if err == nil && slices.Contains(p.Std, 0) {
		return errors.New("divides by 0")
	}
	return err
}

// parseSide reads a number of pixels.
func parseSide(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > preprocess.MaxSide {
		return 0, fmt.Errorf("is not a number of pixels from 0 to %d", preprocess.MaxSide)
	}
	return n, nil
}

// oneOf reads one of several words, in letters of either case.
func oneOf(text string, words ...string) (string, error) {
	word := strings.ToLower(text)
	if !slices.Contains(words, word) {
		return "", fmt.Errorf("is none of %s", strings.Join(words, ", "))
	}
	return word, nil
}

func isFinite(v float64) bool { return v-v == 0 }

func parseFloats(text string) ([]float64, error) {
	var values []float64
	for field := range strings.SplitSeq(text, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err != nil || !isFinite(v) {
			return nil, errors.New("is not a number, or one for each channel with commas between")
		}
		values = append(values, v)
	}
	return values, nil
}

// formatFloats writes equal values once, since one value means all channels.
func formatFloats(values []float64) string {
	if len(slices.Compact(slices.Clone(values))) == 1 {
		values = values[:1]
	}
	fields := make([]string, len(values))
	for i, v := range values {
		fields[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strings.Join(fields, ",")
}
