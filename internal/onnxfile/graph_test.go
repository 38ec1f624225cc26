package onnxfile

import (
	"strconv"
	"testing"
)

// TestManyNamesakes: were the search for a free name begun anew each time, so many would take
// hours.
func TestManyNamesakes(t *testing.T) {
	g := New("g")
	g.Node("x_3", "Relu", nil)
	const n = 200_000
	for i := range n {
		want := "x"
		switch {
		case i == 1:
			want = "x_2"
		case i > 1:
			want = "x_" + strconv.Itoa(i+2) // x_3 is taken
		}
		if got := g.Node("x", "Relu", nil); got != want {
			t.Fatalf("name %d is %q, want %q", i, got, want)
		}
	}
}
