package dataset

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"

	"ann2snn/internal/sampleid"
)

// arrays is a NumPy file or archive: samples and, perhaps, labels.
type arrays struct {
	path   string
	x      *array
	labels []int // nil if there are none
	y      *array
	values error // says why y holds no classes; nil if it does
}

// noClassError says why an array holds values rather than classes.
type noClassError struct{ text string }

func (e *noClassError) Error() string { return e.text }

func matchesNPY(t tree, name string, info fs.FileInfo) bool {
	return !info.IsDir() && string(t.head(name, int64(len(npyMagic)))) == npyMagic
}

func openNPY(t tree, name string) (*contents, error) {
	b, err := t.blob(name)
	if err != nil {
		return nil, err
	}
	x, err := newArray(b, b.size)
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	x.budget = b.budget
	return &contents{tensors: &arrays{path: t.path(name), x: x}, closer: b}, nil
}

func matchesNPZ(t tree, name string, info fs.FileInfo) bool {
	return !info.IsDir() && string(t.head(name, 4)) == "PK\x03\x04"
}

func openNPZ(t tree, name string) (*contents, error) {
	b, err := t.blob(name)
	if err != nil {
		return nil, err
	}
	a, err := newNPZ(b)
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	a.path = t.path(name)
	return &contents{tensors: a, labelled: a.labels != nil, closer: b}, nil
}

func newNPZ(b *blob) (*arrays, error) {
	archive, err := zip.NewReader(b, b.size)
	if err != nil {
		return nil, err
	}
	x, err := member(b, archive, "x")
	if err != nil {
		return nil, err
	}
	if x == nil {
		return nil, fmt.Errorf("no array x in the archive, which holds %q (try numpy.savez(file, x=..., y=...))", memberNames(archive))
	}
	y, err := member(b, archive, "y")
	if err != nil || y == nil {
		return &arrays{x: x}, err
	}
	labels, err := y.integers()
	if errors.As(err, new(*noClassError)) {
		err = fmt.Errorf("array y: %w (try one class for each sample, as numpy.argmax makes of rows of 0 and 1, or the task that takes other labels: regression, multi-label or per-pixel)", err)
		return &arrays{x: x, y: y, values: err}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("array y: %w", err)
	}
	return &arrays{x: x, y: y, labels: labels}, nil
}

func memberNames(archive *zip.Reader) []string {
	names := make([]string, 0, len(archive.File))
	for _, f := range archive.File[:min(len(archive.File), 20)] {
		names = append(names, strings.TrimSuffix(f.Name, ".npy"))
	}
	return names
}

// member returns the array of that name, nil if there is none.
func member(b *blob, archive *zip.Reader, name string) (*array, error) {
	i := slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == name+".npy" })
	if i < 0 {
		return nil, nil
	}
	r, size, err := memberData(b, archive.File[i])
	if err != nil {
		return nil, fmt.Errorf("array %s: %w", name, err)
	}
	a, err := newArray(r, size)
	if err != nil {
		return nil, fmt.Errorf("array %s: %w", name, err)
	}
	a.budget = b.budget
	return a, nil
}

// memberData gives access to a member's bytes: in the file where they are stored plainly
// (numpy.savez), else decompressed (numpy.savez_compressed).
func memberData(b *blob, f *zip.File) (io.ReaderAt, int64, error) {
	at, err := f.DataOffset()
	if err != nil {
		return nil, 0, err
	}
	size := int64(min(f.CompressedSize64, math.MaxInt64))
	if at > b.size || size > b.size-at {
		return nil, 0, fmt.Errorf("%d bytes at %d of a file of %d", size, at, b.size)
	}
	stored := io.NewSectionReader(b, at, size)
	switch f.Method {
	case zip.Store:
		return stored, size, nil
	case zip.Deflate:
		data, err := readLimited(flate.NewReader(stored), int64(min(f.UncompressedSize64, maxInflated)), b.budget)
		return bytes.NewReader(data), int64(len(data)), err
	}
	return nil, 0, fmt.Errorf("compression method %d is not supported", f.Method)
}

// integers returns the elements of a vector (or of a column) of classes.
func (a *array) integers() ([]int, error) {
	if squeezed := withoutOnes(a.shape); len(squeezed) > 1 {
		return nil, &noClassError{fmt.Sprintf("shape %v instead of one class per sample", a.shape)}
	}
	n, _ := product(a.shape, math.MaxInt64)
	if err := a.budget.Ask(n*int64(a.dtype.size+8), "the list of classes"); err != nil {
		return nil, err
	}
	raw := make([]byte, n*int64(a.dtype.size))
	if err := fill(a.data, raw, a.start); err != nil {
		return nil, err
	}
	labels := make([]int, n)
	for i := range labels {
		v := a.dtype.decode(raw[i*a.dtype.size:])
		if v != math.Trunc(v) || v < 0 || v > math.MaxInt32 {
			return nil, &noClassError{fmt.Sprintf("element %d is %v, which is no class", i, v)}
		}
		labels[i] = int(v)
	}
	return labels, nil
}

