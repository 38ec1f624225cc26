package snn_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"ann2snn/internal/snntest"
	"ann2snn/snn"
)

var update = flag.Bool("update", false, "rewrite the conformance vectors in testdata")

func encode(t testing.TB, n *snn.Network) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := snn.Encode(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(t testing.TB, b []byte) *snn.Network {
	t.Helper()
	n, err := snn.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := snntest.Network(rt, snntest.DrawSpec(rt))
		b := encode(t, n)
		got := decode(t, b)
		if diff := cmp.Diff(n, got, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
		if !bytes.Equal(b, encode(t, got)) {
			rt.Fatal("encoding the decoded network gives other bytes")
		}
	})
}

// vectors are the conformance vectors: files that every version must read and write.
var vectors = map[string]func() *snn.Network{
	"float.snn":   func() *snn.Network { return vector(false) },
	"integer.snn": func() *snn.Network { return vector(true) },
}

func TestVectors(t *testing.T) {
	for name, build := range vectors {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(path, encode(t, build()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			n := decode(t, b)
			if diff := cmp.Diff(build(), n, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if !bytes.Equal(b, encode(t, n)) {
				t.Error("encoding the decoded network gives other bytes")
			}
		})
	}
}

func TestDecodeMisaligned(t *testing.T) {
	n := vector(false)
	b := encode(t, n)
	for shift := 1; shift < 4; shift++ {
		moved := append(make([]byte, shift, shift+len(b)), b...)[shift:]
		if diff := cmp.Diff(n, decode(t, moved), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("shifted by %d: %s", shift, diff)
		}
	}
}

// TestDecodeAliases: weights are not copied out of a file in aligned memory.
func TestDecodeAliases(t *testing.T) {
	b := encode(t, vector(false))
	conv, ok := decode(t, b).Layers[1].Op.(snn.Conv)
	if !ok {
		t.Fatal("layer 1 is no Conv")
	}
	before := conv.W.F[0]
	clear(b)
	if conv.W.F[0] == before {
		t.Error("the weights were copied")
	}
}

func TestDecodeTruncated(t *testing.T) {
	for name, build := range vectors {
		b := encode(t, build())
		for size := range b {
			want := snn.ErrDamaged
			if size < 8 {
				want = snn.ErrNotSNN
			}
			if _, err := snn.Decode(b[:size]); !errors.Is(err, want) {
				t.Fatalf("%s: the first %d of %d bytes: %v", name, size, len(b), err)
			}
		}
		if _, err := snn.Decode(append(bytes.Clone(b), 0)); !errors.Is(err, snn.ErrDamaged) {
			t.Errorf("%s: a byte more: %v", name, err)
		}
	}
}

func TestDecodeBitFlips(t *testing.T) {
	for name, build := range vectors {
		b := encode(t, build())
		for bit := range 8 * len(b) {
			b[bit/8] ^= 1 << (bit % 8)
			if _, err := snn.Decode(b); err == nil {
				t.Fatalf("%s: accepted with bit %d of byte %d flipped", name, bit%8, bit/8)
			}
			b[bit/8] ^= 1 << (bit % 8)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	n := vector(false)
	n.Steps = 0
	err := snn.Encode(&bytes.Buffer{}, n)
	if err == nil || !strings.Contains(err.Error(), "steps") {
		t.Errorf("encoding an invalid network: %v", err)
	}
}
