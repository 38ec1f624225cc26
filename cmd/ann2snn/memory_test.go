package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/models"
	"ann2snn/snn"
)

// greedy are files that say little and ask for much.
var greedy = map[string]func(t *testing.T) []byte{
	"messages.onnx": func(*testing.T) []byte { return model(bytes.Repeat([]byte{5<<3 | 2, 0}, 1<<20)) }, // empty tensors
	"nodes.onnx":    func(*testing.T) []byte { return model(bytes.Repeat([]byte{1<<3 | 2, 0}, 1<<20)) },
	"constants.onnx": func(t *testing.T) []byte { // 40 constants of 64 M elements, summed up
		t.Helper()
		g := onnxfile.New("constants")
		sum := g.Input("x", pb.TensorProto_FLOAT, 1, 1, 8, 8)
		for i := range 40 {
			shape := g.Constant(onnxfile.Int64s(fmt.Sprint("shape", i), []int64{1, 1 << 20, 64}, 3))
			large := g.Node(fmt.Sprint("large", i), "ConstantOfShape", []string{shape})
			axes := g.Constant(onnxfile.Int64s(fmt.Sprint("axes", i), []int64{1, 2}, 2))
			small := g.Node(fmt.Sprint("small", i), "ReduceSum", []string{large, axes}, onnxfile.Int("keepdims", 1))
			sum = g.Node(fmt.Sprint("sum", i), "Add", []string{sum, small})
		}
		g.Output(sum, pb.TensorProto_FLOAT, 1, 1, 8, 8)
		file, err := onnxfile.Marshal(g.Model("test"))
		if err != nil {
			t.Fatal(err)
		}
		return file
	},
	"large.snn": func(t *testing.T) []byte { // maps of 2^26 elements
		t.Helper()
		shape := snn.Shape{H: 1 << 13, W: 1 << 13, C: 1}
		var b bytes.Buffer
		if err := snn.Encode(&b, &snn.Network{Steps: 1, Restim: snn.RestimNone, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
			{Name: "x", Op: snn.Input{Levels: 15}, Shape: shape, Scale: []float32{1}},
			{Name: "c", Op: snn.Conv{
				Window: snn.Window{Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}, Groups: 1,
				W: snn.Weights{Q: []int8{1}, IntBias: []int32{0}},
			}, In: []int{0}, Shape: shape, Unit: []float32{1}},
		}}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	},
}

// model is the file of an encoded graph.
func model(graph []byte) []byte {
	const irVersion, graphField = "\x08\x08", 7
	return protowire.AppendBytes(protowire.AppendTag([]byte(irVersion), graphField, protowire.BytesType), graph)
}

// TestInspectStaysSmall: inspecting a file takes less memory than 16 times the file and 100 MB,
// even counting what it gives back, and whatever the file asks for.
func TestInspectStaysSmall(t *testing.T) {
	for name, make := range greedy {
		path := filepath.Join(t.TempDir(), name)
		file := make(t)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		var before, after goruntime.MemStats
		goruntime.ReadMemStats(&before)
		var stdout, stderr bytes.Buffer
		run([]string{"inspect", path}, nil, &stdout, &stderr)
		goruntime.ReadMemStats(&after)
		took, most := after.TotalAlloc-before.TotalAlloc, uint64(16*len(file)+100e6)
		t.Logf("%s: %d bytes took %.1f MB: %.200s", name, len(file), float64(took)/1e6, stderr.String())
		if took > most {
			t.Errorf("%s: %d bytes took %d, more than %d", name, len(file), took, most)
		}
	}
}

// zeros is a file of zeros.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// bomb is an archive whose array is a thousand times as long as its file.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("x.npy")
	if err != nil {
		t.Fatal(err)
	}
	const rows = 1 << 20
	header := fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 64), }", rows)
	if _, err := fmt.Fprintf(w, "\x93NUMPY\x01\x00%c\x00%s", len(header), header); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(w, zeros{}, rows*64); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestMaxMemory: what a file asks for and the command may not take is one error, which says
