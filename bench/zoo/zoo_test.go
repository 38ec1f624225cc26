package main

import (
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/ort"
	"ann2snn/internal/testutil"
)

// refused says why networks of testdata are not converted, which must be said at once.
var refused = map[string]string{
	"attention":  "MatMul",
	"lstm":       "LSTM",
	"two_inputs": "2 inputs",
	"video_3d":   "want [1,C,H,W]",
}

// TestSmallZoo tries the smallest networks of the zoo: what bench/zoo/networks writes is read,
// computed as ONNX Runtime does, and converted, or refused for a reason that is known.
func TestSmallZoo(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	testutil.ORT(t, ort.Node)
	files, err := filepath.Glob(filepath.Join("testdata", "*.onnx"))
	if err != nil || len(files) < 25 {
		t.Fatalf("%d networks in testdata, want 25 or more (%v)", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".onnx")
		t.Run(name, func(t *testing.T) {
			got := try(t.Context(), network{Name: name}, file)
			if why, ok := refused[name]; ok {
				if got.Converted || !strings.Contains(got.Refusal, why) {
					t.Fatalf("converted: %v, refused for %q, want %q", got.Converted, got.Refusal, why)
				}
				return
			}
			if got.Refusal != "" || got.Uncompared != "" {
				t.Fatalf("refused: %q, not compared: %q", got.Refusal, got.Uncompared)
			}
			if got.Reference > same {
				t.Errorf("differs from ONNX Runtime by %g", got.Reference)
			}
			if !got.right() {
				t.Errorf("keeps a cosine of %g (%g rounded), want %g", got.Cosine, got.Rounded, near)
			}
		})
	}
}
