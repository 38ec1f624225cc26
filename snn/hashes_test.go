package snn_test

import (
	"slices"
	"testing"

	"ann2snn/snn"
)

// TestCalibrated: what a network was calibrated on is read as it was written, also that it was
// nothing, and that it is not known.
func TestCalibrated(t *testing.T) {
	for _, want := range [][]uint64{nil, {}, {5}, {0, 1, 1<<64 - 1}} {
		n := vector(true)
		n.Meta.Calibrated = want
		got := decode(t, encode(t, n)).Meta.Calibrated
		if !slices.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%v is read as %v", want, got)
		}
	}
	for _, hashes := range [][]uint64{{2, 1}, {1, 1}, make([]uint64, snn.MaxCalibrated+1)} {
		n := vector(true)
		n.Meta.Calibrated = hashes
		if err := n.Verify(); err == nil {
			t.Errorf("a list of %d hashes that begins with %v passes", len(hashes), hashes[:2])
		}
	}
}
