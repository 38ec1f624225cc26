//go:build !purego

package u8

import (
	"testing"

	"ann2snn/internal/kernels/kerneltest"
)

// TestEmulatedAMD64 runs the tests of the kernels on an emulated processor.
func TestEmulatedAMD64(t *testing.T) {
	kerneltest.TestEmulated(t, "TestConv|TestMaxPool|TestSparse|TestTotals|TestWinograd|TestQuantise")
}
