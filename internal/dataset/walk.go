package dataset

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// deepest bounds how deep folders are looked for pictures in, links among them.
const deepest = 32

// entry is a file or folder in a folder, a link already followed.
type entry struct {
	name   string // behind that of the folder
	folder bool
	info   fs.FileInfo
}

// entries returns what lies in a folder, without what is hidden, sorted by name. Links are
// followed; those that lead nowhere are files that cannot be read.
func (t tree) entries(dir string) ([]entry, error) {
	list, err := fs.ReadDir(t, dir)
	if err != nil {
		return nil, reason(err)
	}
	var all []entry
	for _, e := range list {
		if isHidden(e.Name()) {
			continue
		}
		name := path.Join(dir, e.Name())
		found := entry{name: name, folder: e.IsDir()}
		if e.IsDir() || e.Type()&fs.ModeSymlink != 0 {
			if found.info, err = fs.Stat(t, name); err == nil {
				found.folder = found.info.IsDir()
			}
		}
		all = append(all, found)
	}
	return all, nil
}

// walker collects the files in a folder and in those below it.
type walker struct {
	tree
	files []string       // pictures
	other map[string]int // what is no picture, by the ending of its name
}

// walk looks into dir. Folders that links have led through already are not looked into again:
// above are those that dir lies in.
func (w *walker) walk(dir string, above []fs.FileInfo) error {
	self, err := fs.Stat(w.tree, dir)
	if err != nil {
		return reason(err)
	}
	if len(above) > deepest || slices.ContainsFunc(above, func(a fs.FileInfo) bool { return os.SameFile(a, self) }) {
		return nil
	}
	all, err := w.entries(dir)
	if err != nil {
		return err
	}
	for _, e := range all {
		switch {
		case e.folder:
			if err := w.walk(e.name, append(slices.Clip(above), self)); err != nil {
				return err
			}
		case isPicture(path.Base(e.name)):
			w.files = append(w.files, e.name)
		default:
			w.leaveOut(e.name)
		}
	}
	return nil
}

// leaveOut counts a file that is no picture.
func (w *walker) leaveOut(name string) {
	if w.other == nil {
		w.other = map[string]int{}
	}
	w.other[ending(name)]++
}

func ending(name string) string {
	if ext := strings.ToLower(path.Ext(name)); ext != "" {
		return ext
	}
	return "without an ending"
}

// leftOut says which files were left out; it is empty if there were none.
func leftOut(other map[string]int) string {
	total := 0
	var kinds []string
	for _, ext := range slices.Sorted(maps.Keys(other)) {
		total += other[ext]
		kinds = append(kinds, fmt.Sprintf("%d %s", other[ext], ext))
	}
	if total == 0 {
		return ""
	}
	what := "files that are"
	if total == 1 {
		what = "file that is"
	}
	return fmt.Sprintf("%d %s no JPEG, PNG, WebP or BMP by name left out: %s", total, what, listed(kinds))
}