func withoutOnes(shape []int) []int {
	return slices.DeleteFunc(slices.Clone(shape), func(d int) bool { return d == 1 })
}

// fit sees samples of the given shape in the array: the whole array if that is its
// shape, else its parts along the first axis. Axes of one element and samples flattened
// to vectors are accepted.
func (a *arrays) fit(shape []int) (samples, error) {
	size, _ := product(shape, maxSample)
	if a.isSample(shape, int(size)) {
		a.x.shape = append([]int{1}, a.x.shape...)
	}
	if len(a.x.shape) < 2 || !fits(a.x.shape[1:], shape, int(size)) {
		return nil, fmt.Errorf("array of shape %v does not hold samples of the model's input shape %v%s", a.x.shape, shape, a.transposed(shape))
	}
	t := &tensors{arrays: a, size: int(size)}
	return t, t.check()
}

func fits(have, want []int, size int) bool {
	return slices.Equal(withoutOnes(have), withoutOnes(want)) || len(have) == 1 && have[0] == size
}

// tensors are the parts of an array along its first axis.
type tensors struct {
	*arrays
	size  int    // elements of a sample
	whole []byte // of Fortran-ordered arrays, whose samples are scattered
}

// check makes sure that there are as many labels as samples, and reads what cannot be read
// sample by sample.
func (t *tensors) check() error {
	if n := t.x.shape[0]; t.labels != nil && len(t.labels) != n {
		return fmt.Errorf("%d labels for %d samples", len(t.labels), n)
	}
	if t.labels == nil && t.y != nil && (len(t.y.shape) == 0 || t.y.shape[0] != t.x.shape[0]) {
		return fmt.Errorf("labels of shape %v for %d samples", t.y.shape, t.x.shape[0])
	}
	if t.x.fortran {
		return t.hold()
	}
	return nil
}

func (t *tensors) hold() error {
	n := t.x.shape[0] * t.size * t.x.dtype.size
	if err := t.x.budget.Ask(int64(n), "an array in Fortran order, which is read whole,"); err != nil {
		return err
	}
	t.whole = make([]byte, n)
	return fill(t.x.data, t.whole, t.x.start)
}

// untouched says that a preprocessing, as a network has one, is not that of arrays.
func (t *tensors) untouched(o Options) []string {
	p := o.Preprocess
	if p.IsZero() || p.Scale == 1 && slices.Equal(p.Mean, []float64{0}) && slices.Equal(p.Std, []float64{1}) {
		return nil
	}
	p.Resize, p.Crop, p.Layout, p.Channels, p.IgnoreEXIF = 0, 0, "", "", false
	return []string{fmt.Sprintf("arrays of %s are taken as they are: what the network does to pixels (%v) has to be done to them already", t.x.dtype.name, p)}
}

func (t *tensors) count() int        { return t.x.shape[0] }
func (t *tensors) name(i int) string { return recordName(t.path, i) }

func (t *tensors) read(i int, dst []float32) (int, error) {
	label := unlabelled
	if t.labels != nil {
		label = t.labels[i]
	}
	if t.whole != nil {
		t.gather(i, dst)
		return label, nil
	}
	bytesPer := t.size * t.x.dtype.size
	raw := make([]byte, bytesPer)
	if err := fill(t.x.data, raw, t.x.start+int64(i)*int64(bytesPer)); err != nil {
		return unlabelled, err
	}
	for e := range dst {
		dst[e] = float32(t.x.dtype.decode(raw[e*t.x.dtype.size:]))
	}
	return label, nil
}

func (t *tensors) id(i int) (sampleid.ID, error) {
	values := make([]float32, t.size)
	if _, err := t.read(i, values); err != nil {
		return 0, err
	}
	return sampleid.Values(values), nil
}

// gather collects sample i of a Fortran-ordered array in C order.
func (t *tensors) gather(i int, dst []float32) {
	shape := t.x.shape
	index := make([]int, len(shape))
	index[0] = i
	for e := range dst {
		at := 0
		for axis := len(shape) - 1; axis >= 0; axis-- {
			at = at*shape[axis] + index[axis]
		}
		dst[e] = float32(t.x.dtype.decode(t.whole[at*t.x.dtype.size:]))
		for axis := len(shape) - 1; axis > 0; axis-- {
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
}
