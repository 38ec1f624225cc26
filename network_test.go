package ann2snn_test

import (
	"bytes"
	"errors"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"ann2snn"
	"ann2snn/examples"
	"ann2snn/snn"
)

// TestSaveAndOpen: a file gives back the network and appears complete.
func TestSaveAndOpen(t *testing.T) {
	t.Parallel()
	net, err := ann2snn.Decode(examples.Network)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "net.snn")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	back, err := ann2snn.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, back), encoded(t, net)) {
		t.Error("the network read differs from the network saved")
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("files %v, %v", files, err)
	}
	if err := net.Save(filepath.Join(dir, "no", "where.snn")); err == nil {
		t.Error("saved without a folder")
	}
	if err := os.WriteFile(path, []byte("no network"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, filepath.Join(dir, "none.snn")} {
		if _, err := ann2snn.Open(name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v", err)
		}
	}
}

// TestClassifyConcurrently: calls in flight do not see each other (run with -race).
func TestClassifyConcurrently(t *testing.T) {
	t.Parallel()
	net, err := ann2snn.Decode(examples.Network)
	if err != nil {
		t.Fatal(err)
	}
	empty := image.NewGray(image.Rect(0, 0, 28, 28))
	pictures := []image.Image{bar(), empty}
	var want [2][]ann2snn.Answer
	for i, img := range pictures {
		if want[i], err = net.Classify(t.Context(), img); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 20 {
				if got, err := net.Classify(t.Context(), pictures[i%2]); err != nil || !slices.Equal(got, want[i%2]) {
					t.Errorf("picture %d: %+v, %v", i%2, got, err)
				}
			}
		})
	}
	all.Wait()
}

// tiny is a network of 1 x 1 x 1 inputs and a current of some outputs.
func tiny(outputs snn.Shape) *snn.Network {
	n := outputs.Len()
	weights := make([]float32, n)
	for i := range weights {
		weights[i] = 1
	}
	return &snn.Network{
		Steps: 1, Rho: 1, Output: 2,
		Layers: []snn.Layer{
			{Name: "x", Op: snn.Input{ChannelsFirst: true}, Shape: snn.Shape{H: 1, W: 1, C: 1}},
			{
				Name: "fc", In: []int{0}, Shape: snn.Shape{H: 1, W: 1, C: n},
				Op: snn.Dense{W: snn.Weights{F: weights, Bias: make([]float32, n)}},
			},
			{Name: "out", In: []int{1}, Shape: outputs, Op: snn.Gather{Index: make([]int32, n)}},
		},
		Meta: snn.Meta{Preprocess: []byte(`{"scale":1,"mean":[0],"std":[1],"channels":"rgb"}`)},
	}
}

func decode(t *testing.T, n *snn.Network) (*ann2snn.Network, error) {
	t.Helper()
	var b bytes.Buffer
	if err := snn.Encode(&b, n); err != nil {
		t.Fatal(err)
	}
	return ann2snn.Decode(b.Bytes())
}

// TestWhatIsNoClassifier: outputs that are not one score per class have no best class.
func TestWhatIsNoClassifier(t *testing.T) {
	t.Parallel()
	dot := image.NewGray(image.Rect(0, 0, 1, 1))
	for shape, ok := range map[snn.Shape]bool{{H: 1, W: 1, C: 1}: false, {H: 2, W: 2, C: 3}: false, {H: 1, W: 1, C: 2}: true} {
		net, err := decode(t, tiny(shape))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.Classify(t.Context(), dot); errors.Is(err, ann2snn.ErrNoClasses) == ok || ok && err != nil {
			t.Errorf("%v: %v", shape, err)
		}
	}
}

func TestProbabilities(t *testing.T) {
	t.Parallel()
	for fn, want := range map[snn.HostFn]bool{snn.HostSoftmax: true, snn.HostSigmoid: true, snn.HostLogSoftmax: false} {
		n := tiny(snn.Shape{H: 1, W: 1, C: 2})
		n.Host = []snn.HostOp{{Name: "last", Fn: fn}}
		net, err := decode(t, n)
		if err != nil {
			t.Fatal(err)
		}
		if got := net.Probabilities(); got != want {
			t.Errorf("%v: %v", fn, got)
		}
	}
}
