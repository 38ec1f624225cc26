package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"ann2snn/internal/budget"
	"ann2snn/internal/dataset"
	"ann2snn/internal/eval"
	"ann2snn/preprocess"
)

// dataFlags say which samples to read and how.
type dataFlags struct {
	path        string
	stream      io.Reader // in place of the file at path, where it is not nil
	format      string
	skip, limit int
	skipBad     bool
	preprocess  dataset.Flags
	assumed     bool     // the preprocessing is no user's choice: it may be without effect
	values      bool     // labels may be values; see dataset.Options
	targets     bool     // the task is settled by labels that are values
	classes     []string // of the network, where they are known; see dataset.Options
	outputs     int      // of the model, where its labels count
	warn        func(format string, args ...any)
}

func (f *dataFlags) register(fs *pflag.FlagSet, use string) {
	fs.StringVar(&f.path, "data", "", "`path` of the samples "+use+": IDX, CIFAR binary, folder of images, .npy or .npz")
	fs.StringVar(&f.format, "data-format", "", "how to read the samples, where it is not recognised: "+strings.Join(dataset.Formats(), "|"))
	fs.IntVar(&f.limit, "limit", 0, "use only the first so many samples (0: all)")
	fs.IntVar(&f.skip, "skip", 0, "leave out so many samples first")
	f.registerSkipBad(fs)
	f.registerPreprocess(fs)
}

func (f *dataFlags) registerSkipBad(fs *pflag.FlagSet) {
	fs.BoolVar(&f.skipBad, "skip-bad", false, "leave out samples that cannot be read, and list them, in place of an error")
}

func (f *dataFlags) registerPreprocess(fs *pflag.FlagSet) {
	p := &f.preprocess
	fs.StringVar(&p.Preset, "preprocess", "", "what the model wants done to pixels:\n"+presets())
	fs.StringVar(&p.Scale, "scale", "", "`factor` for pixels of 0..255, such as 1/255")
	fs.StringVar(&p.Mean, "mean", "", "what to subtract after scaling, as `a,b,c` per channel")
	fs.StringVar(&p.Std, "std", "", "what to divide by, as `a,b,c` per channel")
	fs.StringVar(&p.Resize, "resize", "", "short `side` to reduce pictures to (0: none)")
	fs.StringVar(&p.Crop, "crop", "", "keep the middle of pictures, even if that is a small part: its `side`, the model's")
	fs.StringVar(&p.Layout, "layout", "", "nchw|nhwc (default: from the model)")
	fs.StringVar(&p.Channels, "channels", "", "rgb|bgr")
	fs.BoolVar(&p.IgnoreEXIF, "ignore-exif", false, "take pictures as they lie in their files, whatever EXIF says of their orientation, as torchvision does")
}

// presets lists what --preprocess may be, with all constants.
func presets() string {
	var lines []string
	for _, name := range preprocess.Presets() {
		spec, err := preprocess.Preset(name)
		if err != nil {
			panic(err) // the table lacks a name of its own
		}
		spec.Channels = "" // all are RGB
		lines = append(lines, spec.String())
	}
	return strings.Join(lines, "\n")
}

// checkUsed refuses flags that have no effect without --data. Where samples are made up,
// those of preprocessing have one.
func (f *dataFlags) checkUsed(madeUp bool) error {
	var idle []string
	for name, given := range map[string]bool{"--data-format": f.format != "", "--limit": f.limit != 0, "--skip": f.skip != 0, "--skip-bad": f.skipBad} {
		if given {
			idle = append(idle, name)
		}
	}
	slices.Sort(idle)
	if !madeUp {
		idle = append(idle, f.preprocess.Given()...)
	}
	if f.path != "" || len(idle) == 0 {
		return nil
	}
	return usagef("%s without --data: there is nothing to prepare", strings.Join(idle, ", "))
}

// open opens the samples for a model that takes them in the given shape. stored is the
// preprocessing of an earlier command, nil where there was none; flags must not
// contradict it.
func (f *dataFlags) open(ctx context.Context, shape []int, stored json.RawMessage) (*dataset.Set, error) {
	p, err := f.spec(stored)
	switch {
	case err != nil:
		return nil, err
	case f.limit < 0:
		return nil, usagef("--limit %d is negative; 0 uses all samples", f.limit)
	case f.skip < 0:
		return nil, usagef("--skip %d is negative", f.skip)
	}
	given := f.preprocess.Given()
	if f.assumed {
		given = nil
	}
	options := dataset.Options{
		Format: f.format, Skip: f.skip, Limit: f.limit, Preprocess: p, Given: given, InputShape: shape,
		SkipBad: f.skipBad, Values: f.values, Targets: f.targets, Budget: budget.From(ctx),
		Classes: f.classes, Outputs: f.outputs,
	}
	var set *dataset.Set
	if f.stream != nil {
		set, err = dataset.OpenReader(f.stream, f.path, options)
	} else {
		set, err = dataset.Open(f.path, options)
	}
	if err == nil {
		f.listBad(set)
	}
	return set, err
}

// listBad says which samples are left out.
func (f *dataFlags) listBad(set *dataset.Set) {
	bad := set.Bad()
	if len(bad) == 0 {
		return
	}
	const most = 20
	var list strings.Builder
	for i, b := range bad {
		if i == most {
			fmt.Fprintf(&list, "\nand %d more", len(bad)-most)
			break
		}
		fmt.Fprintf(&list, "\n%q: %v", b.Name, b.Err)
	}
	f.warn("%s cannot be read and left out, %s used:%s", eval.Plural(len(bad), "sample"), eval.Plural(set.Len(), "sample"), inWords(list.String()))
}

// tell says what a user may not expect of how samples were read.
func (a *app) tell(set *dataset.Set) {
	for _, text := range set.Notes() {
		a.note("note: %s", text)
	}
}

// spec returns the stored preprocessing, or what the flags say where nothing is stored.
func (f *dataFlags) spec(stored json.RawMessage) (preprocess.Spec, error) {
	p, err := preprocess.Parse(stored)
	if err != nil {
		return p, err
	}
	p, err = f.preprocess.Agree(p)
	if err != nil {
		return p, &usageError{err}
	}
	return p, nil
}
