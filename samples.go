package ann2snn

import (
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"path/filepath"

	"ann2snn/calibrate"
	"ann2snn/internal/dataset"
	"ann2snn/internal/sampleid"
	"ann2snn/preprocess"
)

// Samples are inputs of a model, prepared as it takes them, with what a network keeps of
// them. Methods of [Model] make them; a Source of your own does as well.
type Samples struct {
	Source     calibrate.Source
	Name       string          // for reports
	Classes    []string        // names of the classes by number: a network keeps them if there is one for each output
	Preprocess preprocess.Spec // how pictures became inputs; zero where there were none
	MadeUp     bool            // the samples stand in for real ones, see Model.MadeUp
	Bad        []error         // samples that SampleOptions.SkipBad left out
	Notes      []string        // of how the data was read, in words: files left out, an order that was assumed
}

// SampleOptions say which samples to read and how.
type SampleOptions struct {
	// Preprocess is needed for pictures, unless the model tells it, see [Model.Preprocess]. Where
	// it is given, NumPy arrays of uint8 are pictures
	// too; other arrays are taken as they are.
	Preprocess preprocess.Spec
	// Classes are the names of the classes by number, such as Network.Labels: where folders or
	// labels.txt name classes, they are found among these, and another name is an error.
	Classes     []string
	Format      string // one of Formats; by default recognised by content
	Skip, Limit int    // leave out so many first, and then read at most so many; Limit 0: all
	// SkipBad leaves out samples that cannot be read, which all are once for that, and lists
	// them in Samples.Bad. Without it one that is needed is a [*SampleError].
	SkipBad bool
}

// Formats lists the names of the formats that [Model.OpenSamples] reads.
func Formats() []string { return dataset.Formats() }

// OpenSamples opens data for a model:
//
//   - a folder of pictures (JPEG, PNG, WebP, BMP), or one picture;
//   - a folder of folders of pictures, named by class or numbered, or a folder of pictures
//     with labels.txt, which has FILE CLASS in each line;
//   - MNIST IDX images (*-images-idx3-ubyte[.gz]), with their labels where these lie in the
//     same folder, or a folder with one such file;
//   - CIFAR-10 or CIFAR-100 binaries (*.bin), or a folder of them;
//   - a NumPy array (.npy) of one sample or more, or an archive (.npz) with the array x
//     and, for labels, y. Arrays of uint8 are pixels where there is a preprocessing.
//
// The format is recognised by content. Samples are read when they are needed; Close closes
// the files.
func (m *Model) OpenSamples(path string, o SampleOptions) (*Samples, error) {
	return m.openSamples(filepath.Base(path), o, func(d dataset.Options) (*dataset.Set, error) { return dataset.Open(path, d) })
}

// OpenSamplesFS is [Model.OpenSamples] for a file or folder of a file system.
func (m *Model) OpenSamplesFS(fsys fs.FS, name string, o SampleOptions) (*Samples, error) {
	return m.openSamples(name, o, func(d dataset.Options) (*dataset.Set, error) { return dataset.OpenFS(fsys, name, d) })
}

func (m *Model) openSamples(name string, o SampleOptions, open func(dataset.Options) (*dataset.Set, error)) (*Samples, error) {
	shape, err := m.InputShape()
	if err != nil {
		return nil, err
	}
	if o.Preprocess.IsZero() {
		o.Preprocess = m.Preprocess()
	}
	set, err := open(dataset.Options{
		Format: o.Format, Skip: o.Skip, Limit: o.Limit, SkipBad: o.SkipBad, Preprocess: o.Preprocess, Classes: o.Classes, InputShape: shape,
	})
	if err != nil {
		return nil, err
	}
	s := &Samples{Source: set, Name: name, Classes: set.Classes(), Preprocess: set.Preprocess(), Notes: set.Notes()}
	for _, bad := range set.Bad() {
		s.Bad = append(s.Bad, bad)
	}
	return s, nil
}

// Pictures are samples without labels, made of pictures in memory when they are needed.
func (m *Model) Pictures(pictures []image.Image, spec preprocess.Spec) (*Samples, error) {
	shape, err := m.InputShape()
	if err != nil {
		return nil, err
	}
	in, err := spec.Input(shape)
	if err != nil {
		return nil, err
	}
	return &Samples{Source: album{in, pictures}, Name: "pictures in memory", Preprocess: in.Spec()}, nil
}

// album is a source of pictures.
type album struct {
	input    *preprocess.Input
	pictures []image.Image
}

func (a album) Len() int { return len(a.pictures) }

func (a album) ID(i, _ int) (uint64, error) {
	return sampleid.Picture(preprocess.Pixels(a.pictures[i])), nil
}

