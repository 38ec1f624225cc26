//go:build !arm64

package f32

import (
	"testing"

	"ann2snn/internal/kernels/kerneltest"
)

// TestEmulatedARM64 runs the tests of the kernels, which must not fuse products with sums,
// on an emulated arm64 processor.
func TestEmulatedARM64(t *testing.T) {
	kerneltest.TestOnARM64(t, "TestWindowKernels|TestGemm|TestConv|TestFold|TestEach|TestTranspose|TestMean", "TestWindowKernels")
}
