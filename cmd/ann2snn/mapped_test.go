package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestMapFile: a mapped file holds what is read from it, also after its memory was dropped.
func TestMapFile(t *testing.T) {
	for _, want := range [][]byte{nil, bytes.Repeat([]byte("weights "), 1<<14)} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
		got, drop, err := mapFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if !bytes.Equal(got, want) {
				t.Errorf("%d bytes, which differ from the %d written", len(got), len(want))
			}
			drop()
		}
	}
	if _, _, err := mapFile(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Errorf("a missing file: %v", err)
	}
}