func (a album) Sample(i int, dst []float32) (label int, err error) {
	if err := a.input.Prepare(dst, a.pictures[i]); err != nil {
		return -1, fmt.Errorf("ann2snn: %s: %w", a.Name(i), err)
	}
	return -1, nil
}

// Name implements calibrate.Named.
func (a album) Name(i int) string { return fmt.Sprintf("picture %d", i) }

// Inputs are samples without labels whose values are given, each laid out as the model
// takes it.
func (m *Model) Inputs(inputs [][]float32) *Samples {
	return &Samples{Source: rows(inputs), Name: "inputs in memory"}
}

// rows is a source of inputs.
type rows [][]float32

func (r rows) Len() int { return len(r) }

func (r rows) Sample(i int, dst []float32) (label int, err error) {
	if len(r[i]) != len(dst) {
		return -1, fmt.Errorf("ann2snn: input %d has %d values, the model takes %d", i, len(r[i]), len(dst))
	}
	copy(dst, r[i])
	return -1, nil
}

// Name implements calibrate.Named.
func (r rows) Name(i int) string { return fmt.Sprintf("input %d", i) }

// Close closes the files that the samples come from.
func (s *Samples) Close() error {
	if c, ok := s.Source.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// madeUpSamples is how many made-up samples stand in where there are none.
const madeUpSamples = 64

// MadeUp returns samples to calibrate on where there are no real ones: smoothed noise in
// the range of what the preprocessing makes of pixels, or of -2 to 2 where it is zero.
// Networks calibrated on them lose accuracy.
func (m *Model) MadeUp(spec preprocess.Spec, seed uint64) (*Samples, error) {
	shape, err := m.InputShape()
	if err != nil {
		return nil, err
	}
	if spec.IsZero() {
		spec = m.Preprocess()
	}
	low, high := pixelRange(spec)
	return &Samples{
		Source: calibrate.Synthetic(shape, low, high, madeUpSamples, seed),
		Name:   "made-up samples", Preprocess: spec, MadeUp: true,
	}, nil
}

// source returns the samples' source, whose errors are SampleErrors.
func (s *Samples) source() (calibrate.Source, error) {
	if s.Source == nil {
		return nil, errors.New("ann2snn: samples without a source (try Model.OpenSamples)")
	}
	return checked{s.Source}, nil
}

// Split returns the samples that a conversion calibrates and fits on, and those that it holds
// back to choose between fits and to check the result: o.Samples of the first, and of the others one in eight or 32.
// Where there are not as many, the first are fewer. Nothing is held back of made-up samples.
func (s *Samples) Split(o Options) (chosen, heldBack calibrate.Source, err error) {
	source, err := s.source()
	if err != nil {
		return nil, nil, err
	}
	n, err := o.samples()
	if err != nil {
		return nil, nil, err
	}
	if s.MadeUp {
		return calibrate.Pick(source, o.seed(), 0, n), nil, nil
	}
	chosen, heldBack = calibrate.Split(source, o.seed(), n)
	return chosen, heldBack, nil
}

// pixelRange is what black and white become, at the channels where that is most, or the
// range that most of standardised data lies in where there are no pixels.
func pixelRange(p preprocess.Spec) (low, high float32) {
	if len(p.Mean) == 0 || len(p.Std) == 0 {
		return -2, 2
	}
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

// checked is a source whose errors say which sample they are about.
type checked struct{ calibrate.Source }

func (c checked) Sample(i int, dst []float32) (label int, err error) {
	label, err = c.Source.Sample(i, dst)
	if err == nil {
		return label, c.finite(i, dst)
	}
	if _, named := c.Source.(calibrate.Named); !named {
		err = fmt.Errorf("ann2snn: %s: %w", c.Name(i), err)
	}
	return label, &SampleError{i, err}
}

// ID implements calibrate.Identified.
func (c checked) ID(i, size int) (uint64, error) {
	id, err := calibrate.ID(c.Source, i, size)
	if err != nil {
		return id, &SampleError{i, err}
	}
	return id, nil
}

// TargetLen implements calibrate.Targeted.
func (c checked) TargetLen() int { return calibrate.TargetLen(c.Source) }

// Target implements calibrate.Targeted.
func (c checked) Target(i int, dst []float32) error {
	if err := calibrate.Target(c.Source, i, dst); err != nil {
		return &SampleError{i, err}
	}
	return nil
}

// finite refuses values that no network can compute with.
func (c checked) finite(i int, values []float32) error {
	for k, x := range values {
		if x-x != 0 {
			return &SampleError{i, fmt.Errorf("ann2snn: %s: value %d is %v, which is not a finite number", c.Name(i), k, x)}
		}
	}
	return nil
}

// Name implements calibrate.Named.
func (c checked) Name(i int) string { return calibrate.NameOf(c.Source, i) }