// what wanted how much, and the way out.
func TestMaxMemory(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	put := func(name string, file []byte, size int64) string {
		if err := os.WriteFile(at(name), file, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(at(name), max(size, int64(len(file)))); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	const rows = 1 << 18
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': True, 'shape': (%d, 64), }", rows)
	fortran := fmt.Sprintf("\x93NUMPY\x01\x00%c\x00%s", len(header), header)
	net := put("net.snn", network(t), 0)
	large := put("large.snn", greedy["large.snn"](t), 0)
	demo, picture := put("demo.onnx", models.Demo(), 0), put("picture.png", wide(t), 0)
	sparse := put("sparse.snn", network(t), 20<<30)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"bench", sparse}, sparse + " needs 21.5 GB of memory"},
		{[]string{"run", net, put("fortran.npy", []byte(fortran), int64(len(fortran))+rows*64*4)}, "an array in Fortran order, which is read whole, needs 67.1 MB of memory"},
		{[]string{"run", net, put("bomb.npz", bomb(t), 0)}, "what it unpacks to needs"},
		{[]string{"convert", demo, "--data", picture, "--preprocess", "mnist"}, strconv.Quote(picture) + ": a picture of 3000 x 3000 pixels needs 144 MB"},
		{[]string{"convert", demo, "--data", picture, "--preprocess", "mnist", "--skip-bad"}, strconv.Quote(picture) + ": a picture of 3000 x 3000 pixels needs 144 MB"},
		{[]string{"bench", large}, `laying out layer "x" needs`},
		{[]string{"inspect", put("messages.onnx", greedy["messages.onnx"](t), 0)}, "the model's list of nodes and parameters needs"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(append(tt.args, "--max-memory", "32MB"), nil, &stdout, &stderr)
		text := stderr.String()
		if code != exitFailure || !strings.Contains(text, tt.want) || !strings.Contains(text, "of the 32 MB that the command may take are in use\nhint: try --max-memory") {
			t.Errorf("%q: exit code %d, %s, want %q", tt.args, code, text, tt.want)
		}
	}
}

// TestMemoryNamesTheFileOnce: a model for which there is no room is named once.
func TestMemoryNamesTheFileOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.onnx")
	write(t, path, models.Demo())
	for _, command := range []string{"convert", "bench", "inspect"} {
		code, _, stderr := said(command, path, "--max-memory", "1")
		if code != exitFailure || strings.Count(stderr, path) != 1 || !strings.Contains(stderr, " of the 1 byte that the command may take") {
			t.Errorf("%s: exit code %d, %s", command, code, stderr)
		}
	}
}

// wide is a picture of some kilobytes and 9 million pixels.
func wide(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3000, 3000))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// network is the file of a small network with 64 inputs.
func network(t *testing.T) []byte {
	t.Helper()
	shape := snn.Shape{H: 1, W: 1, C: 64}
	var b bytes.Buffer
	if err := snn.Encode(&b, &snn.Network{Steps: 1, Restim: snn.RestimNone, Rho: 1, Integer: true, Output: 1, Layers: []snn.Layer{
		{Name: "x", Op: snn.Input{Levels: 15}, Shape: shape, Scale: []float32{1}},
		{Name: "c", Op: snn.Dense{W: snn.Weights{Q: make([]int8, 64*2), IntBias: make([]int32, 2)}}, In: []int{0}, Shape: snn.Shape{H: 1, W: 1, C: 2}, Unit: []float32{1, 1}},
	}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMemoryFlag(t *testing.T) {
	for text, want := range map[string]memoryFlag{"100": 100, "4GB": 4e9, "1.5 gb": 15e8, "512MiB": 512 << 20, "2k": 2000, "1T": 1e12} {
		var got memoryFlag
		if err := got.Set(text); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "GB", "-1GB", "0", "4XB", "nan", "1e30", "4GBB"} {
		if err := new(memoryFlag).Set(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// TestShareOfMachine: the machine that runs the test has some memory, and less than it would
// need for everything.
func TestShareOfMachine(t *testing.T) {
	if got := shareOfMachine(); got < 100e6 || got > 1<<50 && goruntime.GOOS == "linux" {
		t.Errorf("%d bytes", got)
	}
}

// TestHeap: what is held counts.
func TestHeap(t *testing.T) {
	const size = 64 << 20
	held := make([]byte, size)
	if got := heap(); got < size {
		t.Errorf("%d bytes, of which %d are held", got, len(held))
	}
	goruntime.KeepAlive(held)
}
