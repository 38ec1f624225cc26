//go:build unix

package importer

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestExternalPipe checks that external data is not waited for.
func TestExternalPipe(t *testing.T) {
	dir := externalFolder(t)
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := with(file(op("y = Add(x, w)")), externalTensor(4, "location", "pipe"))
	_, err := Parse(t.Context(), marshal(t, m), dir, Options{})
	wantError(t, err, `importer: initializer "w": external data: open pipe: is a pipe, not a file`)
}
