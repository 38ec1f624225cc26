package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/internal/demonet"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/models"
	"ann2snn/snn"
)

// wrongFiles writes the files that wrong calls are about into the working folder.
func wrongFiles(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	put := func(name string, data []byte) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, name, data)
	}
	encoded := func(n *snn.Network) []byte {
		t.Helper()
		var b bytes.Buffer
		if err := snn.Encode(&b, n); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	net := encoded(demonet.Network(t, 4, 1, snn.RestimNone))
	put("digits.onnx", models.Demo())
	put("net.snn", net)
	put("refining.snn", encoded(demonet.Network(t, 4, 2, snn.RestimRefine)))
	put("cut.snn", net[:len(net)-100])
	put("flipped.snn", slices.Concat(net[:2000], []byte{net[2000] ^ 1}, net[2001:]))
	put("cut.onnx", models.Demo()[:3000])
	digits := make([]float32, 40*28*28)
	for i := range digits {
		digits[i] = float32(i%997)/500 - 1
	}
	put("text.txt", []byte("This is not a network.\n"))
	put("empty", nil)
	put("weights.pth", []byte("PK\x03\x04\x00\x00\x08\x08\x00\x00archive/data.pkl"))
	put("net.h5", []byte("\x89HDF\r\n\x1a\n\x00\x00\x00\x00\x00\x08\x08\x00"))
	put("net.tflite", []byte("\x1c\x00\x00\x00TFL3\x14\x00 \x00\x1c\x00\x18\x00"))
	put("net.safetensors", []byte("\x40\x00\x00\x00\x00\x00\x00\x00{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"))
	put("nothing.json", []byte("{}"))
	put("x.npy", npy(digits, 40, 1, 28, 28))
	put("seven.npy", npy(make([]float32, 7), 7))
	put("cut.npy", npy(digits, 40, 1, 28, 28)[:1000])
	put("broken.jpg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"))
	put("photos/broken.jpg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"))
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 28, 28))); err != nil {
		t.Fatal(err)
	}
	put("photos/a.png", picture.Bytes())
	put("digit.png", picture.Bytes())
	put("notes/readme.txt", []byte("nothing here"))
	put("train/train/a/a.png", picture.Bytes())
	put("train/test/a/a.png", picture.Bytes())
	put("sorted/0/a.png", picture.Bytes())
	put("sorted/1/broken.jpg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"))
	for _, dir := range []string{"nothing", "out"} {
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for name, bad := range map[string]float32{"nan": float32(math.NaN()), "inf": float32(math.Inf(-1))} {
		put(name+"_weight.onnx", denseModel(t, func(w, _ []float32) { w[3] = bad }, "Relu"))
		put(name+"_bias.onnx", denseModel(t, func(_, b []float32) { b[1] = bad }, "Relu"))
	}
	put("huge.onnx", denseModel(t, func(w, _ []float32) { w[3] = 3e38 }, "Relu"))
	put("odd.onnx", denseModel(t, func(_, _ []float32) {}, "Nonsense"))
	put("dense.onnx", denseModel(t, func(_, _ []float32) {}, "Relu"))
	put("quadruple.npy", npy([]float32{1, 2, 3, 4, 4, 3, 2, 1}, 2, 4))
	put("nan.npy", npy([]float32{1, 2, float32(math.NaN()), 4, 4, 3, 2, 1}, 2, 4))
	put("openaxes.onnx", openModel(t))
	wrongData(t, put, picture.Bytes())
}

// wrongData writes data sets with one fault each.
func wrongData(t *testing.T, put func(name string, data []byte), picture []byte) {
	t.Helper()
	var slip, unnamed strings.Builder
	for i := range 20 {
		name := fmt.Sprintf("%02d.png", i)
		put("slip/"+name, picture)
		put("missing/"+name, picture)
		put("unnamed/"+name, picture)
		fmt.Fprintf(&slip, "%s %d\n", name, i%10)
		fmt.Fprintf(&unnamed, "%s\n", name)
	}
	put("slip/labels.txt", []byte(strings.Replace(slip.String(), "07.png 7", "07.png seven", 1)))
	put("missing/labels.txt", []byte(slip.String()+"20.png 1\n"))
	put("unnamed/labels.txt", []byte(unnamed.String()))
	plain := npy(make([]float32, 4*28*28), 4, 1, 28, 28)
	put("object.npy", bytes.Replace(plain, []byte("<f4"), []byte("|O8"), 1))
	put("complex.npy", bytes.Replace(plain, []byte("<f4"), []byte("<c8"), 1))
	put("u8.npy", bytes.Replace(npy(make([]float32, 2*7*28), 2, 28, 28), []byte("<f4"), []byte("|u1"), 1))
	put("nox.npz", zipped(t, map[string][]byte{"a.npy": plain, "b.npy": plain}))
	put("short.npz", zipped(t, map[string][]byte{"x.npy": plain, "y.npy": npy([]float32{1, 2, 3}, 3)}))
	put("broken.npz", zipped(t, map[string][]byte{"x.npy": plain})[:100])
	put("cifar.bin", append([]byte{200}, make([]byte, 3072)...))
	put("x-images-idx3-ubyte", []byte("\x00\x00\x08\x03\x00\x00\x00\x05\x00\x00\x00\x1c\x00\x00\x00\x1c"))
}

