package dataset

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"ann2snn/preprocess"
)

// flagCases are all flags that say how pictures are prepared, each with a value that
// changes what a model of 3 x 4 x 4 gets of pictures of 6 x 5.
var flagCases = []Flags{
	{Preset: "tf"},
	{Scale: "1/255", Mean: "0.5"},
	{Scale: "1/255", Std: "0.5"},
	{Scale: "2"},
	{Scale: "1", Resize: "4"},
	{Scale: "1", Crop: "4"},
	{Scale: "1", Layout: "nchw"},
	{Scale: "1", Channels: "bgr"},
}

// colours are the bytes of n pictures of h x w, pixel by pixel.
func colours(n, h, w int) []byte {
	b := make([]byte, n*h*w*3)
	for i := range b {
		b[i] = byte(37*i + i*i%101)
	}
	return b
}

// planes turns pictures of h x w from pixel by pixel to colour by colour.
func planes(pixels []byte, h, w int) []byte {
	var out []byte
	for picture := range slices.Chunk(pixels, h*w*3) {
		for c := range 3 {
			for k := range h * w {
				out = append(out, picture[k*3+c])
			}
		}
	}
	return out
}

// npyOf returns a file with these elements.
func npyOf(dtype, shape string, elements []byte) []byte {
	return append(npyFile(dtype, shape, 0), elements...)
}

// npzOf returns an archive with array x.
func npzOf(t *testing.T, x []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("x.npy")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(x); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFlagsHaveEffectOrFail: a flag changes samples as it changes those of pictures, or is
// an error that names it.
func TestFlagsHaveEffectOrFail(t *testing.T) {
	const n, h, w = 2, 6, 5
	pixels := colours(n, h, w)
	exact := colours(n, 4, 4)
	fsys := files(map[string][]byte{
		"hwc.npy":   npyOf("u1", "(2, 6, 5, 3)", pixels),
		"chw.npy":   npyOf("u1", "(2, 3, 6, 5)", planes(pixels, h, w)),
		"hwc.npz":   npzOf(t, npyOf("u1", "(2, 6, 5, 3)", pixels)),
		"exact.npy": npyOf("u1", "(2, 3, 4, 4)", planes(exact, 4, 4)),
		"float.npy": npyFile("f4", "(2, 3, 4, 4)", 4*2*48),
		"float.npz": npzOf(t, npyFile("f4", "(2, 3, 4, 4)", 4*2*48)),
		"int16.npy": npyFile("i2", "(2, 3, 4, 4)", 2*2*48),
	})
	for _, f := range flagCases {
		spec, err := f.Preprocess()
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Preprocess: spec, Given: f.Given(), InputShape: []int{3, 4, 4}}
		for _, name := range []string{"float.npy", "float.npz", "int16.npy"} {
			for _, flag := range f.Given() {
				wantError(t, fsys, name, o, flag, "as they are", "try without")
			}
		}
		for _, name := range []string{"hwc.npy", "chw.npy", "hwc.npz"} {
			wantAsPictures(t, fsys, name, o, pixels, h, w)
		}
		wantAsPictures(t, fsys, "exact.npy", o, exact, 4, 4)
	}
}

// wantAsPictures checks the samples of a file against pictures with these pixels.
func wantAsPictures(t *testing.T, fsys fs.FS, name string, o Options, pixels []byte, h, w int) {
	t.Helper()
	in, err := o.Preprocess.Input(o.InputShape)
	if err != nil {
		t.Fatal(err)
	}
	s, err := OpenFS(fsys, name, o)
	if err != nil {
		t.Fatalf("%s with %v: %v", name, o.Given, err)
	}
	if s.Preprocess().IsZero() || s.Len() != len(pixels)/(h*w*3) {
		t.Errorf("%s: %d samples, preprocessing %v", name, s.Len(), s.Preprocess())
	}
	for i, picture := range slices.Collect(slices.Chunk(pixels, h*w*3)) {
		want := make([]float32, in.Len())
		img, err := preprocess.Decode(bmp(picture, h, w))
		if err != nil {
			t.Fatal(err)
		}
		if err := in.Prepare(want, img); err != nil {
			t.Fatal(err)
		}
		wantSample(t, s, i, unlabelled, want...)
	}
}

