package dataset

import (
	"bytes"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ann2snn/preprocess"
)

// shade returns a 2 x 2 PNG of one grey level.
func shade(t testing.TB, v uint8) *fstest.MapFile { return pngFile(t, 2, 2, color.Gray{Y: v}) }

func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

// wantShades checks the grey level and the label of every sample.
func wantShades(t *testing.T, s *Set, format string, shades []float32, labels []int) {
	t.Helper()
	if s.Format() != format || s.Len() != len(shades) || s.Labelled() != (labels[0] >= 0) {
		t.Fatalf("%d samples of %s, labelled: %v", s.Len(), s.Format(), s.Labelled())
	}
	for i, v := range shades {
		wantSample(t, s, i, labels[i], v, v, v, v)
	}
}

func TestImageFolder(t *testing.T) {
	fsys := fstest.MapFS{
		"d/b.png": shade(t, 2), "d/a.PNG": shade(t, 1), "d/.hidden.png": shade(t, 3), "d/readme.md": text("hello"),
	}
	s := openRaw(t, fsys, "d", 1, 2, 2)
	wantShades(t, s, "images", []float32{1, 2}, []int{-1, -1})
	if s.Name(0) != "d/a.PNG" {
		t.Errorf("name %q", s.Name(0))
	}
	wantShades(t, openRaw(t, fsys, "d/b.png", 1, 2, 2), "image", []float32{2}, []int{-1})
}

func TestLabelsFile(t *testing.T) {
	fsys := fstest.MapFS{
		"numbers/labels.txt":   text("x y.png 12\r\n\n  sub/z.png\t0  \n"),
		"numbers/x y.png":      shade(t, 5),
		"numbers/sub/z.png":    shade(t, 6),
		"numbers/unlisted.png": shade(t, 7),
		"names/labels.txt":     text("a.png zebra\nb.png ant\nc.png zebra\nd.png 7"),
		"names/a.png":          shade(t, 1),
		"names/b.png":          shade(t, 2),
		"names/c.png":          shade(t, 3),
		"names/d.png":          shade(t, 4),
	}
	s := openRaw(t, fsys, "numbers", 1, 2, 2)
	wantShades(t, s, "labels", []float32{5, 6}, []int{12, 0})
	if s.Classes() != nil {
		t.Errorf("classes %q of numbers", s.Classes())
	}
	s = openRaw(t, fsys, "names", 1, 2, 2)
	wantShades(t, s, "labels", []float32{1, 2, 3, 4}, []int{2, 1, 2, 0})
	if want := []string{"7", "ant", "zebra"}; !slices.Equal(s.Classes(), want) {
		t.Errorf("classes %q", s.Classes())
	}
}

func TestClassFolders(t *testing.T) {
	fsys := fstest.MapFS{
		"names/dog/1.png":        shade(t, 1),
		"names/dog/2.png":        shade(t, 2),
		"names/dog/3.png":        shade(t, 3),
		"names/cat/deep/1.png":   shade(t, 4),
		"names/ape/note.txt":     text("no picture here"),
		"names/.git/1.png":       shade(t, 9),
		"numbers/10/a.png":       shade(t, 10),
		"numbers/2/a.png":        shade(t, 2),
		"numbers/2/b.png":        shade(t, 3),
		"numbers/2/Thumbs.db":    text("?"),
		"numbers/10/._a.png":     text("?"),
		"numbers/checksums.json": text("{}"),
	}
	s := openRaw(t, fsys, "names", 1, 2, 2)
	wantShades(t, s, "classes", []float32{4, 1, 2, 3}, []int{1, 2, 2, 2})
	if want := []string{"ape", "cat", "dog"}; !slices.Equal(s.Classes(), want) {
		t.Errorf("classes %q", s.Classes())
	}
	s = openRaw(t, fsys, "numbers", 1, 2, 2)
	wantShades(t, s, "classes", []float32{10, 2, 3}, []int{10, 2, 2})
}