// zipped is an archive of files.
func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// denseModel is a classifier of 4 numbers, with wrong numbers in it.
func denseModel(t *testing.T, spoil func(w, b []float32), act string) []byte {
	t.Helper()
	w, b := make([]float32, 4*6), make([]float32, 6)
	for i := range w {
		w[i] = float32(i%5-2) / 4
	}
	spoil(w, b)
	g := onnxfile.New("dense")
	x := g.Input("in", pb.TensorProto_FLOAT, 1, 4)
	x = g.Node("first", "Gemm", []string{x, g.Constant(onnxfile.Floats("weight", w, 4, 6)), g.Constant(onnxfile.Floats("bias", b, 6))})
	x = g.Node("act", act, []string{x})
	x = g.Node("last", "Gemm", []string{x, g.Constant(onnxfile.Floats("last_weight", slices.Repeat([]float32{0.5, -1, 0.25}, 6), 6, 3))})
	g.Output(x, pb.TensorProto_FLOAT, 1, 3)
	return marshalled(t, g)
}

// openModel leaves the size of pictures open.
func openModel(t *testing.T) []byte {
	t.Helper()
	g := onnxfile.New("open")
	x := g.Input("in", pb.TensorProto_FLOAT, 1, 3, 0, 0)
	x = g.Node("conv", "Conv", []string{x, g.Constant(onnxfile.Floats("weight", make([]float32, 12), 4, 3, 1, 1))})
	g.Output(x, pb.TensorProto_FLOAT, 1, 4, 0, 0)
	return marshalled(t, g)
}

func marshalled(t *testing.T, g *onnxfile.Graph) []byte {
	t.Helper()
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestWrongCalls holds the exact message of everything that is wrong in testdata/wrong.txt, a
// call behind each $: ANN2SNN_UPDATE=1 rewrites it.
func TestWrongCalls(t *testing.T) {
	table, err := filepath.Abs(filepath.Join("testdata", "wrong.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	wrongFiles(t)
	before := listing(t)
	var got strings.Builder
	for line := range strings.Lines(string(want)) {
		call, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		var stdout, stderr bytes.Buffer
		if code := run(strings.Fields(call), strings.NewReader(""), &stdout, &stderr); code != exitFailure && code != exitUsage {
			t.Errorf("%s: exit code %d", strings.TrimSpace(call), code)
		}
		message := strings.TrimPrefix(stderr.String(), "warning: no --data: thresholds come from made-up samples; real ones give better results\n")
		fmt.Fprintf(&got, "$ %s%s", call, sizes.ReplaceAllString(message, "#####"))
		if !strings.Contains("\n"+message, "\nerror: ") {
			t.Errorf("%s: there is no error", strings.TrimSpace(call))
		}
	}
	if diff := cmp.Diff(before, listing(t)); diff != "" {
		t.Errorf("wrong calls change the folder (-before +after):\n%s", diff)
	}
	if os.Getenv("ANN2SNN_UPDATE") != "" {
		write(t, table, []byte(got.String()))
	} else if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("messages (-want +got), ANN2SNN_UPDATE=1 rewrites them:\n%s", diff)
	}
	if n := strings.Count("\n"+got.String(), "\n$ "); n < 80 {
		t.Errorf("there are %d calls, want 250 at least", n)
	}
}

// sizes of files and networks change with what they are made of.
var sizes = regexp.MustCompile(`\b\d{5}\b`)

// listing is the names of all files in the working folder.
func listing(t *testing.T) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestSkipBad runs commands on a folder in which a picture is broken.
func TestSkipBad(t *testing.T) {
	wrongFiles(t)
	const warning = "warning: 1 sample cannot be read and left out, 1 sample used:\n  \"photos/broken.jpg\": not a readable JPEG, PNG, WebP or BMP picture: unexpected EOF\n"
	for _, test := range []struct{ line, stderr, stdout string }{
		{"run net.snn photos --skip-bad", warning, "photos/a.png\n"},
		{
			"run net.snn broken.jpg digit.png --skip-bad",
			"warning: left out: \"broken.jpg\": none of 1 samples can be read, the first is \"broken.jpg\": not a readable JPEG, PNG, WebP or BMP picture: unexpected EOF\n",
			"digit.png\n",
		},
		{"convert digits.onnx --data photos --preprocess mnist --skip-bad -q", warning, ""},
		{"doctor digits.onnx --data sorted --preprocess mnist --skip-bad -q --json", strings.ReplaceAll(warning, "photos", "sorted/1"), "{"},
		{"compare digits.onnx net.snn --data photos --skip-bad -q", warning, ""},
		{"calibrate digits.onnx --data photos --preprocess mnist --skip-bad -q", warning, ""},
		{"export net.snn --target go -o program --data photos --skip-bad -q", warning, ""},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(strings.Fields(test.line), strings.NewReader(""), &stdout, &stderr); code != exitOK {
			t.Errorf("%s: exit code %d", test.line, code)
		}
		if diff := cmp.Diff(test.stderr, stderr.String()); diff != "" {
			t.Errorf("%s: standard error (-want +got):\n%s", test.line, diff)
		}
		if !strings.HasPrefix(stdout.String(), test.stdout) {
			t.Errorf("%s prints\n%s", test.line, &stdout)
		}
	}
}
