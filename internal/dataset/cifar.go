package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// The CIFAR binary formats are described at https://www.cs.toronto.edu/~kriz/cifar.html:
// records of one label (CIFAR-100: coarse and fine) and 32x32 pixels, all red, then all
// green, then all blue ones.

const (
	cifarSide   = 32
	cifarPixels = 3 * cifarSide * cifarSide
	maxRecords  = 1 << 26
)

// cifarKind describes one of the two formats.
type cifarKind struct {
	labels int   // bytes before the pixels; the last one is the label
	limits []int // number of classes per label byte
	names  string
}

var (
	cifar10  = cifarKind{1, []int{10}, "batches.meta.txt"}
	cifar100 = cifarKind{2, []int{20, 100}, "fine_label_names.txt"}
)

func matchesCIFAR10(t tree, name string, info fs.FileInfo) bool {
	return cifar10.matches(t, name, info)
}

func matchesCIFAR100(t tree, name string, info fs.FileInfo) bool {
	return cifar100.matches(t, name, info)
}
func openCIFAR10(t tree, name string) (*contents, error)  { return cifar10.open(t, name) }
func openCIFAR100(t tree, name string) (*contents, error) { return cifar100.open(t, name) }

func (k cifarKind) record() int64 { return int64(k.labels + cifarPixels) }

// matches accepts a file of whole records whose first label is possible, or a folder
// whose first *.bin is one.
func (k cifarKind) matches(t tree, name string, info fs.FileInfo) bool {
	if info.IsDir() {
		files, err := t.files(name, isBin)
		if err != nil || len(files) == 0 {
			return false
		}
		first, err := fs.Stat(t, files[0])
		return err == nil && !first.IsDir() && k.matches(t, files[0], first)
	}
	if info.Size() == 0 || info.Size()%k.record() != 0 {
		return false
	}
	b, err := t.blob(name)
	if err != nil {
		return false
	}
	defer b.Close()
	_, err = k.readLabels(b)
	return err == nil
}

func isBin(name string) bool { return strings.HasSuffix(name, ".bin") && !isHidden(name) }

// cifar is one or more files of records, one after the other.
type cifar struct {
	kind  cifarKind
	files []cifarFile
	n     int
}

type cifarFile struct {
	*blob
	path   string
	first  int // its first record, of all
	labels []byte
}

func (k cifarKind) open(t tree, name string) (*contents, error) {
	files, folder, err := cifarFiles(t, name)
	if err != nil {
		return nil, err
	}
	set := &cifar{kind: k}
	for _, file := range files {
		if err := set.add(t, file); err != nil {
			return nil, errors.Join(fmt.Errorf("%q: %w", path.Base(file), err), set.Close())
		}
	}
	return &contents{images: set, labelled: true, classes: k.classes(t, folder), closer: set}, nil
}

// cifarFiles returns the files that name means and the folder they lie in.
func cifarFiles(t tree, name string) (files []string, folder string, err error) {
	info, err := fs.Stat(t, name)
	if err != nil {
		return nil, "", reason(err)
	}
	if !info.IsDir() {
		return []string{name}, path.Dir(name), nil
	}
	files, err = t.files(name, isBin)
	if err == nil && len(files) == 0 {
		err = errors.New("no *.bin in the folder")
	}
	return files, name, err
}

func (s *cifar) add(t tree, name string) error {
	b, err := t.blob(name)
	if err != nil {
		return err
	}
	labels, err := s.kind.readLabels(b)
	if err != nil {
		return errors.Join(err, b.Close())
	}
	s.files = append(s.files, cifarFile{b, t.path(name), s.n, labels})
	s.n += len(labels)
	return nil
}

// readLabels returns the label of every record; one out of range means that the file is
// not what it seems to be.
func (k cifarKind) readLabels(b *blob) ([]byte, error) {
	n := b.size / k.record()
	if n == 0 || b.size%k.record() != 0 || n > maxRecords {
		return nil, fmt.Errorf("%d bytes are not a whole number of %d-byte records", b.size, k.record())
	}
	labels := make([]byte, n)
	head := make([]byte, k.labels)
	for i := range labels {
		if err := fill(b, head, int64(i)*k.record()); err != nil {
			return nil, err
		}
		for j, limit := range k.limits {
			if int(head[j]) >= limit {
				return nil, fmt.Errorf("record %d has label %d of %d classes", i, head[j], limit)
			}
		}
		labels[i] = head[k.labels-1]
	}
	return labels, nil
}

// classes reads the class names in the folder of the files, nil where there are none.
func (k cifarKind) classes(t tree, folder string) []string {
	text := strings.TrimPrefix(string(t.head(path.Join(folder, k.names), 1<<16)), byteOrderMark)
	names := strings.Fields(text)
	if len(names) != k.limits[k.labels-1] {
		return nil
	}
	return names
}

func (s *cifar) count() int { return s.n }

func (s *cifar) name(i int) string {
	f, at := s.find(i)
	return recordName(f.path, at)
}

// find returns the file of record i and the record's position in it.
func (s *cifar) find(i int) (file *cifarFile, at int) {
	f, found := slices.BinarySearchFunc(s.files, i, func(f cifarFile, i int) int { return cmp.Compare(f.first, i) })
	if !found {
		f--
	}
	return &s.files[f], i - s.files[f].first
}

func (s *cifar) image(i int) (image.Image, int, error) {
	f, at := s.find(i)
	planes := make([]byte, cifarPixels)
	if err := fill(f, planes, int64(at)*s.kind.record()+int64(s.kind.labels)); err != nil {
		return nil, unlabelled, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, cifarSide, cifarSide))
	for p := range cifarSide * cifarSide {
		for c := range 3 {
			img.Pix[p*4+c] = planes[c*cifarSide*cifarSide+p]
		}
		img.Pix[p*4+3] = 255
	}
	return img, int(f.labels[at]), nil
}

// Close closes the files.
func (s *cifar) Close() error {
	var all error
	for _, f := range s.files {
		all = errors.Join(all, f.Close())
	}
	return all
}
