package dataset

import (
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"

	"ann2snn/internal/budget"
	"ann2snn/internal/infile"
	"ann2snn/internal/sampleid"
	"ann2snn/preprocess"
)

// Options says how to read a data set.
type Options struct {
	// Format is one of [Formats]; empty means recognised by content.
	Format string
	// Skip and Limit select samples Skip..Skip+Limit-1; Limit 0 means all that follow.
	Skip, Limit int
	// SkipBad leaves out samples that cannot be read, which all are for that; see Set.Bad. Skip
	// counts them, Limit does not. Without it they are errors of Set.Sample.
	SkipBad bool
	// Preprocess turns pixels into values: those of images, which need it, and, where there
	// is one, those of NumPy arrays of uint8. Other arrays are taken as they are.
	Preprocess preprocess.Spec
	// Given are the flags that the user gave for Preprocess. One that has no effect on the
	// data is an error.
	Given []string
	// Classes are the names of the classes by label, where they are known: names in the data
	// are found among them. Otherwise names are numbered in their order, and Outputs, unless
	// it is 0, is how many there must be.
	Classes []string
	Outputs int
	// InputShape is the model's input without the batch: [C,H,W], [H,W,C], [H,W] or a
	// flat [N]. It is always needed.
	InputShape []int
	// Values allows archives whose y holds values in place of classes, as for regression. Their
	// samples have no labels.
	Values bool
	// Targets allows them as well: see Set.Target.
	Targets bool
	// Budget bounds what is held of files; nil is no bound.
	Budget *budget.Budget
}

// Set is an opened data set. Its methods may be called from several goroutines, except
// Close.
type Set struct {
	format     string
	samples    samples
	skip, n    int
	chosen     []int // places of the samples in the data; nil for the n that follow skip
	bad        []*BadSampleError
	size       int // values per sample
	labelled   bool
	classes    []string
	values     error   // why labels are no classes; nil where they are, or are none
	targets    targets // nil where there are none
	preprocess preprocess.Spec
	notes      []string
	closer     io.Closer
	ids        sync.Map // of those samples that were asked for, by number: sampleid.ID
}

// samples is what a format provides once the preprocessing is known.
type samples interface {
	count() int
	name(i int) string // for messages
	read(i int, dst []float32) (label int, err error)
	id(i int) (sampleid.ID, error) // of what it holds before preprocessing
}

// unlabelled is the label of samples without one.
const unlabelled = -1

// Open opens the file or folder at path; see [Formats] for what it may be.
func Open(path string, o Options) (*Set, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	dir, base := filepath.Split(abs)
	if base == "" {
		base = "."
	}
	return open(tree{infile.DirFS(dir), filepath.Dir(filepath.Clean(path)), o.Budget}, base, o)
}

// OpenFS is Open for a file or folder of fsys.
func OpenFS(fsys fs.FS, name string, o Options) (*Set, error) {
	return open(tree{FS: fsys, budget: o.Budget}, name, o)
}

func open(t tree, name string, o Options) (*Set, error) {
	set, err := openFormat(t, name, o)
	if err != nil {
		return nil, fmt.Errorf("dataset: %q: %w", t.path(name), err)
	}
	err = set.slice(o.Skip, o.Limit)
	if err == nil && o.SkipBad {
		err = set.leaveOutBad(o.Limit)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("dataset: %q: %w", t.path(name), err), set.Close())
	}
	return set, nil
}

func openFormat(t tree, name string, o Options) (*Set, error) {
	size, err := elements(o.InputShape)
	if err != nil {
		return nil, fmt.Errorf("model input: %w", err)
	}
	f, err := recognise(t, name, o.Format)
	if err != nil {
		return nil, err
	}
	c, err := f.open(t, name)
	if err != nil {
		return nil, err
	}
	if err := c.label(o); err != nil {
		return nil, err
	}
	if a := c.tensors; a != nil && a.values != nil && !o.Values && !o.Targets {
		return nil, errors.Join(a.values, c.closer.Close())
	}
	set := &Set{format: f.name, values: valuesOf(c), size: size, labelled: c.labelled, classes: c.classes, notes: c.notes, closer: c.closer}
	if set.samples, set.preprocess, err = c.fit(o); err != nil {
		return nil, errors.Join(err, set.Close())
	}
	if c.tensors != nil {
		if set.targets, err = c.tensors.targetsOf(); err != nil {
			return nil, errors.Join(err, set.Close())
		}
	}
	switch s := set.samples.(type) {
	case *prepared:
		set.notes = append(set.notes, s.assumed(o)...)
	case *tensors:
		set.notes = append(set.notes, s.untouched(o)...)
	}
	return set, nil
}

