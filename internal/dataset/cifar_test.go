package dataset

import (
	"bytes"
	"testing"
)

// cifarRecord returns a record whose red, green and blue planes start at 1, 2 and 3 and
// are 0 otherwise.
func cifarRecord(labels ...byte) []byte {
	planes := make([]byte, cifarPixels)
	planes[0], planes[1024], planes[2048] = 1, 2, 3
	return append(labels, planes...)
}

func TestCIFAR10(t *testing.T) {
	fsys := files(map[string][]byte{
		"d/b.bin":            append(cifarRecord(4), cifarRecord(5)...),
		"d/a.bin":            cifarRecord(3),
		"d/batches.meta.txt": []byte("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n"),
		"d/readme.html":      []byte("hello"),
	})
	s := openRaw(t, fsys, "d", 3, 32, 32)
	if s.Len() != 3 || s.Format() != "cifar10" || !s.Labelled() || len(s.Classes()) != 10 {
		t.Errorf("%d samples of %s, classes %q", s.Len(), s.Format(), s.Classes())
	}
	for i, label := range []int{3, 4, 5} {
		wantSample(t, s, i, label)
	}
	dst := make([]float32, cifarPixels)
	if _, err := s.Sample(2, dst); err != nil || dst[0] != 1 || dst[1024] != 2 || dst[2048] != 3 {
		t.Errorf("planes start with %v, %v, %v (%v)", dst[0], dst[1024], dst[2048], err)
	}
	if name := s.Name(2); name != "d/b.bin[1]" {
		t.Errorf("name %q", name)
	}
}

// TestManyCIFARFiles: were the files of every record looked for from the first one on, so many
// would take minutes.
func TestManyCIFARFiles(t *testing.T) {
	const n, each = 1 << 18, 2
	s := &cifar{kind: cifar10, files: make([]cifarFile, n)}
	for i := range s.files {
		s.files[i] = cifarFile{first: each * i, labels: make([]byte, each)}
	}
	for i := range n * each {
		if f, at := s.find(i); f != &s.files[i/each] || at != i%each {
			t.Fatalf("record %d is said to be %d of the file from %d", i, at, f.first)
		}
	}
}

func TestCIFAR100TakesTheFineLabel(t *testing.T) {
	fsys := files(map[string][]byte{"test.bin": append(cifarRecord(19, 99), cifarRecord(0, 7)...)})
	s := openRaw(t, fsys, "test.bin", 3, 32, 32)
	if s.Format() != "cifar100" {
		t.Errorf("format %s", s.Format())
	}
	wantSample(t, s, 0, 99)
	wantSample(t, s, 1, 7)
}

// TestCIFARKinds reads a file whose size suits both formats.
func TestCIFARKinds(t *testing.T) {
	ten := bytes.Repeat(cifarRecord(9), 3074)
	hundred := bytes.Repeat(cifarRecord(19, 99), 3073)
	if len(ten) != len(hundred) {
		t.Fatal("sizes differ")
	}
	fsys := files(map[string][]byte{"ten": ten, "hundred": hundred})
	for name, format := range map[string]string{"ten": "cifar10", "hundred": "cifar100"} {
		if s := openRaw(t, fsys, name, 3, 32, 32); s.Format() != format {
			t.Errorf("%s: format %s", name, s.Format())
		}
	}
}

func TestCIFARErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"cut", map[string][]byte{"d": cifarRecord(1)[:3000]}, "whole number of 3073-byte records"},
		{"empty", map[string][]byte{"d": nil}, "0 bytes"},
		{"label", map[string][]byte{"d/x.bin": append(cifarRecord(1), cifarRecord(10)...)}, `"x.bin": record 1 has label 10`},
		{"no file", map[string][]byte{"d/x.dat": nil}, "no *.bin"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantError(t, files(tt.files), "d", Options{Preprocess: raw(t), InputShape: []int{3, 32, 32}, Format: "cifar10"}, `"d"`, tt.want)
		})
	}
}

func FuzzCIFAR(f *testing.F) {
	f.Add(cifarRecord(3), false)
	f.Add(cifarRecord(3, 40), true)
	f.Fuzz(func(t *testing.T, data []byte, hundred bool) {
		format := "cifar10"
		if hundred {
			format = "cifar100"
		}
		readHostile(t, map[string][]byte{"d": data}, "d", format, 3, 32, 32)
	})
}
