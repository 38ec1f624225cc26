package dataset

import (
	"bytes"
	"image/color"
	"slices"
	"testing"
	"testing/fstest"
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
