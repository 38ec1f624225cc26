package infile

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ann2snn/internal/budget"
)

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, want := range []string{"", "text"} {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Read(t.Context(), path); err != nil || string(got) != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	if _, err := Read(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Read(t.Context(), filepath.Dir(path)); err == nil || !strings.Contains(err.Error(), "is a folder, not a file (try a file in it)") {
		t.Errorf("a folder: %v", err)
	}
}

// changing is a file that is written to while it is read.
type changing struct {
	*os.File
	change func()
}

func (c *changing) Read(b []byte) (int, error) {
	n, err := c.File.Read(b)
	c.change()
	return n, err
}

// TestReadOfAChangingFile: what was read is used only if the file stayed as it was.
func TestReadOfAChangingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for what, change := range map[string]func() error{
		"longer":    func() error { return os.WriteFile(path, make([]byte, 200), 0o600) },
		"shorter":   func() error { return os.Truncate(path, 10) },
		"rewritten": func() error { return os.Chtimes(path, time.Time{}, time.Unix(1, 0)) },
	} {
		if err := os.WriteFile(path, make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ReadAll(t.Context(), &changing{f, func() {
			if err := change(); err != nil {
				t.Error(err)
			}
		}}, path)
		if err == nil || !strings.Contains(err.Error(), "changed while it was read") {
			t.Errorf("%s: %v", what, err)
		}
		f.Close()
	}
}

// TestReadAsksTheBudget: a file of holes takes no room on the disk and all of the memory.
func TestReadAsksTheBudget(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sparse")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 20<<30); err != nil {
		t.Skip(err)
	}
	_, err := Read(budget.With(t.Context(), budget.New(1<<30, func() int64 { return 0 }, nil)), path)
	if !errors.As(err, new(*budget.Error)) || !strings.Contains(err.Error(), path+" needs 21.5 GB of memory") {
		t.Error(err)
	}
}

func TestReadStops(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, path); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
