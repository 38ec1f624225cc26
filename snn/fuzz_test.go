package snn_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"

	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// FuzzDecode decodes mutated files, with their checksums and length repaired: otherwise
// the fuzzer would never get past them. Nothing may panic or allocate out of proportion,
// and what decodes must be a network that can be written, compiled and run.
func FuzzDecode(f *testing.F) {
	for name, build := range vectors {
		f.Add(encode(f, build()))
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add(encode(f, gated(false)))
	f.Add(encode(f, gated(true)))
	f.Fuzz(func(t *testing.T, b []byte) {
		b = snntest.Repaired(b)
		n, err := decodeMeasured(t, b)
		if err != nil {
			return
		}
		checkNetwork(t, n)
	})
}

// decodeMeasured decodes b and checks what that allocates.
func decodeMeasured(t *testing.T, b []byte) (*snn.Network, error) {
	t.Helper()
	var before, after goruntime.MemStats
	goruntime.ReadMemStats(&before)
	n, err := snn.Decode(b)
	goruntime.ReadMemStats(&after)
	if got, most := after.TotalAlloc-before.TotalAlloc, uint64(64*len(b)+1<<16); got > most {
		t.Errorf("decoding %d bytes allocated %d", len(b), got)
	}
	return n, err
}

func checkNetwork(t *testing.T, n *snn.Network) {
	t.Helper()
	if err := n.Verify(); err != nil {
		t.Fatal(err)
	}
	again := decode(t, encode(t, n))
	if !bytes.Equal(encode(t, n), encode(t, again)) {
		t.Error("a network is encoded in two ways")
	}
	plan, err := runtime.Compile(context.Background(), n)
	if err != nil {
		if !errors.As(err, new(*snn.RangeError)) {
			t.Error(err)
		}
		return
	}
	if work := totalElements(n) * n.Steps; work > 1<<14 {
		return
	}
	s := plan.NewSession(runtime.SessionOptions{Stats: true})
	if _, err := s.Run(context.Background(), make([]float32, plan.OutLen()), make([]float32, plan.InLen())); err != nil && (n.Integer || !strings.Contains(err.Error(), "grow beyond float32")) {
		t.Error(err)
	}
}

func totalElements(n *snn.Network) int {
	total := 0
	for i := range n.Layers {
		total += n.Layers[i].Shape.Len()
	}
	return total
}