// fit sees samples of the model in what a format found, and returns the preprocessing that
// was applied.
func (c *contents) fit(o Options) (samples, preprocess.Spec, error) {
	a := c.tensors
	if a == nil {
		return prepare(c.images, o)
	}
	if a.x.dtype.name == pixelType && !o.Preprocess.IsZero() {
		in, err := o.Preprocess.Input(o.InputShape)
		if err == nil {
			c.images, err = a.pictures(o.InputShape, in)
		}
		if err == nil {
			return prepare(c.images, o)
		}
		if len(o.Given) > 0 {
			return nil, preprocess.Spec{}, fmt.Errorf("%s cannot be applied to arrays of uint8 here: %w", strings.Join(o.Given, ", "), err)
		}
	}
	if len(o.Given) > 0 {
		return nil, preprocess.Spec{}, fmt.Errorf("arrays of %s are taken as they are, %s would have no effect (try without, or with the pixels of 0..255 as an array of uint8)",
			a.x.dtype.name, strings.Join(o.Given, ", "))
	}
	s, err := a.fit(o.InputShape)
	return s, preprocess.Spec{}, err
}

// elements returns the number of values of a shape.
func elements(shape []int) (int, error) {
	if len(shape) == 0 {
		return 0, errors.New("no input shape")
	}
	n := 1
	for _, d := range shape {
		if d <= 0 || n > maxSample/d {
			return 0, fmt.Errorf("shape %v is not static, or too large (try --input-shape)", shape)
		}
		n *= d
	}
	return n, nil
}

func (s *Set) slice(skip, limit int) error {
	all := s.samples.count()
	switch {
	case skip < 0 || limit < 0:
		return fmt.Errorf("cannot skip %d and limit to %d samples: both are counts", skip, limit)
	case skip >= all:
		return fmt.Errorf("cannot skip %d samples: there are %d", skip, all)
	}
	s.skip, s.n = skip, all-skip
	if limit > 0 {
		s.n = min(s.n, limit)
	}
	return nil
}

// Len returns the number of samples.
func (s *Set) Len() int { return s.n }

// Sample writes the values of sample i to dst, whose length must be the product of the
// input shape, and returns the sample's class, -1 when it has none. Errors name the sample.
func (s *Set) Sample(i int, dst []float32) (label int, err error) {
	if i < 0 || i >= s.n {
		return unlabelled, fmt.Errorf("dataset: no sample %d in a set of %d", i, s.n)
	}
	if len(dst) != s.size {
		return unlabelled, fmt.Errorf("dataset: %d values wanted of samples that have %d", len(dst), s.size)
	}
	label, err = s.read(s.at(i), dst)
	if err != nil {
		return unlabelled, &BadSampleError{s.Name(i), err}
	}
	return label, nil
}

// ID identifies sample i by what it holds before preprocessing; see package sampleid. It
// implements calibrate.Identified.
func (s *Set) ID(i, _ int) (uint64, error) {
	if i < 0 || i >= s.n {
		return 0, fmt.Errorf("dataset: no sample %d in a set of %d", i, s.n)
	}
	if id, ok := s.ids.Load(i); ok {
		return id.(sampleid.ID), nil
	}
	id, err := s.samples.id(s.at(i))
	if err != nil {
		return 0, &BadSampleError{s.Name(i), err}
	}
	s.ids.Store(i, id)
	return id, nil
}

// HasPictures reports whether the samples are pictures, which Picture returns.
func (s *Set) HasPictures() bool {
	_, ok := s.samples.(*prepared)
	return ok
}

// Picture returns sample i before preprocessing, and its class, -1 when it has none. It fails
// where the samples are no pictures.
func (s *Set) Picture(i int) (img image.Image, label int, err error) {
	p, ok := s.samples.(*prepared)
	if !ok || i < 0 || i >= s.n {
		return nil, unlabelled, fmt.Errorf("dataset: sample %d is no picture", i)
	}
	if img, label, err = p.image(s.at(i)); err != nil {
		return nil, unlabelled, &BadSampleError{s.Name(i), err}
	}
	return img, label, nil
}

// Name returns where sample i comes from: its file, or the file that holds it with its
// position there.
func (s *Set) Name(i int) string { return s.samples.name(s.at(i)) }

// Format returns the format's name, one of [Formats].
func (s *Set) Format() string { return s.format }

// Labelled reports whether samples have classes.
func (s *Set) Labelled() bool { return s.labelled }

// Values reports whether samples have values in place of classes.
func (s *Set) Values() bool { return s.values != nil }

// ValuesError says why the labels are no classes; nil where they are, or there are none.
func (s *Set) ValuesError() error { return s.values }

func valuesOf(c *contents) error {
	if c.tensors == nil {
		return nil
	}
	return c.tensors.values
}

// Classes returns the names of the classes by label, nil if the data does not name them.
func (s *Set) Classes() []string { return s.classes }

// Notes returns what a user may not expect of how the data was read, in words: files that were
// left out, the order of classes, an order of values that was assumed.
func (s *Set) Notes() []string { return s.notes }

// Preprocess returns the preprocessing with everything the model's input decides filled
// in, to be stored with a network; the zero value where none was applied, as to most arrays.
func (s *Set) Preprocess() preprocess.Spec { return s.preprocess }

// Close closes the set's files.
func (s *Set) Close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer.Close()
}
