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
	if err := generate("..", dir); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2*len(files) {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, entry := range entries {
		fresh, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile(filepath.Join("..", entry.Name()))
		if err != nil || !bytes.Equal(fresh, committed) {
			t.Errorf("%s is stale: run go generate in internal/kernels (%v)", entry.Name(), err)
		}
	}
}
