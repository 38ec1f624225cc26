package dataset

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestNPYTypes reads the same 2 x 3 x 4 x 5 numbers in every type; see testdata/golden.py.
func TestNPYTypes(t *testing.T) {
	names, err := filepath.Glob("testdata/*.npy")
	if err != nil || len(names) != 22 {
		t.Fatalf("%d arrays in testdata, %v", len(names), err)
	}
	for _, name := range names {
		value := func(e int) float32 { return float32(e - 50) }
		switch {
		case strings.Contains(name, "unsigned"):
			value = func(e int) float32 { return float32(e) }
		case strings.Contains(name, "bool"):
			value = func(e int) float32 { return float32(max(1-(e+100)%3, 0)) }
		}
		s, err := Open(name, Options{InputShape: []int{3, 4, 5}})
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() != 2 || s.Labelled() || !s.Preprocess().IsZero() {
			t.Errorf("%s: %d samples", name, s.Len())
		}
		wantNumbers(t, s, value)
	}
}

func wantNumbers(t *testing.T, s *Set, value func(e int) float32) {
	t.Helper()
	for i := range 2 {
		values := make([]float32, 60)
		for e := range values {
			values[e] = value(i*60 + e)
		}
		wantSample(t, s, i, s.label(t, i), values...)
	}
}

// label returns a sample's label.
func (s *Set) label(t *testing.T, i int) int {
	t.Helper()
	label, err := s.Sample(i, make([]float32, s.size))
	if err != nil {
		t.Fatal(err)
	}
	return label
}

func TestNPZ(t *testing.T) {
	for _, name := range []string{"plain.npz", "compressed.npz"} {
		s, err := Open("testdata/"+name, Options{InputShape: []int{3, 4, 5}})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if s.Len() != 2 || !s.Labelled() || s.label(t, 0) != 4 || s.label(t, 1) != 2 {
			t.Errorf("%s: %d samples with labels %d, %d", name, s.Len(), s.label(t, 0), s.label(t, 1))
		}
		wantNumbers(t, s, func(e int) float32 { return float32(e - 50) })
	}
	wantError(t, os.DirFS("testdata"), "no_x.npz", Options{InputShape: []int{3, 4, 5}}, `["images" "y"]`, "numpy.savez")
}

func TestArrayShapes(t *testing.T) {
	tests := []struct {
		have string
		want []int
		n    int
	}{
		{"(2, 3, 4, 5)", []int{3, 4, 5}, 2},
		{"(120,)", []int{120}, 1},
		{"(3, 4, 10)", []int{3, 4, 10}, 1},
		{"(2, 60)", []int{3, 4, 5}, 2},
		{"(12, 1, 2, 5)", []int{2, 5, 1}, 12},
		{"(12, 2, 5)", []int{1, 2, 5}, 12},
		{"(120L, 1L)", []int{1}, 120},
		{"(2, 4, 5, 3)", []int{3, 4, 5}, 0},
		{"(2, 3, 20)", []int{3, 4, 5}, 0},
		{"(120,)", []int{3, 4, 5}, 0},
	}
	for _, tt := range tests {
		fsys := files(map[string][]byte{"a": npyFile("u1", tt.have, 120)})
		if tt.n == 0 {
			wantError(t, fsys, "a", Options{InputShape: tt.want}, "does not hold samples")
			continue
		}
		if s := openRaw(t, fsys, "a", tt.want...); s.Len() != tt.n {
			t.Errorf("%s as %v: %d samples", tt.have, tt.want, s.Len())
		}
	}
}

// npyFile returns a file of zeros.
func npyFile(dtype, shape string, size int) []byte {
	return npyHeaderFile(fmt.Sprintf("{'descr': '<%s', 'fortran_order': False, 'shape': %s, }\n", dtype, shape), size)
}

func npyHeaderFile(header string, size int) []byte {
	file := append([]byte(npyMagic), 1, 0, byte(len(header)), byte(len(header)>>8))
	return append(append(file, header...), make([]byte, size)...)
}

func TestNPYErrors(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"not npy", []byte("hello, world"), "no npy header"},
		{"short", []byte(npyMagic), "no npy header"},
		{"version", append([]byte(npyMagic), 9, 0, 0, 0, 0, 0), "version 9"},
		{"long header", append([]byte(npyMagic), 2, 0, 255, 255, 255, 255), "header of 4294967295 bytes"},
		{"no shape", npyHeaderFile("{'descr': '<f4', 'fortran_order': False}", 8), "lacks a simple"},
		{"record type", npyHeaderFile("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", 8), "lacks a simple"},
		{"complex", npyFile("c8", "(2,)", 16), `"<c8" is not supported`},
		{"object", npyFile("O", "(2,)", 16), "is not supported"},
		{"float128", npyFile("f16", "(2,)", 32), "is not supported"},
		{"negative", npyFile("f4", "(-2,)", 8), "shape (-2,)"},
		{"words", npyFile("f4", "(a, b)", 8), "shape (a, b)"},
		{"empty", npyFile("f4", "(0, 60)", 0), "shape [0 60]"},
		{"huge", npyFile("f8", "(2147483647, 2147483647, 2147483647)", 8), "shape [2147483647"},
		{"too few", npyFile("f4", "(2, 60)", 479), "480 bytes, there are 479"},
		{"too many", npyFile("f4", "(2, 60)", 481), "480 bytes, there are 481"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := files(map[string][]byte{"a.npy": tt.data})
			wantError(t, fsys, "a.npy", Options{InputShape: []int{60}, Format: "npy"}, `"a.npy"`, tt.want)
		})
	}
}