// TestLinksInFolders: links are followed, to pictures and to folders, never in circles.
func TestLinksInFolders(t *testing.T) {
	root := t.TempDir()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	data, store := filepath.Join(root, "data"), filepath.Join(root, "store", "cats")
	for _, dir := range []string{filepath.Join(data, "ape"), filepath.Join(data, "dog"), store} {
		check(os.MkdirAll(dir, 0o755))
	}
	write := func(path string, v uint8) {
		t.Helper()
		check(os.WriteFile(path, shade(t, v).Data, 0o600))
	}
	write(filepath.Join(data, "ape", "a.png"), 1)
	write(filepath.Join(store, "c.png"), 2)
	write(filepath.Join(root, "store", "single.png"), 3)
	check(os.Symlink("../store/cats", filepath.Join(data, "cat")))
	check(os.Symlink("../../store/single.png", filepath.Join(data, "dog", "d.png")))
	for name, to := range map[string]string{"dog/loop": "..", "dog/self": ".", "cat/back": "../../data", "gone": "nowhere"} {
		check(os.Symlink(to, filepath.Join(data, name)))
	}
	set, err := Open(data, Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}})
	if err != nil {
		t.Fatal(err)
	}
	wantShades(t, set, "classes", []float32{1, 2, 3}, []int{0, 1, 2})
	if want := []string{"ape", "cat", "dog"}; !slices.Equal(set.Classes(), want) {
		t.Errorf("classes %q", set.Classes())
	}
	if notes := strings.Join(set.Notes(), "\n"); !strings.Contains(notes, "1 file that is") {
		t.Errorf("notes %q", notes) // of the link that leads nowhere
	}
}

// TestNotes: what is left out is counted, and an order that may surprise is said.
func TestNotes(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{
		"left/a/1.png", "left/b/1.png", "plain/1.png", "ten/class1/a.png", "ten/class2/a.png", "ten/class10/a.png",
		"numbers/2/a.png", "numbers/10/a.png", "few/0/a.png", "few/1/a.png", "hidden/a/1.png", "hidden/b/deep/.cache/2.png", "hidden/b/@eaDir/2.png", "hidden/b/1.png",
		"listed/a.png", "listed/b.png", "listed/c.png",
	} {
		fsys[name] = shade(t, 1)
	}
	for _, name := range []string{"left/a/2.tif", "left/b/x/3.TIF", "left/b/list", "left/beside.png", "plain/notes.gif", "hidden/b/.x.tif", "hidden/a/Thumbs.db"} {
		fsys[name] = text("?")
	}
	fsys["listed/labels.txt"] = text("a.png 0\nb.png 1\n")
	for _, tt := range []struct {
		name string
		want []string // parts of the notes, one each
		n    int      // samples
	}{
		{"left", []string{"4 files that are no JPEG, PNG, WebP or BMP by name left out: 1 .png, 2 .tif, 1 without an ending"}, 2},
		{"plain", []string{"1 file that is"}, 1},
		{"ten", []string{`order of text: class 1 is "class10", where an order by numbers has "class2"`}, 3},
		{"numbers", []string{`"10" is class 10; programs that sort names as text have it as class 0`}, 2},
		{"few", nil, 2},
		{"hidden", nil, 2},
		{"listed", []string{"1 pictures that labels.txt does not list left out"}, 2},
	} {
		s := openRaw(t, fsys, tt.name, 1, 2, 2)
		if len(s.Notes()) != len(tt.want) || s.Len() != tt.n {
			t.Errorf("%s: %d samples, notes %q", tt.name, s.Len(), s.Notes())
			continue
		}
		for i, want := range tt.want {
			if !strings.Contains(s.Notes()[i], want) {
				t.Errorf("%s: note %q", tt.name, s.Notes()[i])
			}
		}
	}
	// The same names, found among those of the network, are in no order of their own.
	s, err := OpenFS(fsys, "ten", Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}, Classes: []string{"class1", "class2", "class10"}})
	if err != nil || len(s.Notes()) != 0 {
		t.Errorf("notes %q, %v", s.Notes(), err)
	}
}

