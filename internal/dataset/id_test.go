package dataset

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"testing"

	"ann2snn/preprocess"
)

// TestSamePictureInEveryFormat: a picture has one ID as a PNG in a folder, as a record of a CIFAR
// file and in an array; grey ones as a PNG and in an IDX file too; whatever the preprocessing.
func TestSamePictureInEveryFormat(t *testing.T) {
	const n = 32 * 32
	record := make([]byte, 1+3*n)
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	var rows []byte // [H,W,C]
	for i := range n {
		for c := range 3 {
			v := byte(i*(c+1) + 7*c)
			record[1+c*n+i], img.Pix[4*i+c] = v, v
			rows = append(rows, v)
		}
		img.Pix[4*i+3] = 255
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		t.Fatal(err)
	}
	grey := &image.Gray{Pix: rows[:28*28], Stride: 28, Rect: image.Rect(0, 0, 28, 28)}
	var greyFile bytes.Buffer
	if err := png.Encode(&greyFile, grey); err != nil {
		t.Fatal(err)
	}
	fsys := files(map[string][]byte{
		"pictures/a.png": file.Bytes(), "one.bin": record,
		"rows.npy":                npyOf("u1", "(1, 32, 32, 3)", rows),
		"planes.npy":              npyOf("u1", "(1, 3, 32, 32)", record[1:]),
		"grey/a.png":              greyFile.Bytes(),
		"t10k-images-idx3-ubyte":  idxBytes(grey.Pix, 1, 28, 28),
		"grey.npy":                npyOf("u1", "(1, 28, 28)", grey.Pix),
		"train-images-idx3-ubyte": idxBytes(make([]byte, 28*28), 1, 28, 28),
	})
	mnist, err := preprocess.Preset("mnist")
	if err != nil {
		t.Fatal(err)
	}
	id := func(name string, spec preprocess.Spec, shape ...int) uint64 {
		s, err := OpenFS(fsys, name, Options{Preprocess: spec, InputShape: shape})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		first, err := s.ID(0, 0)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.ID(0, 0); again != first || err != nil {
			t.Errorf("%s: %x, then %x, %v", name, first, again, err)
		}
		return first
	}
	want := id("one.bin", raw(t), 3, 32, 32)
	for _, name := range []string{"pictures", "rows.npy", "planes.npy"} {
		if got := id(name, mnist, 32, 32, 3); got != want {
			t.Errorf("%s has another ID than the record of a CIFAR file", name)
		}
	}
	want = id("t10k-images-idx3-ubyte", mnist, 1, 28, 28)
	for _, name := range []string{"grey", "grey.npy"} {
		if got := id(name, raw(t), 784); got != want {
			t.Errorf("%s has another ID than the IDX file", name)
		}
	}
	if id("train-images-idx3-ubyte", mnist, 1, 28, 28) == want {
		t.Error("two pictures have the same ID")
	}
}

// TestIDFaults: samples that cannot be read, or are none, have no ID.
func TestIDFaults(t *testing.T) {
	s := openRaw(t, files(map[string][]byte{"p/a.png": []byte("no picture")}), "p", 1, 4, 4)
	for _, i := range []int{-1, 0, 1} {
		if _, err := s.ID(i, 0); err == nil {
			t.Errorf("sample %d has an ID", i)
		}
	}
}

// TestTurnedPictureIsTheSame: a picture has one ID however it lies in its file, and whether that
// is heeded or not; its values follow what is heeded.
func TestTurnedPictureIsTheSame(t *testing.T) {
	folder := "../../preprocess/testdata"
	read := func(name string, shape []int, ignore bool) (id uint64, values []float32) {
		spec := preprocess.Spec{Scale: 1, Mean: []float64{0}, Std: []float64{1}, Channels: preprocess.RGB, IgnoreEXIF: ignore}
		set, err := Open(folder+"/"+name, Options{Preprocess: spec, InputShape: shape})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		values = make([]float32, 3*shape[1]*shape[2])
		if _, err := set.Sample(0, values); err != nil {
			t.Fatal(err)
		}
		if id, err = set.ID(0, 0); err != nil {
			t.Fatal(err)
		}
		return id, values
	}
	lying, upright := []int{3, 7, 13}, []int{3, 13, 7}
	want, values := read("exif6_upright.png", upright, false)
	if id, turned := read("exif6.png", upright, false); id != want || !slices.Equal(turned, values) {
		t.Errorf("turned: ID %x, want %x", id, want)
	}
	_, stored := read("exif1.png", lying, false)
	if id, asStored := read("exif6.png", lying, true); id != want || !slices.Equal(asStored, stored) {
		t.Errorf("EXIF ignored: ID %x, want %x", id, want)
	}
}