// bmp returns an uncompressed picture file.
func bmp(pixels []byte, h, w int) []byte {
	stride := (3*w + 3) / 4 * 4
	size := 54 + stride*h
	b := make([]byte, size)
	copy(b, "BM")
	for at, v := range map[int]int{2: size, 10: 54, 14: 40, 18: w, 22: h, 26: 1 | 24<<16, 34: stride * h} {
		b[at], b[at+1], b[at+2], b[at+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	}
	for y := range h {
		row := b[54+(h-1-y)*stride:]
		for x := range w {
			for c := range 3 {
				row[3*x+2-c] = pixels[(y*w+x)*3+c]
			}
		}
	}
	return b
}

// TestPixelArrayShapes: shapes of uint8 arrays that hold pictures, and those that do not.
func TestPixelArrayShapes(t *testing.T) {
	tests := []struct {
		have  string
		model []int
		n     int
	}{
		{"(2, 4, 5)", []int{1, 4, 5}, 2},
		{"(2, 4, 5)", []int{4, 5}, 2},
		{"(4, 10)", []int{4, 10}, 1},
		{"(4, 10)", []int{1, 4, 10}, 1},
		{"(10, 4)", []int{4}, 10},
		{"(2, 20)", []int{1, 4, 5}, 2},
		{"(2, 2, 10)", []int{20}, 0},
		{"(40,)", []int{1, 4, 5}, 0},
	}
	for _, tt := range tests {
		fsys := files(map[string][]byte{"a.npy": npyFile("u1", tt.have, 40)})
		s, err := OpenFS(fsys, "a.npy", Options{Preprocess: raw(t), InputShape: tt.model})
		switch {
		case tt.n == 0 && err == nil:
			err = errors.New("no error")
		case tt.n == 0:
			if !strings.Contains(err.Error(), "shape") {
				t.Errorf("%s as %v: %v", tt.have, tt.model, err)
			}
			continue
		case err == nil && s.Len() != tt.n:
			err = fmt.Errorf("%d samples", s.Len())
		}
		if err != nil {
			t.Errorf("%s as %v: %v", tt.have, tt.model, err)
		}
	}
}

// TestFlagsWithoutEffectOnGrey: colours have no order where there is one, nor have axes.
func TestFlagsWithoutEffectOnGrey(t *testing.T) {
	fsys := files(map[string][]byte{"a-images-idx3-ubyte": idxBytes(make([]byte, 16), 1, 4, 4)})
	for flag, shape := range map[string][]int{"--channels": {1, 4, 4}, "--layout": {16}} {
		o := Options{Preprocess: raw(t), Given: []string{flag}, InputShape: shape}
		wantError(t, fsys, "a-images-idx3-ubyte", o, flag, "no effect")
	}
	if _, err := OpenFS(fsys, "a-images-idx3-ubyte", Options{Preprocess: raw(t), Given: []string{"--layout"}, InputShape: []int{1, 4, 4}}); err != nil {
		t.Error(err)
	}
}

// TestFlagsOnFeatures: bytes that are no picture of the model are taken as they are, unless
// flags ask for more.
func TestFlagsOnFeatures(t *testing.T) {
	fsys := files(map[string][]byte{"a.npy": npyOf("u1", "(2, 7)", []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})})
	o := Options{Preprocess: raw(t), InputShape: []int{7}}
	s, err := OpenFS(fsys, "a.npy", o)
	if err != nil {
		t.Fatal(err)
	}
	wantSample(t, s, 1, unlabelled, 7, 8, 9, 10, 11, 12, 13)
	if !s.Preprocess().IsZero() {
		t.Errorf("preprocessing %v", s.Preprocess())
	}
	o.Given = []string{"--scale"}
	wantError(t, fsys, "a.npy", o, "--scale", "holds no grey or RGB image")
}