// TestFlatPictures: the order in which a list of values holds colours is said.
func TestFlatPictures(t *testing.T) {
	fsys := fstest.MapFS{"p/1.png": shade(t, 1)}
	for layout, want := range map[string]string{"": "channel by channel (CHW)", preprocess.NHWC: "pixel by pixel (HWC)"} {
		spec := raw(t)
		spec.Layout = layout
		for _, given := range [][]string{nil, {"--layout"}} {
			s, err := OpenFS(fsys, "p", Options{Preprocess: spec, Given: given, InputShape: []int{12}})
			if err != nil {
				t.Fatal(err)
			}
			if notes := strings.Join(s.Notes(), "\n"); strings.Contains(notes, want) != (given == nil) {
				t.Errorf("layout %q, given %v: notes %q", layout, given, notes)
			}
		}
	}
	if s := openRaw(t, fsys, "p", 4); len(s.Notes()) != 0 {
		t.Errorf("grey: notes %q", s.Notes())
	}
}

// TestPartsOfDataSets: the root of a data set is not taken for classes.
func TestPartsOfDataSets(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{
		"split/train/cat/1.png", "split/val/cat/1.png", "more/train/1.png", "more/Test/1.png", "more/docs/1.png",
		"only/train/cat/1.png", "vehicles/train/1.png", "vehicles/car/1.png",
	} {
		fsys[name] = shade(t, 1)
	}
	for name, want := range map[string]string{
		"split": "try split/train", "more": "the folders Test, train look like parts of a data set", "only": "try only/train", "vehicles": "",
	} {
		_, err := OpenFS(fsys, name, Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFolderErrors(t *testing.T) {
	fsys := fstest.MapFS{
		"escape/labels.txt":    text("a.png 1\n../secret.png 2\n"),
		"absolute/labels.txt":  text("/etc/passwd 2\n"),
		"alone/labels.txt":     text("a.png\n"),
		"empty/labels.txt":     text("\n \n"),
		"missing/labels.txt":   text("gone.png 1"),
		"broken/a.png":         {Data: shade(t, 1).Data[:40]},
		"nothing/readme.md":    text("hello"),
		"nothing/sub/note.txt": text("hello"),
		"unknown":              text("hello"),
	}
	tests := []struct {
		name, format string
		parts        []string
	}{
		{"escape", "", []string{"labels.txt line 2", "leaves the folder"}},
		{"absolute", "", []string{"line 1", "leaves the folder"}},
		{"alone", "", []string{"not FILE CLASS"}},
		{"empty", "", []string{"lists no file"}},
		{"missing", "", []string{"missing/gone.png", "does not exist"}},
		{"broken", "", []string{"broken/a.png", "broken picture"}},
		{"nothing", "", []string{"nothing in the folder is data", "MNIST IDX", "cifar100"}},
		{"nothing", "images", []string{"no JPEG"}},
		{"nothing", "classes", []string{"no JPEG"}},
		{"nothing", "labels", []string{"labels.txt", "does not exist"}},
		{"unknown", "", []string{"not recognised"}},
		{"unknown", "tfrecord", []string{"unknown data format \"tfrecord\"", "npz"}},
		{"absent", "", []string{`"absent"`, "does not exist"}},
	}
	for _, tt := range tests {
		t.Run(tt.name+tt.format, func(t *testing.T) {
			wantError(t, fsys, tt.name, Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}, Format: tt.format}, tt.parts...)
		})
	}
}

func FuzzLabels(f *testing.F) {
	f.Add([]byte("a.png 1\nb c.png x"))
	f.Add([]byte("../a.png\t4294967296"))
	f.Fuzz(func(t *testing.T, list []byte) {
		readHostile(t, map[string][]byte{"d/labels.txt": list}, "d", "labels", 1, 2, 2)
		if s, err := OpenFS(files(map[string][]byte{"d/labels.txt": list}), "d",
			Options{Preprocess: raw(t), InputShape: []int{1, 2, 2}}); err == nil && s.Len() > bytes.Count(list, []byte("\n"))+1 {
			t.Errorf("%d samples of %q", s.Len(), list)
		}
	})
}
