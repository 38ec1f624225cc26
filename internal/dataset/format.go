package dataset

import (
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// contents is what a format finds in a file or folder: images or tensors.
type contents struct {
	images   images
	tensors  *arrays
	labelled bool
	classes  []string
	words    *wordList // for the classes of images that are pictures; nil if there are none
	closer   io.Closer // nil if nothing stays open
	notes    []string  // what a user may not expect
}

// label turns the words for classes into labels.
func (c *contents) label(o Options) (err error) {
	set, ok := c.images.(*pictures)
	if c.words == nil || !ok {
		return nil
	}
	set.labels, c.classes, err = c.words.resolve(o)
	if err == nil {
		c.notes = append(c.notes, c.words.order(o, set.labels)...)
	}
	return err
}

// images is a set of pictures before preprocessing.
type images interface {
	count() int
	name(i int) string
	image(i int) (img image.Image, label int, err error)
}

// format is one row of the table of formats.
type format struct {
	name    string
	summary string
	matches func(t tree, name string, info fs.FileInfo) bool
	open    func(t tree, name string) (*contents, error)
}

// formats is in the order of recognition: the first that matches is taken.
var formats = []format{
	{"idx", "MNIST IDX images (*-images-idx3-ubyte[.gz]), or a folder with one such file", matchesIDX, openIDX},
	{"npy", "NumPy array, one sample or samples along its first axis", matchesNPY, openNPY},
	{"npz", "NumPy archive with x and, for labels, y", matchesNPZ, openNPZ},
	{"image", "one JPEG, PNG, WebP or BMP file", matchesPicture, openPicture},
	{"cifar10", "CIFAR-10 binary (records of 3,073 bytes), or a folder of *.bin", matchesCIFAR10, openCIFAR10},
	{"cifar100", "CIFAR-100 binary (records of 3,074 bytes), or a folder of *.bin", matchesCIFAR100, openCIFAR100},
	{"labels", "folder of images with labels.txt (FILE CLASS per line)", matchesLabels, openLabels},
	{"classes", "folder of class-named or class-numbered folders of images", matchesClasses, openClasses},
	{"images", "folder of images without labels", matchesImages, openImages},
}

// Formats returns the names of the formats, in the order in which they are recognised.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// recognise returns the format that was asked for, or the first that matches.
func recognise(t tree, name, want string) (format, error) {
	info, err := fs.Stat(t, name)
	if err != nil {
		return format{}, reason(err)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		f, err := t.Open(name) // which says why that will not do
		if err != nil {
			return format{}, reason(err)
		}
		return format{}, errors.Join(errors.New("it is no file"), f.Close())
	}
	if want != "" {
		return formatNamed(want)
	}
	for _, f := range formats {
		if f.matches(t, name, info) {
			return f, nil
		}
	}
	return format{}, fmt.Errorf("%s; it may be:\n%s", nothingIn(t, name, info), summaries())
}

// nothingIn says what keeps a file or folder from being recognised.
func nothingIn(t tree, name string, info fs.FileInfo) string {
	switch entries, err := fs.ReadDir(t, name); {
	case !info.IsDir() && info.Size() == 0:
		return "the file is empty"
	case !info.IsDir():
		return "not recognised as data"
	case err == nil && len(entries) == 0:
		return "the folder is empty"
	}
	return "nothing in the folder is data"
}

func formatNamed(name string) (format, error) {
	i := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	if i < 0 {
		return format{}, fmt.Errorf("unknown data format %q; it may be:\n%s", name, summaries())
	}
	return formats[i], nil
}

func summaries() string {
	lines := make([]string, len(formats))
	for i, f := range formats {
		lines[i] = fmt.Sprintf("  %-9s %s", f.name, f.summary)
	}
	return strings.Join(lines, "\n")
}

// reason returns an error of the file system without its operation and path, which the
// caller's message already has.
func reason(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}
