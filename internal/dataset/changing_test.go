package dataset

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// numbers is a NumPy array of n vectors of 4 bytes.
func numbers(values []byte, order string) []byte {
	header := fmt.Sprintf("{'descr': '|u1', 'fortran_order': %s, 'shape': (%d, 4), }", order, len(values)/4)
	return append(npyHeaderFile(header, 0), values...)
}

// zipped is an archive of an array and its labels.
func zipped(t *testing.T, method uint16, values, labels []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	y := append(npyHeaderFile(fmt.Sprintf("{'descr': '|u1', 'fortran_order': False, 'shape': (%d,), }", len(labels)), 0), labels...)
	for name, data := range map[string][]byte{"x.npy": numbers(values, "False"), "y.npy": y} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFilesThatChange changes files in place while they are read: samples are as they were when
// the file was opened, or an error. Nothing else, as labels, sizes and what was measured belong to
// the file that was.
func TestFilesThatChange(t *testing.T) {
	values := func(first byte) []byte { return []byte{first, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11} }
	type content func(t *testing.T, first byte) []byte
	for name, test := range map[string]struct {
		file  string
		shape []int
		make  content
		held  bool // read whole when it is opened
	}{
		"npy":         {"a.npy", []int{4}, func(_ *testing.T, first byte) []byte { return numbers(values(first), "False") }, false},
		"npy fortran": {"a.npy", []int{4}, func(_ *testing.T, first byte) []byte { return numbers(values(first), "True") }, true},
		"npz": {"a.npz", []int{4}, func(t *testing.T, first byte) []byte {
			t.Helper()
			return zipped(t, zip.Store, values(first), []byte{first % 3, 1, 2})
		}, false},
		"npz compressed": {"a.npz", []int{4}, func(t *testing.T, first byte) []byte {
			t.Helper()
			return zipped(t, zip.Deflate, values(first), []byte{first % 3, 1, 2})
		}, true},
		"idx": {"a-images-idx3-ubyte", []int{1, 2, 2}, func(_ *testing.T, first byte) []byte { return idxBytes(values(first), 3, 2, 2) }, false},
		"idx gzipped": {"a-images-idx3-ubyte.gz", []int{1, 2, 2}, func(t *testing.T, first byte) []byte {
			t.Helper()
			return gzipped(t, idxBytes(values(first), 3, 2, 2))
		}, true},
		"cifar10": {"a.bin", []int{3, 32, 32}, func(_ *testing.T, first byte) []byte {
			return slices.Concat(cifarRecord(first%10), cifarRecord(1), cifarRecord(2))
		}, false},
		"cifar100": {"a.bin", []int{3, 32, 32}, func(_ *testing.T, first byte) []byte {
			return slices.Concat(cifarRecord(3, first%100), cifarRecord(3, 1), cifarRecord(3, 2))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := test.make(t, 50), test.make(t, 61)
			for what, change := range map[string]func(path string) error{
				"rewritten":   func(path string) error { return rewrite(path, after) },
				"cut off":     func(path string) error { return os.Truncate(path, int64(len(before)-1)) },
				"emptied":     func(path string) error { return os.Truncate(path, 0) },
				"appended to": func(path string) error { return rewrite(path, append(slices.Clone(before), 0)) },
			} {
				path := filepath.Join(t.TempDir(), test.file)
				if err := os.WriteFile(path, before, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
					t.Fatal(err)
				}
				s, err := Open(path, Options{Preprocess: raw(t), InputShape: test.shape})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				was, dst := make([]float32, s.size), make([]float32, s.size)
				label, err := s.Sample(0, was)
				if err != nil {
					t.Fatal(err)
				}
				if err := change(path); err != nil {
					t.Fatal(err)
				}
				got, err := s.Sample(0, dst)
				switch {
				case !test.held && err == nil:
					t.Errorf("%s: no error", what)
				case err == nil && (got != label || !slices.Equal(dst, was)):
					t.Errorf("%s: %d %v, was %d %v", what, got, dst[:4], label, was[:4])
				case err != nil && !strings.Contains(err.Error(), "changed while it was in use (try again when nothing writes to it)"):
					t.Errorf("%s: %v", what, err)
				case err != nil && !strings.Contains(err.Error(), path):
					t.Errorf("%s: %v does not name the file", what, err)
				}
			}
		})
	}
}

// rewrite writes into the file that is there.
func rewrite(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Close()
}
