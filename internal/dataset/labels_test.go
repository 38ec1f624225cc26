package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// TestKnownClasses: names are found among those of the network; a missing one shifts nothing.
func TestKnownClasses(t *testing.T) {
	fsys := fstest.MapFS{
		"folders/cat/a.png": shade(t, 1),
		"folders/2/a.png":   shade(t, 2),
		"list/labels.txt":   text("a.png dog\nb.png 1\n"),
		"list/a.png":        shade(t, 3),
		"list/b.png":        shade(t, 4),
		"other/cow/a.png":   shade(t, 5),
		"typo/labels.txt":   text("a.png dog\n\nb.png dgo\n"),
		"high/labels.txt":   text("a.png dog\nb.png 3\n"),
	}
	o := Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}, Classes: []string{"ant", "cat", "dog"}, Outputs: 3}
	for name, want := range map[string][]int{"folders": {2, 1}, "list": {2, 1}} {
		s, err := OpenFS(fsys, name, o)
		if err != nil {
			t.Fatal(err)
		}
		for i, label := range want {
			wantSample(t, s, i, label)
		}
		if !slices.Equal(s.Classes(), o.Classes) {
			t.Errorf("%s: classes %v", name, s.Classes())
		}
	}
	wantError(t, fsys, "other", o, `class folder "cow"`, "none of the network's 3 classes (ant, cat, dog)")
	wantError(t, fsys, "typo", o, "labels.txt line 3", `"dgo" is none`)
	wantError(t, fsys, "high", o, "labels.txt line 2", `"3" is none`)
}

// TestClassCount: names that are not known must be as many as the outputs.
func TestClassCount(t *testing.T) {
	fsys := fstest.MapFS{"d/cat/a.png": shade(t, 1), "d/dog/a.png": shade(t, 2), "n/0/a.png": shade(t, 3)}
	o := Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}, Outputs: 3}
	wantError(t, fsys, "d", o, "2 names of classes (cat, dog)", "3 outputs")
	for name, outputs := range map[string]int{"d": 2, "n": 3} {
		o.Outputs = outputs
		if _, err := OpenFS(fsys, name, o); err != nil {
			t.Error(err)
		}
	}
}

// TestNumberRange: numbers that are no class of the model are named, as is counting from 1.
func TestNumberRange(t *testing.T) {
	fsys := fstest.MapFS{
		"one/labels.txt":  text("a.png 1\nb.png 3\nc.png 2\n"),
		"high/labels.txt": text("a.png 0\nb.png 7\n"),
		"d/0/a.png":       shade(t, 1),
		"d/5/a.png":       shade(t, 1),
	}
	o := Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}, Outputs: 3}
	wantError(t, fsys, "one", o, "labels.txt line 2: class 3 of a network of 3 outputs", "seem to count from 1")
	wantError(t, fsys, "high", o, "labels.txt line 2: class 7", "another model")
	wantError(t, fsys, "d", o, `class folder "5": class 5`)
}

// TestOutlierAmongNumbers: one slip among numbers is an error that names its place.
func TestOutlierAmongNumbers(t *testing.T) {
	for _, slip := range []string{"-1", "l0", "1.0", "none"} {
		var list strings.Builder
		fsys := fstest.MapFS{"folders/" + slip + "/a.png": shade(t, 1)}
		for i := range 12 {
			word := strconv.Itoa(i)
			if i == 7 {
				word = slip
			}
			fmt.Fprintf(&list, "%d.png %s\n", i, word)
			fsys[fmt.Sprintf("folders/%d/a.png", i)] = shade(t, 1)
		}
		fsys["list/labels.txt"] = text(list.String())
		o := Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}}
		wantError(t, fsys, "list", o, "labels.txt line 8", fmt.Sprintf("%q is no class", slip), "11 of 12")
		wantError(t, fsys, "folders", o, fmt.Sprintf("class folder %q", slip), "12 of 13")
	}
}

// TestWhatIsNoData: byte order marks, folders of macOS and hidden ones are left out at every
// depth.
func TestWhatIsNoData(t *testing.T) {
	fsys := fstest.MapFS{
		"bom/labels.txt":              text("\ufeffa.png 3\n"),
		"bom/a.png":                   shade(t, 1),
		"d/cat/a.png":                 shade(t, 2),
		"d/cat/.thumbs/a.png":         shade(t, 9),
		"d/cat/deep/__MACOSX/a.png":   shade(t, 9),
		"d/cat/deep/.cache/x/a.png":   shade(t, 9),
		"d/cat/deep/b.png":            shade(t, 3),
		"d/__MACOSX/cat/a.png":        shade(t, 9),
		"i/._t10k-images-idx3-ubyte":  text("?"),
		"i/t10k-images-idx3-ubyte":    &fstest.MapFile{Data: idxBytes([]byte{1, 2, 3, 4}, 1, 2, 2)},
		"root/train/cat/a.png":        shade(t, 1),
		"root/val/cat/a.png":          shade(t, 1),
		"root/__MACOSX/train/._a.png": text("?"),
	}
	wantShades(t, openRaw(t, fsys, "bom", 1, 2, 2), "labels", []float32{1}, []int{3})
	wantShades(t, openRaw(t, fsys, "d", 1, 2, 2), "classes", []float32{2, 3}, []int{0, 0})
	wantSample(t, openRaw(t, fsys, "i", 1, 2, 2), 0, -1, 1, 2, 3, 4)
	wantError(t, fsys, "root", Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}}, "train, val look like parts", "try root/train")
}
