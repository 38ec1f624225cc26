package testutil

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Missing skips the test for want of a tool that ./setup installs, or fails it where
// ANN2SNN_REQUIRE_DATA is set.
func Missing(tb testing.TB, what string) {
	tb.Helper()
	if os.Getenv("ANN2SNN_REQUIRE_DATA") != "" {
		tb.Fatal("required tool is missing: " + what)
	}
	tb.Skip("SKIPPED, NOT TESTED: " + what)
}

// Tool returns the path of a program; pkg is the Debian package that has it.
func Tool(tb testing.TB, name, pkg string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(tb, "no "+name+" (Debian's "+pkg+")")
	}
	return path
}

// Python returns a Python interpreter that can import h5py and NumPy.
func Python(tb testing.TB) string {
	tb.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(tb.Context(), name, "-c", "import h5py, numpy").Run() == nil { //nolint:gosec // one of two names
			return name
		}
	}
	Missing(tb, "no Python with h5py (Debian's python3-h5py)")
	return ""
}

// NodePackage checks that npm installed a package in the folder $ANN2SNN_ORT, where
// scripts look for it.
func NodePackage(tb testing.TB, name string) {
	tb.Helper()
	dir := os.Getenv("ANN2SNN_ORT")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", name)); dir == "" || err != nil {
		Missing(tb, "no "+name+" (set ANN2SNN_ORT to a folder where npm installed it)")
	}
}
