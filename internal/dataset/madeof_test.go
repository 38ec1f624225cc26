package dataset

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"ann2snn/preprocess"
)

// TestMadeOf: arrays that were made of pixels in a customary way are seen to be, in every form
// of a model's input, and their pictures come back as they were.
func TestMadeOf(t *testing.T) {
	const n, side = 5, 8
	pixels := colours(n, side, side)
	picture := func(i int) image.Image {
		img := image.NewNRGBA(image.Rect(0, 0, side, side))
		for k := range side * side {
			p := pixels[(i*side*side+k)*3:]
			img.Set(k%side, k/side, color.NRGBA{p[0], p[1], p[2], 255})
		}
		return img
	}
	for _, spec := range customary() {
		for _, shape := range [][]int{{3, side, side}, {side, side, 3}, {3 * side * side}, {1, side, side}, {side, side}} {
			in, err := spec.Input(shape)
			if err != nil {
				continue // constants of three colours for a grey input
			}
			var values []float32
			for i := range n {
				one := make([]float32, in.Len())
				if err := in.Prepare(one, picture(i)); err != nil {
					t.Fatal(err)
				}
				values = append(values, one...)
			}
			s := openArray(t, values, append([]int{n}, shape...)...)
			made, found, ok := s.MadeOf(shape)
			if !ok {
				t.Errorf("%v, %v: not seen to be made of pixels", spec, shape)
				continue
			}
			back, err := found.Input(shape)
			if err != nil {
				t.Fatal(err)
			}
			again := make([]float32, in.Len())
			for i := range n {
				img, _, err := made.Picture(i)
				if err != nil {
					t.Fatal(err)
				}
				if err := back.Prepare(again, img); err != nil {
					t.Fatal(err)
				}
				for k, v := range again {
					if want := values[i*len(again)+k]; math.Abs(float64(v-want)) > 1e-4*max(1, math.Abs(float64(want))) {
						t.Fatalf("%v, %v: value %d of picture %d is %v, was %v", spec, shape, k, i, v, want)
					}
				}
			}
		}
	}
}

// TestMadeOfNothing: features, and values that no pixels give, are not taken for pictures.
func TestMadeOfNothing(t *testing.T) {
	const n = 4
	uneven := make([]float32, n*64)
	whole := make([]float32, n*16)
	for i := range uneven {
		uneven[i] = float32(math.Sin(float64(i) * 1.7))
	}
	for i := range whole {
		whole[i] = float32(i % 200)
	}
	for _, s := range []struct {
		set   *Set
		shape []int
	}{
		{openArray(t, uneven, n, 64), []int{64}},
		{openArray(t, whole, n, 16), []int{16}},
		{openArray(t, whole[:60], n, 15), []int{15}},
	} {
		if _, spec, ok := s.set.MadeOf(s.shape); ok {
			t.Errorf("shape %v: made of pixels by %v", s.shape, spec)
		}
	}
}

// TestArraysUntouched: where a network has a preprocessing, a note says that arrays have to have
// it already; axes in another order have a way out.
func TestArraysUntouched(t *testing.T) {
	spec, err := preprocess.Preset("mnist")
	if err != nil {
		t.Fatal(err)
	}
	fsys := files(map[string][]byte{"x.npy": npyFile("f4", "(2, 8, 8, 3)", 2*8*8*3*4)})
	o := Options{Preprocess: spec, InputShape: []int{8, 8, 3}}
	s, err := OpenFS(fsys, "x.npy", o)
	if err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(s.Notes(), "\n"); !strings.Contains(text, "taken as they are") || !strings.Contains(text, "(pixel / 255 - 0.5) / 0.5") {
		t.Errorf("notes: %s", text)
	}
	if notes := openRaw(t, fsys, "x.npy", 8, 8, 3).Notes(); len(notes) > 0 {
		t.Errorf("pixels as they are: %v", notes)
	}
	wantError(t, fsys, "x.npy", Options{InputShape: []int{3, 8, 8}}, "try numpy.transpose(x, (0, 3, 1, 2))")
	other := files(map[string][]byte{"x.npy": npyFile("f4", "(2, 3, 8, 8)", 2*8*8*3*4)})
	wantError(t, other, "x.npy", Options{InputShape: []int{8, 8, 3}}, "try numpy.transpose(x, (0, 2, 3, 1))")
}

// openArray opens an array of float32.
func openArray(t *testing.T, values []float32, shape ...int) *Set {
	t.Helper()
	var data []byte
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	dims := strings.ReplaceAll(strings.Trim(fmt.Sprint(shape), "[]"), " ", ", ")
	fsys := files(map[string][]byte{"x.npy": npyOf("f4", "("+dims+")", data)})
	s, err := OpenFS(fsys, "x.npy", Options{InputShape: shape[1:]})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
