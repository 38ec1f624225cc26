package dataset

import (
	"errors"
	"fmt"
	"image"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"ann2snn/preprocess"
)

const labelsFile = "labels.txt"

var errNoPicture = errors.New("no JPEG, PNG, WebP or BMP file found")

// pictures is a list of picture files.
type pictures struct {
	tree   tree
	files  []string
	labels []int // nil if there are none
}

func (s *pictures) count() int        { return len(s.files) }
func (s *pictures) name(i int) string { return s.tree.path(s.files[i]) }

func (s *pictures) image(i int) (image.Image, int, error) {
	label := unlabelled
	if s.labels != nil {
		label = s.labels[i]
	}
	data, err := s.tree.read(s.files[i])
	if err != nil {
		return nil, label, err
	}
	img, err := preprocess.Decode(data)
	return img, label, err
}

// isPicture reports whether a file in a folder is a picture, by its name; hidden files are
// not.
func isPicture(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".bmp":
		return !isHidden(name)
	}
	return false
}

func isHidden(name string) bool { return strings.HasPrefix(name, ".") }

func matchesPicture(t tree, name string, info fs.FileInfo) bool {
	return !info.IsDir() && preprocess.IsPicture(t.head(name, 16))
}

func openPicture(t tree, name string) (*contents, error) {
	return &contents{images: &pictures{tree: t, files: []string{name}}}, nil
}

func matchesImages(t tree, name string, info fs.FileInfo) bool {
	if !info.IsDir() {
		return false
	}
	files, err := t.files(name, isPicture)
	return err == nil && len(files) > 0
}

func openImages(t tree, name string) (*contents, error) {
	files, err := t.files(name, isPicture)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errNoPicture
	}
	return &contents{images: &pictures{tree: t, files: files}}, nil
}

func matchesLabels(t tree, name string, info fs.FileInfo) bool {
	list, err := fs.Stat(t, path.Join(name, labelsFile))
	return info.IsDir() && err == nil && list.Mode().IsRegular()
}

// openLabels reads a folder whose labels.txt lists "FILE CLASS" per line, in its order.
func openLabels(t tree, name string) (*contents, error) {
	text, err := t.read(path.Join(name, labelsFile))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", labelsFile, err)
	}
	files, words, err := labelLines(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s %w", labelsFile, err)
	}
	for i, file := range files {
		files[i] = path.Join(name, file)
	}
	labels, classes := classLabels(words)
	return &contents{images: &pictures{t, files, labels}, labelled: true, classes: classes}, nil
}

func labelLines(text string) (files, classes []string, err error) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		file, class, err := labelLine(line)
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", number, err)
		}
		if file != "" {
			files, classes = append(files, file), append(classes, class)
		}
	}
	if len(files) == 0 {
		return nil, nil, errors.New("lists no file")
	}
	return files, classes, nil
}

// labelLine splits a line at its last blank, so that file names may hold some. An empty
// line gives an empty file name.
func labelLine(line string) (file, class string, err error) {
	line = strings.TrimSpace(line)
	if line == "" {
		return "", "", nil
	}
	at := strings.LastIndexAny(line, " \t")
	if at < 0 {
		return "", "", fmt.Errorf("%q is not FILE CLASS", line)
	}
	file, class = strings.TrimSpace(line[:at]), line[at+1:]
	if !fs.ValidPath(file) {
		return "", "", fmt.Errorf("%q leaves the folder or is no relative path with slashes", file)
	}
	return file, class, nil
}

// classLabels turns the words for classes into labels: if all are numbers, the numbers;
// otherwise their positions among the sorted names, which are returned.
func classLabels(words []string) (labels []int, names []string) {
	labels = make([]int, len(words))
	for i, word := range words {
		n, err := strconv.ParseUint(word, 10, 31)
		if err != nil {
			return namesToLabels(words)
		}
		labels[i] = int(n)
	}
	return labels, nil
}

func namesToLabels(words []string) (labels []int, names []string) {
	seen := make(map[string]bool)
	for _, word := range words {
		seen[word] = true
	}
	names = slices.Sorted(maps.Keys(seen))
	labels = make([]int, len(words))
	for i, word := range words {
		labels[i], _ = slices.BinarySearch(names, word)
	}
	return labels, names
}

func matchesClasses(t tree, name string, info fs.FileInfo) bool {
	if !info.IsDir() {
		return false
	}
	folders, err := classFolders(t, name)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(folders, func(f string) bool {
		files, err := picturesBelow(t, path.Join(name, f))
		return err == nil && len(files) > 0
	})
}

// openClasses reads a folder of folders. The classes take turns, so that the first
// samples of a sorted folder show all of them.
func openClasses(t tree, name string) (*contents, error) {
	folders, err := classFolders(t, name)
	if err != nil {
		return nil, err
	}
	labels, classes := classLabels(folders)
	perClass := make([][]string, len(folders))
	for i, f := range folders {
		perClass[i], err = picturesBelow(t, path.Join(name, f))
		if err != nil {
			return nil, fmt.Errorf("class %q: %w", f, err)
		}
	}
	set := &pictures{tree: t}
	for turn, more := 0, true; more; turn++ {
		more = false
		for c, files := range perClass {
			if turn < len(files) {
				set.files, set.labels = append(set.files, files[turn]), append(set.labels, labels[c])
				more = true
			}
		}
	}
	if len(set.files) == 0 {
		return nil, errNoPicture
	}
	return &contents{images: set, labelled: true, classes: classes}, nil
}

// classFolders returns the names of the folders in a folder, sorted.
func classFolders(t tree, name string) ([]string, error) {
	entries, err := fs.ReadDir(t, name)
	if err != nil {
		return nil, reason(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() && !isHidden(e.Name()) {
			folders = append(folders, e.Name())
		}
	}
	return folders, nil
}

// picturesBelow returns the pictures in a folder and its folders, in lexical order.
func picturesBelow(t tree, name string) ([]string, error) {
	var files []string
	err := fs.WalkDir(t, name, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && isPicture(d.Name()) {
			files = append(files, p)
		}
		return err
	})
	return files, reason(err)
}
