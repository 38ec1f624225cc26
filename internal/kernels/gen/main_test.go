package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestFresh holds the committed files to what the generator writes.
func TestFresh(t *testing.T) {
	dir := t.TempDir()
	for _, pkg := range []string{"u8", "f32"} {
		if err := os.Mkdir(filepath.Join(dir, pkg), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := generate("..", dir); err != nil {
		t.Fatal(err)
	}
	entries, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(entries) != 2*len(files) {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, entry := range entries {
		name, err := filepath.Rel(dir, entry)
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := os.ReadFile(entry)
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile(filepath.Join("..", name))
		if err != nil || !bytes.Equal(fresh, committed) {
			t.Errorf("%s is stale: run go generate in internal/kernels (%v)", name, err)
		}
	}
}
