package geom_test

import (
	"slices"
	"testing"

	"ann2snn/internal/kernels/geom"
)

// TestSplit: pieces follow each other, are as few as can be, and differ by 1 at most.
func TestSplit(t *testing.T) {
	for n := range 50 {
		for most := 1; most < 20; most++ {
			at, pieces, least, largest := 0, 0, n, 0
			for from, to := range geom.Split(n, most) {
				if from != at || to <= from {
					t.Fatalf("%d in pieces of %d: one from %d to %d after %d", n, most, from, to, at)
				}
				at, pieces, least, largest = to, pieces+1, min(least, to-from), max(largest, to-from)
			}
			if at != n || pieces != (n+most-1)/most || largest > most || n > 0 && largest-least > 1 {
				t.Fatalf("%d in pieces of %d: %d pieces of %d to %d end at %d", n, most, pieces, least, largest, at)
			}
		}
	}
}

// TestTiles: tiles hold all pixels, and none holds more than it may.
func TestTiles(t *testing.T) {
	for n := 1; n < 100; n++ {
		for most := 1; most < 20; most++ {
			size, large, small := geom.Tiles(n, most)
			if size < 1 || size > most || large < 1 || small < 0 || size*large+(size-1)*small != n || small > 0 && size == 1 {
				t.Fatalf("%d pixels in tiles of %d: %d of %d and %d of one less", n, most, large, size, small)
			}
		}
	}
}

func TestMerge(t *testing.T) {
	rows := geom.Runs{Starts: []int{0, 4, 8, 20, 24, 28}, Len: 4}
	rows.Merge(3)
	if want := []int{0, 20}; rows.Len != 12 || !slices.Equal(rows.Starts, want) {
		t.Errorf("%+v, want runs of 12 from %v", rows, want)
	}
	rows.Merge(2) // there is a gap between the rows
	if rows.Len != 12 || len(rows.Starts) != 2 {
		t.Errorf("%+v is joined across a gap", rows)
	}
}
