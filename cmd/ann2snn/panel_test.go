package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/testutil"
)

// panelNetwork is an entry of models/panel/manifest.json.
type panelNetwork struct {
	Name, File, SHA256, Preprocess string
	Bytes                          int
	Seen                           bool
	Top1                           float64
}

func (n panelNetwork) path() string {
	return filepath.Join(testutil.Root(), "models", "panel", n.File)
}

func panel(t *testing.T) []panelNetwork {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testutil.Root(), "models", "panel", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct{ Models []panelNetwork }
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m.Models
}

// TestPanelFiles: the networks of the panel are those that the manifest tells of, and each
// can be converted.
func TestPanelFiles(t *testing.T) {
	var unseen []string
	total := 0
	files, err := filepath.Glob(filepath.Join(testutil.Root(), "models", "panel", "*.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	networks := panel(t)
	if len(networks) < 6 || len(networks) != len(files) {
		t.Errorf("%d networks in the manifest, %d files", len(networks), len(files))
	}
	for _, n := range networks {
		data, err := os.ReadFile(n.path())
		if err != nil {
			t.Fatal(err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(data)); sum != n.SHA256 || len(data) != n.Bytes {
			t.Errorf("%s: %d bytes with SHA-256 %s, the manifest says %d and %s", n.File, len(data), sum, n.Bytes, n.SHA256)
		}
		if n.Top1 < 50 {
			t.Errorf("%s: %v %% of the test images are no trained network", n.Name, n.Top1)
		}
		command(t, "inspect", n.path(), "--json")
		total += len(data)
		if !n.Seen {
			unseen = append(unseen, n.Name)
		}
	}
	if total > 3<<20 {
		t.Errorf("all files have %d bytes, want at most 3 MiB", total)
	}
	page, err := os.ReadFile(filepath.Join(testutil.Root(), "models", "panel", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if list := "**" + strings.Join(unseen, ", ") + "**"; !strings.Contains(string(page), list) {
		t.Errorf("models/panel/README.md does not say that the unseen networks are %s", list)
	}
}

// TestPanelByDefault: the defaults keep the answers of networks that differ. The method may be
// chosen by these; TestPanelFiles names those by which it never is.
func TestPanelByDefault(t *testing.T) {
	t.Parallel()
	tests := map[string]float64{ // points that may be lost on the test images below
		"googlenet": 2,
		"plain":     2,
	}
	for _, n := range panel(t) {
		lost, ok := tests[n.Name]
		if !ok {
			continue
		}
		t.Run(n.Name, func(t *testing.T) {
			r := trial{
				model: n.path(), calib: "cifar10/calib_batch.bin", test: "cifar10/test_batch.bin",
				preprocess: n.Preprocess, limit: 300, few: 256,
			}.result(t)
			if full {
				within(t, "the ANN's accuracy", r.ANN.Top1, n.Top1, 0.05)
				lost = 1
			}
			if drop := -float64(*r.Delta); drop > lost {
				t.Errorf("%v points are lost, want at most %v", drop, lost)
			}
			if r.Agreement < 95 {
				t.Errorf("the networks agree on %v %%, want at least 95", r.Agreement)
			}
		})
	}
}
