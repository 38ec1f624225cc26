package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"ann2snn/internal/budget"
	"ann2snn/preprocess"
)

const labelsFile = "labels.txt"

var errNoPicture = errors.New("no JPEG, PNG, WebP or BMP file found")

// pictures is a list of picture files.
type pictures struct {
	tree   tree
	files  []string
	class  []int // of each file, its number among the words for classes; nil if there are none
	labels []int // of these words
}

func (s *pictures) count() int        { return len(s.files) }
func (s *pictures) name(i int) string { return s.tree.path(s.files[i]) }

func (s *pictures) image(i int) (image.Image, int, error) {
	label := unlabelled
	if s.class != nil {
		label = s.labels[s.class[i]]
	}
	data, err := s.tree.read(s.files[i])
	if err != nil {
		return nil, label, err
	}
	if err := s.tree.askFor(data); err != nil {
		return nil, label, err
	}
	img, err := preprocess.Decode(data)
	return img, label, err
}

// pixelBytes is about what a pixel takes while a picture is decoded and converted.
const pixelBytes = 16

// askFor asks for the memory that a picture takes: a file of some kilobytes may be one of
// millions of pixels. What is no picture, or too large, decoding tells.
func (t tree) askFor(file []byte) error {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(file))
	if known := err == nil && cfg.Width > 0 && cfg.Height > 0; known && cfg.Width <= preprocess.MaxPixels/cfg.Height {
		return t.budget.Ask(budget.Times(cfg.Width, cfg.Height, pixelBytes), fmt.Sprintf("a picture of %d x %d pixels", cfg.Width, cfg.Height))
	}
	return nil
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

// isHidden reports whether a file or folder is none of the data: what systems hide, and what
// they add to folders and archives.
func isHidden(name string) bool {
	switch strings.ToLower(name) {
	case "__macosx", "@eadir", "$recycle.bin", "system volume information", "lost+found", "thumbs.db", "desktop.ini":
		return true
	}
	return strings.HasPrefix(name, ".")
}

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
	all, err := t.entries(name)
	if err != nil {
		return nil, err
	}
	w := walker{tree: t}
	for _, e := range all {
		switch {
		case e.folder:
		case isPicture(path.Base(e.name)):
			w.files = append(w.files, e.name)
		default:
			w.leaveOut(e.name)
		}
	}
	if len(w.files) == 0 {
		return nil, errNoPicture
	}
	return &contents{images: &pictures{tree: t, files: w.files}, notes: notes(leftOut(w.other))}, nil
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
	files, words, lines, err := labelLines(strings.TrimPrefix(string(text), byteOrderMark))
	if err != nil {
		return nil, fmt.Errorf("%s %w", labelsFile, err)
	}
	class := make([]int, len(files))
	for i, file := range files {
		files[i], class[i] = path.Join(name, file), i
	}
	where := func(i int) string { return fmt.Sprintf("%s line %d", labelsFile, lines[i]) }
	c := &contents{images: &pictures{tree: t, files: files, class: class}, labelled: true, words: &wordList{words: words, where: where}}
	if there, err := t.files(name, isPicture); err == nil {
		unlisted := slices.DeleteFunc(there, func(f string) bool { return slices.Contains(files, f) })
		if n := len(unlisted); n > 0 {
			c.notes = notes(fmt.Sprintf("%d pictures that %s does not list left out", n, labelsFile))
		}
	}
	return c, nil
}

// byteOrderMark is what some editors put before a text.
const byteOrderMark = "\ufeff"

func labelLines(text string) (files, classes []string, lines []int, err error) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		file, class, err := labelLine(line)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("line %d: %w", number, err)
		}
		if file != "" {
			files, classes, lines = append(files, file), append(classes, class), append(lines, number)
		}
	}
	if len(files) == 0 {
		return nil, nil, nil, errors.New("lists no file")
	}
	return files, classes, lines, nil
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
	if err := checkParts(t.path(name), folders); err != nil {
		return nil, err
	}
	perClass, other, err := t.picturesOf(name, folders)
	if err != nil {
		return nil, err
	}
	set := &pictures{tree: t}
	for turn, more := 0, true; more; turn++ {
		more = false
		for c, files := range perClass {
			if turn < len(files) {
				set.files, set.class = append(set.files, files[turn]), append(set.class, c)
				more = true
			}
		}
	}
	if len(set.files) == 0 {
		return nil, errNoPicture
	}
	where := func(i int) string { return fmt.Sprintf("class folder %q", folders[i]) }
	return &contents{
		images: set, labelled: true, words: &wordList{words: folders, where: where, folders: true}, notes: notes(leftOut(other)),
	}, nil
}

// picturesOf returns the pictures below each folder of name, and counts what is none, pictures
// beside the folders among them.
func (t tree) picturesOf(name string, folders []string) (perClass [][]string, other map[string]int, err error) {
	self, err := fs.Stat(t, name)
	if err != nil {
		return nil, nil, reason(err)
	}
	beside, err := t.files(name, func(name string) bool { return !isHidden(name) })
	if err != nil {
		return nil, nil, err
	}
	all := walker{tree: t}
	for _, file := range beside {
		if info, err := fs.Stat(t, file); err != nil || !info.IsDir() { // a link may lead to a folder
			all.leaveOut(file)
		}
	}
	for _, f := range folders {
		w := walker{tree: t, other: all.other}
		if err := w.walk(path.Join(name, f), []fs.FileInfo{self}); err != nil {
			return nil, nil, fmt.Errorf("class %q: %w", f, err)
		}
		perClass, all.other = append(perClass, w.files), w.other
	}
	return perClass, all.other, nil
}

// notes returns those texts that are not empty.
func notes(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// checkParts refuses a folder of which two folders are parts of a data set, and not classes, or
// whose only folder is.
func checkParts(dir string, folders []string) error {
	parts := []string{"train", "training", "val", "valid", "validation", "test", "testing"}
	var found []string
	for _, f := range folders {
		if slices.Contains(parts, strings.ToLower(f)) {
			found = append(found, f)
		}
	}
	if len(found) == 0 || len(found) < 2 && len(folders) > 1 { // one class may well be called "train"
		return nil
	}
	return fmt.Errorf("the folders %s look like parts of a data set, not like classes (try %s)", strings.Join(found, ", "), filepath.Join(dir, found[0]))
}

// classFolders returns the names of the folders in a folder, sorted, links to folders among them.
func classFolders(t tree, name string) ([]string, error) {
	all, err := t.entries(name)
	if err != nil {
		return nil, err
	}
	var folders []string
	for _, e := range all {
		if e.folder {
			folders = append(folders, path.Base(e.name))
		}
	}
	return folders, nil
}

// picturesBelow returns the pictures in a folder and its folders, in lexical order.
func picturesBelow(t tree, name string) ([]string, error) {
	w := walker{tree: t}
	err := w.walk(name, nil)
	return w.files, err
}
