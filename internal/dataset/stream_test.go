package dataset

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"ann2snn/internal/budget"
	"ann2snn/preprocess"
)

// TestStreamsAreFiles: a stream has the samples of a file of its content.
func TestStreamsAreFiles(t *testing.T) {
	spec := preprocess.Spec{Scale: 1, Mean: []float64{0}, Std: []float64{1}, Channels: preprocess.RGB}
	for _, file := range []struct {
		name  string
		shape []int
		label string // of the second sample
	}{
		{"../../preprocess/testdata/pattern.png", []int{3, 47, 61}, ""},
		{"testdata/little_f4.npy", []int{3, 4, 5}, "-[1]"},
		{"testdata/compressed.npz", []int{3, 4, 5}, "-[1]"},
	} {
		content, err := os.ReadFile(file.name)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{InputShape: file.shape}
		if strings.HasSuffix(file.name, ".png") {
			o.Preprocess = spec
		}
		want, err := Open(file.name, o)
		if err != nil {
			t.Fatal(err)
		}
		got, err := OpenReader(iotest.OneByteReader(bytes.NewReader(content)), "-", o)
		if err != nil {
			t.Fatalf("%s: %v", file.name, err)
		}
		if got.Len() != want.Len() || file.label != "" && got.Name(1) != file.label {
			t.Errorf("%s: %d samples, the second is %s", file.name, got.Len(), got.Name(got.Len()-1))
		}
		for i := range want.Len() {
			a, b := make([]float32, size(file.shape)), make([]float32, size(file.shape))
			_, e1 := want.Sample(i, a)
			_, e2 := got.Sample(i, b)
			if err := errors.Join(e1, e2); err != nil || !slices.Equal(a, b) {
				t.Errorf("%s: sample %d differs, %v", file.name, i, err)
			}
		}
		if err := errors.Join(want.Close(), got.Close()); err != nil {
			t.Error(err)
		}
	}
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func TestStreamErrors(t *testing.T) {
	small := budget.New(1<<16, func() int64 { return 0 }, func() {})
	for _, tt := range []struct {
		name, want string
		r          io.Reader
		budget     *budget.Budget
	}{
		{"empty", `"-": the file is empty`, strings.NewReader(""), nil},
		{"text", `"-": not recognised as data`, strings.NewReader("hello"), nil},
		{"broken", `"-": it broke`, iotest.ErrReader(errors.New("it broke")), nil},
		{"endless", "what it unpacks to", endless{}, small},
	} {
		_, err := OpenReader(tt.r, "-", Options{InputShape: []int{1, 2, 2}, Budget: tt.budget})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// endless is a stream without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }
