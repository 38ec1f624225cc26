// Package testutil finds what tests need from outside the repository: shared data, programs,
// and packages of npm. Where something is missing, the test is skipped and says so.
package testutil

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"ann2snn/internal/ort"
)

// Root returns the root folder of the module ann2snn, found upwards from the working
// directory, past nested modules.
func Root() string {
	dir, err := os.Getwd()
	if err != nil {
		panic("testutil: " + err.Error())
	}
	for {
		if b, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && bytes.HasPrefix(b, []byte("module ann2snn\n")) {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			panic("testutil: the module ann2snn is not above the working directory")
		}
		dir = up
	}
}

// Data returns the path of a file or folder of the shared data (see README, "Data for
// the tests"): below $ANN2SNN_DATA, or ../shared/data beside the repository. The test
// is skipped where it is missing, unless ANN2SNN_REQUIRE_DATA is set.
func Data(tb testing.TB, rel string) string {
	tb.Helper()
	base := os.Getenv("ANN2SNN_DATA")
	if base == "" {
		base = filepath.Join(Root(), "..", "shared", "data")
	}
	path := filepath.Join(base, filepath.FromSlash(rel))
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("ANN2SNN_REQUIRE_DATA") != "" {
			tb.Fatalf("required test data is missing: %v", err)
		}
		tb.Skipf("SKIPPED, NOT TESTED: no test data at %s (set ANN2SNN_DATA)", path)
	}
	return path
}

// ORT skips the test where node or a package that holds ONNX Runtime (see internal/ort)
// is missing, unless ANN2SNN_REQUIRE_DATA is set: ./setup installs them.
func ORT(tb testing.TB, pkg string) {
	tb.Helper()
	if _, err := ort.Find(pkg); err != nil {
		if os.Getenv("ANN2SNN_REQUIRE_DATA") != "" {
			tb.Fatal(err)
		}
		tb.Skipf("SKIPPED, NOT TESTED: %v", err)
	}
}
