//go:build !arm64

package u8

import (
	"testing"

	"ann2snn/internal/kernels/kerneltest"
)

// TestEmulatedARM64 runs the tests of the kernels
// on an emulated arm64 processor.
func TestEmulatedARM64(t *testing.T) {
	kerneltest.TestOnARM64(t, "TestConv|TestMaxPool|TestSparse|TestTotals|TestFireProof", "TestConvFires/sdot")
}
