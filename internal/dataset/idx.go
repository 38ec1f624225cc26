package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"path"
	"regexp"
)

// The IDX format is described at http://yann.lecun.com/exdb/mnist: two zero bytes, the
// element type, the number of dimensions, the dimensions as big-endian 32-bit integers,
// the elements.

const idxUint8 = 8

// idxImages matches the names of image files; torchvision and Kaggle write the second dot.
var idxImages = regexp.MustCompile(`^(.*)images([-.])idx3-ubyte(\.gz)?$`)

func isIDXImages(name string) bool { return idxImages.MatchString(name) && !isHidden(name) }

func matchesIDX(t tree, name string, info fs.FileInfo) bool {
	if info.IsDir() {
		files, err := t.files(name, isIDXImages)
		return err == nil && len(files) > 0
	}
	head := t.head(name, 512)
	if z, err := gzip.NewReader(bytes.NewReader(head)); err == nil {
		// A short read is expected: only the head is there.
		head, _ = io.ReadAll(io.LimitReader(z, 4))
	}
	return len(head) >= 4 && head[0] == 0 && head[1] == 0 && head[2] == idxUint8
}

// idx is a pair of IDX files.
type idx struct {
	path   string
	data   *idxFile
	labels []byte // nil if there are none
}

func openIDX(t tree, name string) (*contents, error) {
	name, err := idxPath(t, name)
	if err != nil {
		return nil, err
	}
	data, err := openIDXFile(t, name, 3)
	if err != nil {
		return nil, err
	}
	set := &idx{path: t.path(name), data: data}
	if set.labels, err = idxLabels(t, name, data.dims[0]); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	return &contents{images: set, labelled: set.labels != nil, closer: data}, nil
}

// idxPath returns the image file that name means: itself, or the only one in it.
func idxPath(t tree, name string) (string, error) {
	info, err := fs.Stat(t, name)
	if err != nil {
		return "", reason(err)
	}
	if !info.IsDir() {
		return name, nil
	}
	files, err := t.files(name, isIDXImages)
	if err != nil {
		return "", err
	}
	if len(files) != 1 {
		return "", fmt.Errorf("%d IDX image files instead of one: %q (try naming one of them)", len(files), files)
	}
	return files[0], nil
}

// idxLabels reads the labels of an image file, nil if there are none.
func idxLabels(t tree, name string, images int) ([]byte, error) {
	labelFile, ok := idxLabelFile(t, name)
	if !ok {
		return nil, nil
	}
	f, err := openIDXFile(t, labelFile, 1)
	if err != nil {
		return nil, fmt.Errorf("labels %q: %w", path.Base(labelFile), err)
	}
	defer f.Close()
	if f.dims[0] != images {
		return nil, fmt.Errorf("labels %q: %d labels for %d images", path.Base(labelFile), f.dims[0], images)
	}
	labels := make([]byte, images)
	if err := fill(f, labels, f.start); err != nil {
		return nil, fmt.Errorf("labels %q: %w", path.Base(labelFile), err)
	}
	return labels, nil
}

// idxLabelFile finds the file of labels with the same prefix, gzipped or not.
func idxLabelFile(t tree, name string) (string, bool) {
	m := idxImages.FindStringSubmatch(path.Base(name))
	if m == nil {
		return "", false
	}
	base := path.Join(path.Dir(name), m[1]+"labels"+m[2]+"idx1-ubyte")
	for _, candidate := range []string{base, base + ".gz"} {
		if _, err := fs.Stat(t, candidate); err == nil {
			return candidate, true
		}
	}
	return "", false
}

func (s *idx) count() int        { return s.data.dims[0] }
func (s *idx) name(i int) string { return recordName(s.path, i) }

// recordName names a sample in a file that holds many.
func recordName(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func (s *idx) image(i int) (image.Image, int, error) {
	h, w := s.data.dims[1], s.data.dims[2]
	img := image.NewGray(image.Rect(0, 0, w, h))
	if err := fill(s.data, img.Pix, s.data.start+int64(i)*int64(h*w)); err != nil {
		return nil, unlabelled, err
	}
	if s.labels == nil {
		return img, unlabelled, nil
	}
	return img, int(s.labels[i]), nil
}

// idxFile is an IDX file of bytes whose header agrees with its size.
type idxFile struct {
	*blob
	dims  []int
	start int64 // of the elements
}

func openIDXFile(t tree, name string, rank int) (*idxFile, error) {
	b, err := t.blob(name)
	if err != nil {
		return nil, err
	}
	f, err := newIDXFile(b, rank)
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return f, nil
}

func newIDXFile(b *blob, rank int) (*idxFile, error) {
	magic := make([]byte, 2)
	if fill(b, magic, 0) == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		if err := inflateIDX(b, rank); err != nil {
			return nil, fmt.Errorf("decompressing: %w", err)
		}
	}
	dims, size, err := idxHeader(io.NewSectionReader(b, 0, b.size), rank)
	if err != nil {
		return nil, err
	}
	start := int64(4 + 4*rank)
	if b.size-start != size {
		return nil, fmt.Errorf("IDX header promises %v = %d bytes, the file has %d", dims, size, b.size-start)
	}
	return &idxFile{b, dims, start}, nil
}

// inflateIDX puts a gzipped file's contents in its place. At most one byte more is read
// than its header promises.
func inflateIDX(b *blob, rank int) error {
	z, err := gzip.NewReader(io.NewSectionReader(b, 0, b.size))
	if err != nil {
		return err
	}
	var data bytes.Buffer
	_, size, err := idxHeader(io.TeeReader(z, &data), rank)
	if err != nil {
		return err
	}
	all, err := readLimited(io.MultiReader(&data, io.LimitReader(z, size+1)), maxInflated, b.budget)
	if err != nil {
		return err
	}
	b.ReaderAt, b.size = bytes.NewReader(all), int64(len(all))
	return nil
}

// idxHeader reads a header and returns the dimensions and their product.
func idxHeader(r io.Reader, rank int) (dims []int, size int64, err error) {
	magic, rest := make([]byte, 4), make([]byte, 4*rank)
	if _, err := io.ReadFull(r, magic); err != nil {
		return nil, 0, fmt.Errorf("IDX header: %w", err)
	}
	if want := []byte{0, 0, idxUint8, byte(rank)}; !bytes.Equal(magic, want) {
		return nil, 0, fmt.Errorf("IDX header % x instead of % x (%d dimensions of bytes)", magic, want, rank)
	}
	if _, err := io.ReadFull(r, rest); err != nil {
		return nil, 0, fmt.Errorf("IDX header: %w", err)
	}
	size = 1
	for i := range rank {
		d := int64(binary.BigEndian.Uint32(rest[4*i:]))
		if d == 0 || size > maxInflated/d {
			return nil, 0, fmt.Errorf("IDX header with dimension %d of %d", d, rank)
		}
		dims, size = append(dims, int(d)), size*d
	}
	return dims, size, nil
}
