package main

import (
	"errors"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ann2snn"
	"ann2snn/internal/dataset"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/preprocess"
)

// demoArray writes labelled samples of the demo as an archive of float32: pixels of 0 to 255,
// changed by f.
func demoArray(t *testing.T, dir, name string, f func(float32) float32) string {
	t.Helper()
	const n, size = 200, 28 * 28
	raw, err := preprocess.Preset("raw")
	if err != nil {
		t.Fatal(err)
	}
	set, err := dataset.Open(filepath.Join("..", "..", "models", "test"), dataset.Options{Preprocess: raw, InputShape: []int{1, 28, 28}})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	x, labels := make([]float32, n*size), make([]float32, n)
	for i := range n {
		label, err := set.Sample(i, x[i*size:(i+1)*size])
		if err != nil {
			t.Fatal(err)
		}
		labels[i] = float32(label)
	}
	for i := range x {
		x[i] = f(x[i])
	}
	file, err := npz(npy(x, n, 1, 28, 28), npy(labels, n))
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, dir, name, file)
}

// TestDoubtsOfArrays: arrays that were made of pixels in another way than the model wants are
// noticed as pictures are, by doctor and by whatever command sees the labels.
func TestDoubtsOfArrays(t *testing.T) {
	t.Parallel()
	model, dir := filepath.Join("..", "..", "models", "demo.onnx"), t.TempDir()
	for name, f := range map[string]func(float32) float32{
		"whole.npz": func(p float32) float32 { return p },
		"mean.npz":  func(p float32) float32 { return (p/255 - 0.485) / 0.229 / 100 }, // made of nothing known
		"right.npz": func(p float32) float32 { return p/127.5 - 1 },
	} {
		data := demoArray(t, dir, name, f)
		code, stdout, stderr := said("doctor", model, "--data", data)
		if code != exitOK {
			t.Errorf("doctor on %s: exit code %d\n%s", name, code, stderr)
		}
		_, _, warned := said("convert", model, "--data", data, "--effort", "fast", "--fit", "none", "-q", "-o", filepath.Join(dir, name+".snn"))
		switch name {
		case "whole.npz":
			want := regexp.MustCompile(`best: --preprocess mnist; arrays of float32 are taken as they are: make them so, or give the pixels of 0..255`)
			if !want.MatchString(stdout) {
				t.Errorf("doctor on %s:\n%s", name, stdout)
			}
			if !strings.Contains(warned, "with --preprocess mnist ((pixel / 255 - 0.5) / 0.5, rgb); arrays of float32 are taken as they are") {
				t.Errorf("convert on %s: %s", name, warned)
			}
		case "mean.npz":
			if !strings.Contains(stdout, "They are no pictures, nor made of pixels as is customary") {
				t.Errorf("doctor on %s:\n%s", name, stdout)
			}
		case "right.npz":
			if !regexp.MustCompile(`(?m)^ +9\d\.\d\d +200 +the array +\(pixel / 255 - 0.5\) / 0.5`).MatchString(stdout) || strings.Contains(stdout, "best") {
				t.Errorf("doctor on %s:\n%s", name, stdout)
			}
			if strings.Contains(warned, "doubtful") {
				t.Errorf("convert on %s: %s", name, warned)
			}
		}
	}
}

// TestTaskStays: a task that convert was asked for is that of compare too, as of run, unless a
// flag names another.
func TestTaskStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	model, net := coordinates(t), filepath.Join(dir, "net.snn")
	x, _ := sorted(60)
	data := keep(t, dir, "x.npy", npy(x, 180, 3))
	command(t, "convert", model, "-q", "--data", data, "--task", "embedding", "-o", net)
	for _, args := range [][]string{{}, {"--task", "classification"}} {
		text := string(command(t, slices.Concat([]string{"compare", model, net, "--data", data, "--allow-overlap"}, args)...))
		if asked := len(args) > 0; strings.Contains(text, "cosine") == asked || strings.Contains(text, "agrees with ANN %") != asked {
			t.Errorf("%v:\n%s", args, text)
		}
	}
}

// TestOtherLabels: labels that are no classes stop no command that has no use for classes, and
// those that compare with labels say where they do not fit the outputs; where classes are wanted
// they are an error with a way out.
func TestOtherLabels(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(5, 6))
	const n = 120
	x, several := make([]float32, n*3), make([]float32, n*2)
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	for i := range several {
		several[i] = float32(random.IntN(2))
	}
	file, err := npz(npy(x, n, 3), npy(several, n, 2))
	if err != nil {
		t.Fatal(err)
	}
	data, net := keep(t, dir, "several.npz", file), filepath.Join(dir, "net.snn")
	model := sigmoids(t, dir)
	for _, args := range [][]string{
		{"convert", model, "--data", data, "-o", net},
		{"compare", model, net, "--data", data, "--allow-overlap"},
		{"compare", model, "--data", data, "--calib-samples", "40"},
		{"run", net, data, "--limit", "2"},
		{"export", net, "--target", "c", "-o", filepath.Join(dir, "c"), "--data", data},
	} {
		code, stdout, stderr := said(args...)
		if code != exitOK {
			t.Errorf("%v: exit code %d\n%s", args, code, stderr)
		}
		if c := args[0]; (c == "convert" || c == "compare") && (!strings.Contains(stderr, "are not used") || !strings.Contains(stdout, "multi-label")) {
			t.Errorf("%v:\n%s%s", args, stderr, stdout)
		}
	}
	code, _, stderr := said("convert", coordinates(t), "--data", data, "-o", filepath.Join(dir, "no.snn"))
	if code != exitFailure || !strings.Contains(stderr, "numpy.argmax") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
}

