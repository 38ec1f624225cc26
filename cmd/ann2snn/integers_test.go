package main

import (
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// pixelModel writes a model whose input is bytes of pixels, height x width x colour: it tells
// bright pictures from dark ones.
func pixelModel(t *testing.T, dir string, input pb.TensorProto_DataType) string {
	t.Helper()
	g := onnxfile.New("pixels")
	g.Input("x", input, 1, 8, 8, 3)
	f := g.Node("f", "Cast", []string{"x"}, onnxfile.Type("to", pb.TensorProto_FLOAT))
	s := g.Node("s", "Div", []string{f, g.Constant(onnxfile.Floats("d", []float32{255}))})
	n := g.Node("n", "Transpose", []string{s}, onnxfile.Ints("perm", 0, 3, 1, 2))
	w := make([]float32, 2*3)
	for i := range w {
		w[i] = float32(1 - 2*(i/3)) // one channel for bright, one for dark
	}
	c := g.Node("c", "Conv", []string{n, g.Constant(onnxfile.Floats("w", w, 2, 3, 1, 1)), g.Constant(onnxfile.Floats("b", []float32{-1.5, 1.5}, 2))})
	p := g.Node("p", "GlobalAveragePool", []string{g.Node("r", "Relu", []string{c})})
	g.Output(g.Node("y", "Flatten", []string{p}), pb.TensorProto_FLOAT, 1, 2)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, dir, "pixels.onnx", file)
}

// TestPixelInputs: pictures go into a model of integers without a word about preprocessing.
func TestPixelInputs(t *testing.T) {
	t.Parallel()
	for _, input := range []pb.TensorProto_DataType{pb.TensorProto_UINT8, pb.TensorProto_INT32, pb.TensorProto_INT64} {
		dir := t.TempDir()
		model, net, pictures := pixelModel(t, dir, input), filepath.Join(dir, "pixels.snn"), filepath.Join(dir, "pictures")
		random := rand.New(rand.NewPCG(1, 2))
		for i := range 80 {
			class := []string{"bright", "dark"}[i%2]
			writePicture(t, filepath.Join(pictures, class, strconv.Itoa(i)+".png"), func() uint8 { return uint8(150*(1-i%2) + random.IntN(100)) })
		}
		const note = "which the model makes floats of: numbers are taken as they are, pixels as 0 to 255"
		if code, _, stderr := said("inspect", model); code != exitOK || !strings.Contains(stderr, note) {
			t.Errorf("%v: inspect: exit code %d\n%s", input, code, stderr)
		}
		if code, _, stderr := said("convert", model, "--data", pictures, "-o", net); code != exitOK || !strings.Contains(stderr, note) {
			t.Fatalf("%v: convert: exit code %d\n%s", input, code, stderr)
		}
		if code, stdout, stderr := said("compare", model, net, "--data", pictures, "--allow-overlap", "--json"); code != exitOK || !strings.Contains(stdout, `"agreement": 100`) {
			t.Errorf("%v: compare: exit code %d\n%s%s", input, code, stdout, stderr)
		}
		if code, stdout, stderr := said("run", net, filepath.Join(pictures, "bright", "0.png")); code != exitOK || !strings.Contains(stdout, "bright") {
			t.Errorf("%v: run: exit code %d\n%s%s", input, code, stdout, stderr)
		}
		if code, _, stderr := said("convert", model, "--data", pictures, "-o", net, "-f", "--preprocess", "imagenet"); code == exitOK || !strings.Contains(stderr, "mean is 0.485,0.456,0.406 by the flags, but 0 as stored") {
			t.Errorf("%v: another preprocessing than the model's: exit code %d\n%s", input, code, stderr)
		}
	}
}

// writePicture writes a picture of 8 x 8 pixels.
func writePicture(t *testing.T, path string, level func() uint8) {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for k := range 64 {
		img.Set(k%8, k/8, color.NRGBA{level(), level(), level(), 255})
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
