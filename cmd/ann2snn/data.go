package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"ann2snn/calibrate"
	"ann2snn/internal/dataset"
	"ann2snn/ir"
	"ann2snn/preprocess"
)

// dataFlags say which samples to read and how.
type dataFlags struct {
	path        string
	format      string
	skip, limit int
	preprocess  dataset.Flags
}

func (f *dataFlags) register(fs *pflag.FlagSet, use string) {
	fs.StringVar(&f.path, "data", "", "`path` of the samples "+use+": IDX, CIFAR binary, folder of images, .npy or .npz")
	fs.StringVar(&f.format, "data-format", "", "how to read the samples, where it is not recognised: "+strings.Join(dataset.Formats(), "|"))
	fs.IntVar(&f.limit, "limit", 0, "use at most so many samples (0: all)")
	fs.IntVar(&f.skip, "skip", 0, "leave out so many samples first")
	f.registerPreprocess(fs)
}

func (f *dataFlags) registerPreprocess(fs *pflag.FlagSet) {
	p := &f.preprocess
	fs.StringVar(&p.Preset, "preprocess", "", "what the model wants done to pixels: "+strings.Join(preprocess.Presets(), "|"))
	fs.StringVar(&p.Scale, "scale", "", "`factor` for pixels of 0..255, such as 1/255")
	fs.StringVar(&p.Mean, "mean", "", "what to subtract after scaling, as `a,b,c` per channel")
	fs.StringVar(&p.Std, "std", "", "what to divide by, as `a,b,c` per channel")
	fs.StringVar(&p.Resize, "resize", "", "short `side` to reduce pictures to (0: none)")
	fs.StringVar(&p.Crop, "crop", "", "`side` of the part to keep")
	fs.StringVar(&p.Layout, "layout", "", "nchw|nhwc (default: from the model)")
	fs.StringVar(&p.Channels, "channels", "", "rgb|bgr")
}

// open opens the samples for a model that takes them in the given shape. stored is the
// preprocessing of an earlier command, nil where there was none; flags must not
// contradict it.
func (f *dataFlags) open(shape []int, stored json.RawMessage) (*dataset.Set, error) {
	p, err := f.settle(stored)
	if err != nil {
		return nil, err
	}
	return dataset.Open(f.path, dataset.Options{
		Format: f.format, Skip: f.skip, Limit: f.limit, Preprocess: p, InputShape: shape,
	})
}

// settle is the stored preprocessing, or else what the flags say.
func (f *dataFlags) settle(stored json.RawMessage) (preprocess.Spec, error) {
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

// sampleShape is the shape of one sample: that of the model's input without the batch.
func sampleShape(g *ir.Graph) ([]int, error) {
	if len(g.Inputs) != 1 {
		return nil, fmt.Errorf("the model has %d inputs, ann2snn converts models with one", len(g.Inputs))
	}
	t := g.Type(g.Inputs[0])
	if !t.Static() {
		return nil, hintf(errors.New("the shape of the model's input is not known"), "--input-shape fixes it")
	}
	dims := t.Shape.Ints()
	if len(dims) > 1 && dims[0] == 1 {
		dims = dims[1:]
	}
	return dims, nil
}

// syntheticSamples is how many made-up samples stand in where there are no data.
const syntheticSamples = 64

// syntheticSource makes up samples in the range of normalised pixels, or of -2..2, which
// most of standardised data lies in, where no preprocessing is given.
func syntheticSource(shape []int, p preprocess.Spec, seed uint64) calibrate.Source {
	low, high := float32(-2), float32(2)
	if len(p.Mean) > 0 && len(p.Std) > 0 {
		low, high = pixelRange(p)
	}
	return calibrate.Synthetic(shape, low, high, syntheticSamples, seed)
}

// pixelRange is what black and white become, at the channels where that is most.
func pixelRange(p preprocess.Spec) (low, high float32) {
	for c := range max(len(p.Mean), len(p.Std)) {
		mean, std := p.Mean[c%len(p.Mean)], p.Std[c%len(p.Std)]
		black, white := float32(-mean/std), float32((255*p.Scale-mean)/std)
		if c == 0 {
			low, high = black, white
		}
		low, high = min(low, black, white), max(high, black, white)
	}
	return low, high
}

// part is a stretch of a source.
type part struct {
	calibrate.Source
	from, n int
}

func (p part) Len() int { return p.n }

func (p part) Sample(i int, dst []float32) (int, error) { return p.Source.Sample(p.from+i, dst) }
