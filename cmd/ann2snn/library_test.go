package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn"
	"ann2snn/convert"
	"ann2snn/preprocess"
)

// TestCommandIsTheLibrary: convert writes the bytes that a program with the same options
// does, and run gives the answers of the library.
func TestCommandIsTheLibrary(t *testing.T) {
	t.Parallel()
	models, dir := filepath.Join("..", "..", "models"), t.TempDir()
	model, data, file := filepath.Join(models, "demo.onnx"), filepath.Join(models, "calibration"), filepath.Join(dir, "net.snn")
	for _, tt := range []struct {
		flags   []string
		options ann2snn.Options
	}{
		{[]string{"--fit", "bias"}, ann2snn.Options{Fit: new(convert.FitBias)}},
		{[]string{"--bits", "2", "--seed", "0", "--weights", "float32", "--fit", "none"}, ann2snn.Options{
			Bits: 2, Seed: new(uint64(0)), Weights: new(convert.Float32), Fit: new(convert.FitNone),
		}},
	} {
		command(t, append([]string{"convert", model, "-q", "-f", "-o", file, "--data", data, "--preprocess", "mnist", "--calib-samples", "16"}, tt.flags...)...)
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tt.options.Samples = 16
		if want := convertByLibrary(t, model, data, tt.options); !bytes.Equal(got, want) {
			t.Errorf("%q: the network differs from the library's", tt.flags)
		}
	}
	picture := filepath.Join(dir, "disc.jpg")
	writeDisc(t, picture)
	var got []classified
	if err := json.Unmarshal(command(t, "run", file, picture, "--top", "99", "--json"), &got); err != nil {
		t.Fatal(err)
	}
	net, err := ann2snn.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := net.ClassifyFile(t.Context(), picture)
	if err != nil {
		t.Fatal(err)
	}
	var answers []ann2snn.Answer
	for _, s := range got[0].Top {
		answers = append(answers, s.Answer)
	}
	if diff := cmp.Diff(want, answers); diff != "" {
		t.Errorf("answers (-library +command):\n%s", diff)
	}
}

// convertByLibrary returns the .snn file that the library makes.
func convertByLibrary(t *testing.T, model, data string, o ann2snn.Options) []byte {
	t.Helper()
	m, err := ann2snn.Load(t.Context(), model, ann2snn.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	spec, err := preprocess.Preset("mnist")
	if err != nil {
		t.Fatal(err)
	}
	samples, err := m.OpenSamples(data, ann2snn.SampleOptions{Preprocess: spec})
	if err != nil {
		t.Fatal(err)
	}
	defer samples.Close()
	n, _, err := m.Convert(t.Context(), samples, o)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := n.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// writeDisc writes a picture of a grey disc.
func writeDisc(t *testing.T, path string) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 28, 28))
	for y := range 28 {
		for x := range 28 {
			if (x-14)*(x-14)+(y-14)*(y-14) < 80 {
				img.Set(x, y, color.Gray{Y: 200})
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
