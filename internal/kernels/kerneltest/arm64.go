package kerneltest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/testutil"
)

// TestOnARM64 runs the tests of the package in the working directory whose names match a
// pattern on an emulated arm64 processor. One of them has to print passed.
func TestOnARM64(t *testing.T, tests, passed string) {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles for another processor and emulates it")
	}
	t.Parallel() // with the other emulated processor: both run in processes of their own
	qemu := testutil.Tool(t, "qemu-aarch64", "qemu-user")
	binary := filepath.Join(t.TempDir(), "kernels.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, ".") //nolint:gosec // a test builds its own package
	build.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), qemu, "-cpu", "max", binary, "-test.v", "-test.short", "-test.run", "^("+tests+")").CombinedOutput() //nolint:gosec // a test runs what it has built
	if err != nil || !strings.Contains(string(out), "PASS: "+passed) {
		t.Fatalf("%v\n%s", err, out)
	}
}