// sigmoids writes a model of three inputs and as many decisions.
func sigmoids(t *testing.T, dir string) string {
	t.Helper()
	unit := []float32{1, -1, 0, 0, 1, -1, -1, 0, 1}
	g := onnxfile.New("sigmoids")
	g.Input("x", pb.TensorProto_FLOAT, 1, 3)
	a := g.Node("h", "Gemm", []string{"x", g.Constant(onnxfile.Floats("w", unit, 3, 3))})
	r := g.Node("r", "Relu", []string{a})
	z := g.Node("z", "Gemm", []string{r, g.Constant(onnxfile.Floats("v", unit, 3, 3))})
	g.Output(g.Node("y", "Sigmoid", []string{z}), pb.TensorProto_FLOAT, 1, 3)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, dir, "sigmoids.onnx", file)
}

// TestProfileOfOutput: a profile that was made for one output of a model is not taken for
// another.
func TestProfileOfOutput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	model := heads(t, dir)
	random, x := rand.New(rand.NewPCG(5, 6)), make([]float32, 90*192)
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	data, profile := keep(t, dir, "x.npy", npy(x, 90, 3, 8, 8)), filepath.Join(dir, "p.json")
	names := outputNames(t, model)
	command(t, "calibrate", model, "-q", "--data", data, "-o", profile)
	command(t, "convert", model, "-q", "--profile", profile, "-o", filepath.Join(dir, "first.snn"))
	code, _, stderr := said("convert", model, "--profile", profile, "--output", names[1], "-o", filepath.Join(dir, "second.snn"))
	if want := "made for the output " + names[0] + " of the model, not " + names[1]; code != exitFailure || !strings.Contains(stderr, want) {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	first, second := loadOutput(t, model, names[0]), loadOutput(t, model, names[1])
	p, err := first.Calibrate(t.Context(), nil, ann2snn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := second.Convert(t.Context(), nil, ann2snn.Options{Profile: p}); !errors.Is(err, ann2snn.ErrOutput) {
		t.Errorf("the library: %v", err)
	}
}

func loadOutput(t *testing.T, model, name string) *ann2snn.Model {
	t.Helper()
	m, err := ann2snn.Load(t.Context(), model, ann2snn.LoadOptions{Output: name})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestNotesOfReading: how pictures were read is said by run too, and by the library.
func TestNotesOfReading(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const side = 4
	g := onnxfile.New("flat")
	w := make([]float32, 3*side*side*2)
	for i := range w {
		w[i] = float32(i%7) - 3
	}
	g.Input("x", pb.TensorProto_FLOAT, 1, 3*side*side)
	r := g.Node("r", "Relu", []string{g.Node("h", "Gemm", []string{"x", g.Constant(onnxfile.Floats("w", w, 3*side*side, 2))})})
	g.Output(g.Node("y", "Gemm", []string{r, g.Constant(onnxfile.Floats("v", []float32{1, 0, 0, 1}, 2, 2))}), pb.TensorProto_FLOAT, 1, 2)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	model, net, pictures := keep(t, dir, "flat.onnx", file), filepath.Join(dir, "flat.snn"), filepath.Join(dir, "pictures")
	drawn(t, pictures, 40, side)
	keep(t, pictures, "left.tiff", []byte("II*\x00"))
	command(t, "convert", model, "-q", "--data", pictures, "--scale", "1/255", "-o", net)
	code, _, stderr := said("run", net, pictures, "--limit", "1")
	for _, want := range []string{"channel by channel (CHW)", "1 file that is no JPEG"} {
		if code != exitOK || !strings.Contains(stderr, want) {
			t.Errorf("run: exit code %d, and no %q\n%s", code, want, stderr)
		}
	}
	spec, err := preprocess.Preset("tf")
	if err != nil {
		t.Fatal(err)
	}
	s, err := loadOutput(t, model, "").OpenSamples(pictures, ann2snn.SampleOptions{Preprocess: spec})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if text := strings.Join(s.Notes, "\n"); !strings.Contains(text, "CHW") || !strings.Contains(text, "1 file that is no JPEG") {
		t.Errorf("the library: %q", text)
	}
}

// drawn writes PNG files with random pixels.
func drawn(t *testing.T, dir string, n, side int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(9, uint64(side)))
	for range n {
		img := image.NewNRGBA(image.Rect(0, 0, side, side))
		for i := range side * side {
			img.Set(i%side, i/side, color.NRGBA{uint8(random.IntN(256)), uint8(random.IntN(256)), uint8(random.IntN(256)), 255})
		}
		f, err := os.CreateTemp(dir, "*.png")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDoctorSkipsBad: pictures that are smaller than the input are enlarged by doctor and are not
// bad; broken ones are.
func TestDoctorSkipsBad(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, class := range []string{"0", "1"} {
		drawn(t, filepath.Join(data, class), 20, 20)
	}
	keep(t, filepath.Join(data, "0"), "broken.png", []byte("\x89PNG\r\n\x1a\nno more"))
	code, stdout, stderr := said("doctor", filepath.Join("..", "..", "models", "demo.onnx"), "--data", data, "--skip-bad")
	if code != exitOK || !strings.Contains(stderr, "1 sample cannot be read and left out, 40 samples used") || !strings.Contains(stdout, " 40 ") {
		t.Errorf("exit code %d\n%s%s", code, stderr, stdout)
	}
}