func TestHalfFloat(t *testing.T) {
	tests := map[uint16]float64{
		0x0000: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0001: 0x1p-24, 0x0400: 0x1p-14,
		0x83ff: -1023 * 0x1p-24, 0x3555: 0.333251953125, 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1),
	}
	for bits, want := range tests {
		if got := halfFloat(bits); got != want {
			t.Errorf("%04x: %v, not %v", bits, got, want)
		}
	}
	if got := halfFloat(0x7e00); !math.IsNaN(got) {
		t.Errorf("NaN: %v", got)
	}
	if got := halfFloat(0x8000); got != 0 || !math.Signbit(got) {
		t.Errorf("-0: %v", got)
	}
}

func TestLabelsOfNPZ(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"one-hot", npyFile("f4", "(3, 10)", 120), "shape [3 10]"},
		{"fraction", npyFile("f4", "(1,)", 4), ""},
		{"negative", append(npyFile("i1", "(2,)", 1), 0xff), "element 1 is -1"},
		{"not a number", append(npyFile("f2", "(1,)", 0), 0x00, 0x7e), "element 0 is NaN"},
	}
	for _, tt := range tests {
		a, err := newArray(bytes.NewReader(tt.data), int64(len(tt.data)))
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.integers()
		if (tt.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func FuzzNPY(f *testing.F) {
	names, err := filepath.Glob("testdata/*.npy")
	if err != nil || len(names) == 0 {
		f.Fatal("no seeds", err)
	}
	addFiles(f, names)
	f.Fuzz(func(t *testing.T, data []byte) {
		readHostile(t, map[string][]byte{"a.npy": data}, "a.npy", "npy", 3, 4, 5)
	})
}

func FuzzNPZ(f *testing.F) {
	addFiles(f, []string{"testdata/plain.npz", "testdata/compressed.npz", "testdata/no_x.npz"})
	f.Fuzz(func(t *testing.T, data []byte) {
		readHostile(t, map[string][]byte{"a.npz": data}, "a.npz", "npz", 3, 4, 5)
	})
}

func addFiles(f *testing.F, names []string) {
	f.Helper()
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// TestTargets: an array y of several numbers for a sample is not a list of classes, and its rows
// follow the samples that are chosen.
func TestTargets(t *testing.T) {
	numbers := func(dtype, shape string, values ...float32) []byte {
		b := npyFile(dtype, shape, 0)
		for _, v := range values {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		return b
	}
	for want, y := range map[Kind][]float32{
		OneHot:     {1, 0, 0, 1, 0, 1, 1, 0},
		Marks:      {1, 0, 1, 1, 0, 0, 1, 0},
		Numbers:    {3, 0, 1, 1, 0, 0, 1, 0},
		Directions: {1, 0, 0.6, -0.8, 0, 1, -1, 0},
		Values:     {1, 0, 0.5, -0.8, 0, 1, 1, 0},
	} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, file := range map[string][]byte{
			"x.npy": numbers("f4", "(4, 3)", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "y.npy": numbers("f4", "(4, 2)", y...),
		} {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(file); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		fsys := files(map[string][]byte{"a.npz": b.Bytes()})
		wantError(t, fsys, "a.npz", Options{InputShape: []int{3}}, "shape [4 2] instead of one class per sample")
		set, err := OpenFS(fsys, "a.npz", Options{InputShape: []int{3}, Targets: true, Skip: 1})
		if err != nil {
			t.Fatal(err)
		}
		row := make([]float32, set.TargetLen())
		if err := set.Target(2, row); err != nil || !slices.Equal(row, y[6:]) || set.Labelled() || set.ValuesError() == nil {
			t.Errorf("targets %v, want %v: %v", row, y[6:], err)
		}
		if err := set.Target(3, row); err == nil {
			t.Error("targets of a sample beyond the last")
		}
		all, err := OpenFS(fsys, "a.npz", Options{InputShape: []int{3}, Targets: true})
		if err != nil {
			t.Fatal(err)
		}
		if kind, err := all.TargetKind(); kind != want || err != nil {
			t.Errorf("%v is kind %d, want %d: %v", y, kind, want, err)
		}
	}
}
