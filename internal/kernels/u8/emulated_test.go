//go:build !arm64

package u8

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/testutil"
)

// TestEmulatedARM64 runs the tests of the kernels on bytes on an emulated arm64 processor.
func TestEmulatedARM64(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for another processor and emulates it")
	}
	qemu := testutil.Tool(t, "qemu-aarch64", "qemu-user")
	binary := filepath.Join(t.TempDir(), "kernels.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, ".")
	build.Env = append(os.Environ(), "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tests := "^Test(Conv|MaxPool|Sparse|Totals|FireProof)"
	out, err := exec.CommandContext(t.Context(), qemu, "-cpu", "max", binary, "-test.v", "-test.short", "-test.run", tests).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS: TestConvFires/sdot") {
		t.Fatalf("%v\n%s", err, out)
	}
}
