package importer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestLoad checks what Load adds to Parse: the path, and external data beside the file.
func TestLoad(t *testing.T) {
	dir := externalFolder(t)
	path := filepath.Join(dir, "m.onnx")
	m := with(file(op("y = Add(x, w)")), externalTensor(4, "location", "data.bin"))
	if err := os.WriteFile(path, marshal(t, m), 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := Load(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if g.Source.Path != path {
		t.Errorf("path %q, want %q", g.Source.Path, path)
	}
	if got := g.Type(g.Nodes[0].In[1]).Const.F; !slices.Equal(got, []float32{1, 2, 3, 4}) {
		t.Errorf("weights %v", got)
	}
}

// TestCancelled checks that a cancelled context stops the import.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, m := range [][]byte{
		marshal(t, file(op("y = Relu(x)"))),
		marshal(t, with(file(op("y = Add(x, w)")), zeros("w", 1))),
	} {
		if _, err := Parse(ctx, m, "", Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want %v", err, context.Canceled)
		}
	}
}
