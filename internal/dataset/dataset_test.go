package dataset

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"ann2snn/internal/testutil"
	"ann2snn/models"
	"ann2snn/preprocess"
)

func TestSkipAndLimit(t *testing.T) {
	fsys := files(map[string][]byte{"a": idxBytes([]byte{0, 1, 2, 3, 4}, 5, 1, 1)})
	tests := []struct {
		skip, limit int
		want        []float32
	}{
		{0, 0, []float32{0, 1, 2, 3, 4}},
		{0, 2, []float32{0, 1}},
		{3, 0, []float32{3, 4}},
		{1, 3, []float32{1, 2, 3}},
		{4, 9, []float32{4}},
	}
	for _, tt := range tests {
		s, err := OpenFS(fsys, "a", Options{Preprocess: raw(t), InputShape: []int{1}, Skip: tt.skip, Limit: tt.limit})
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() != len(tt.want) {
			t.Errorf("skip %d, limit %d: %d samples", tt.skip, tt.limit, s.Len())
		}
		for i, v := range tt.want {
			wantSample(t, s, i, -1, v)
		}
		if want := fmt.Sprintf("a[%d]", tt.skip); s.Name(0) != want {
			t.Errorf("name %q, not %q", s.Name(0), want)
		}
		if _, err := s.Sample(s.Len(), make([]float32, 1)); err == nil {
			t.Error("a sample after the last")
		}
		if _, err := s.Sample(0, make([]float32, 2)); err == nil {
			t.Error("a sample of one value into two")
		}
	}
	for _, o := range []Options{{Skip: 5}, {Skip: -1}, {Limit: -1}} {
		o.Preprocess, o.InputShape = raw(t), []int{1}
		wantError(t, fsys, "a", o, "skip")
	}
}

func TestInputShapes(t *testing.T) {
	fsys := files(map[string][]byte{"a": twoImages})
	for _, shape := range [][]int{nil, {-1}, {0, 3}, {1 << 20, 1 << 20}} {
		wantError(t, fsys, "a", Options{Preprocess: raw(t), InputShape: shape}, `"a"`, "model input", "shape")
	}
}

func TestFormatsAreDocumented(t *testing.T) {
	for i, name := range Formats() {
		if formats[i].summary == "" || !strings.Contains(summaries(), name) {
			t.Errorf("format %s has no summary", name)
		}
	}
}

// realSet opens test data that is not in the repository.
func realSet(t testing.TB, path, preset string, shape ...int) *Set {
	t.Helper()
	p, err := preprocess.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(testutil.Data(t, path), Options{Preprocess: p, InputShape: shape})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestRealData(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large files")
	}
	tests := []struct {
		path, preset, format string
		shape                []int
		n                    int   // 0: not known
		labels               []int // of the first samples
		mean                 float64
	}{
		{"mnist", "mnist", "idx", []int{1, 28, 28}, 10000, []int{7, 2, 1, 0, 4}, 0.1325*2 - 1},
		{"fashion-mnist/train-images-idx3-ubyte.gz", "mnist", "idx", []int{1, 28, 28}, 60000, []int{9, 0, 0, 3, 0}, 0.286*2 - 1},
		{"cifar10/test_batch.bin", "cifar10", "cifar10", []int{3, 32, 32}, 10000, []int{3, 8, 8, 0, 6}, 0.1},
		{"cifar10", "cifar10", "cifar10", []int{32, 32, 3}, 0, nil, 0.1}, // a folder of several files
		{"imagenet-val/test", "imagenet", "labels", []int{3, 224, 224}, 500, []int{260, 705, 388}, 0},
		{"imagenet-sample", "imagenet", "labels", []int{3, 224, 224}, 500, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			s := realSet(t, tt.path, tt.preset, tt.shape...)
			if tt.n != 0 && s.Len() != tt.n || s.Format() != tt.format || !s.Labelled() {
				t.Errorf("%d samples of %s", s.Len(), s.Format())
			}
			for i, label := range tt.labels {
				if got := s.label(t, i); got != label {
					t.Errorf("sample %d has label %d, not %d", i, got, label)
				}
			}
			if mean := meanOf(t, s, 200); math.Abs(mean-tt.mean) > 0.2 {
				t.Errorf("mean %.3f, expected about %.3f", mean, tt.mean)
			}
		})
	}
}

// meanOf returns the mean value of n samples spread over the set.
func meanOf(t *testing.T, s *Set, n int) float64 {
	t.Helper()
	dst := make([]float32, s.size)
	sum := 0.0
	for k := range n {
		if _, err := s.Sample(k*s.Len()/n, dst); err != nil {
			t.Fatal(err)
		}
		for _, v := range dst {
			sum += float64(v)
		}
	}
	return sum / float64(n*s.size)
}

func TestCIFARClassNames(t *testing.T) {
	s := realSet(t, "cifar10/test_batch.bin", "cifar10", 3, 32, 32)
	if c := s.Classes(); len(c) != 10 || c[0] != "airplane" || c[9] != "truck" {
		t.Errorf("classes %q", c)
	}
}

func TestEmbeddedSamples(t *testing.T) {
	p, err := preprocess.Preset(models.Preset)
	if err != nil {
		t.Fatal(err)
	}
	for folder, n := range map[string]int{"calibration": 256, "test": 1000} {
		s, err := OpenFS(models.Samples(), folder, Options{Preprocess: p, InputShape: []int{1, 28, 28}})
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() != n || !s.Labelled() || s.label(t, n-1) >= len(models.Classes()) {
			t.Errorf("%s: %d samples", folder, s.Len())
		}
	}
}

// TestConcurrentSamples reads every format from several goroutines (run with -race).
func TestConcurrentSamples(t *testing.T) {
	fsys := files(map[string][]byte{
		"idx":              gzipped(t, idxBytes(make([]byte, 64*12), 64, 3, 4)),
		"bin/a.bin":        slices.Repeat(cifarRecord(1), 32),
		"bin/b.bin":        slices.Repeat(cifarRecord(2), 32),
		"npy":              npyFile("f4", "(64, 60)", 64*240),
		"images/a.png":     shade(t, 1).Data,
		"images/b.png":     shade(t, 2).Data,
		"images/.skip.png": nil,
	})
	shapes := map[string][]int{"idx": {3, 4}, "bin": {3, 32, 32}, "npy": {60}, "images": {1, 2, 2}}
	for name, shape := range shapes {
		s := openRaw(t, fsys, name, shape...)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				dst := make([]float32, s.size)
				for i := range s.Len() {
					if _, err := s.Sample(i, dst); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	}
}

func BenchmarkSample(b *testing.B) {
	tests := []struct {
		path, preset string
		shape        []int
	}{
		{"mnist", "mnist", []int{1, 28, 28}},
		{"cifar10/test_batch.bin", "cifar10", []int{3, 32, 32}},
		{"imagenet-val/test", "imagenet", []int{3, 224, 224}},
		{"imagenet-sample", "imagenet", []int{3, 160, 160}},
	}
	for _, tt := range tests {
		b.Run("data="+strings.ReplaceAll(tt.path, "/", "_"), func(b *testing.B) {
			s := realSet(b, tt.path, tt.preset, tt.shape...)
			dst := make([]float32, s.size)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := s.Sample(i%s.Len(), dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
