package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ann2snn/preprocess"
)

// pngFile returns a PNG file of one colour.
func pngFile(t testing.TB, w, h int, c color.Color) *fstest.MapFile {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: out.Bytes()}
}

// idxBytes returns an IDX file of bytes.
func idxBytes(data []byte, shape ...uint32) []byte {
	file := []byte{0, 0, 8, byte(len(shape))}
	for _, d := range shape {
		file = binary.BigEndian.AppendUint32(file, d)
	}
	return append(file, data...)
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func raw(t testing.TB) preprocess.Spec {
	t.Helper()
	p, err := preprocess.Preset("raw")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// files makes a file system.
func files(data map[string][]byte) fs.FS {
	m := fstest.MapFS{}
	for name, d := range data {
		m[name] = &fstest.MapFile{Data: d}
	}
	return m
}

func openRaw(t testing.TB, fsys fs.FS, name string, shape ...int) *Set {
	t.Helper()
	s, err := OpenFS(fsys, name, Options{Preprocess: raw(t), InputShape: shape})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// wantSample checks one sample's label and values.
func wantSample(t testing.TB, s *Set, i, label int, values ...float32) {
	t.Helper()
	dst := make([]float32, s.size)
	got, err := s.Sample(i, dst)
	if err != nil {
		t.Fatal(err)
	}
	if got != label {
		t.Errorf("%s has label %d, not %d", s.Name(i), got, label)
	}
	if len(values) > 0 && !slices.Equal(dst, values) {
		t.Errorf("%s = %v, not %v", s.Name(i), dst, values)
	}
}

// wantError checks that opening fails with a message that holds all parts.
func wantError(t testing.TB, fsys fs.FS, name string, o Options, parts ...string) {
	t.Helper()
	s, err := OpenFS(fsys, name, o)
	if err == nil {
		_, err = s.Sample(0, make([]float32, s.size))
	}
	if err == nil {
		t.Fatalf("%s: no error", name)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%s: error %q lacks %q", name, err, part)
		}
	}
}

// readHostile opens hostile data and reads a few samples, which may fail but not panic.
func readHostile(t *testing.T, data map[string][]byte, name, format string, shape ...int) {
	t.Helper()
	s, err := OpenFS(files(data), name, Options{Preprocess: raw(t), InputShape: shape, Format: format})
	if err != nil {
		return
	}
	defer s.Close()
	dst := make([]float32, s.size)
	for i := range min(s.Len(), 4) {
		if label, err := s.Sample(i, dst); err == nil && label < -1 {
			t.Errorf("label %d", label)
		}
	}
}
