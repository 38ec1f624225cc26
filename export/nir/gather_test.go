package nir

import (
	"slices"
	"testing"

	"ann2snn/snn"
)

// TestSelection: what slices and pads do to a map is recognised, a transpose is not.
func TestSelection(t *testing.T) {
	in := snn.Shape{H: 4, W: 4, C: 2}
	index := func(out snn.Shape, from func(y, x, c int) (int, int, int)) []int32 {
		var all []int32
		for i := range out.Len() {
			y, x, c := from(i/out.C/out.W, i/out.C%out.W, i%out.C)
			if y < 0 || y >= in.H || x < 0 || x >= in.W || c < 0 || c >= in.C {
				all = append(all, -1)
				continue
			}
			all = append(all, int32((y*in.W+x)*in.C+c))
		}
		return all
	}
	for _, test := range []struct {
		name string
		out  snn.Shape
		from func(y, x, c int) (int, int, int)
		want *selection
	}{
		{
			"every other pixel among more channels",
			snn.Shape{H: 2, W: 2, C: 6},
			func(y, x, c int) (int, int, int) { return 2 * y, 2 * x, c - 2 },
			&selection{stride: [2]int{2, 2}, channel: []int{-1, -1, 0, 1, -1, -1}},
		},
		{
			"crop",
			snn.Shape{H: 2, W: 1, C: 1},
			func(y, x, c int) (int, int, int) { return y + 1, x + 3, c + 1 },
			&selection{offset: [2]int{1, 3}, stride: [2]int{1, 1}, channel: []int{1}},
		},
		{
			"pad",
			snn.Shape{H: 7, W: 5, C: 2},
			func(y, x, c int) (int, int, int) { return y - 2, x - 1, c },
			&selection{offset: [2]int{-2, -1}, stride: [2]int{1, 1}, channel: []int{0, 1}},
		},
		{"transpose", snn.Shape{H: 4, W: 4, C: 2}, func(y, x, c int) (int, int, int) { return x, y, c }, nil},
		{"mirror", snn.Shape{H: 4, W: 4, C: 2}, func(y, x, c int) (int, int, int) { return 3 - y, x, c }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := selectionOf(index(test.out, test.from), in, test.out)
			if got == nil || test.want == nil {
				if got != test.want {
					t.Errorf("%+v, want %+v", got, test.want)
				}
				return
			}
			if got.offset != test.want.offset || got.stride != test.want.stride || !slices.Equal(got.channel, test.want.channel) {
				t.Errorf("%+v, want %+v", got, test.want)
			}
			w, _ := got.window(in, test.out)
			if h, wide := w.Out(in); h != test.out.H || wide != test.out.W {
				t.Errorf("%d x %d windows", h, wide)
			}
		})
	}
}
