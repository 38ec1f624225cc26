package snn_test

import (
	"slices"
	"testing"

	"ann2snn/snn"
)

// TestOrders compares both orders of a map with loops over its axes.
func TestOrders(t *testing.T) {
	s := snn.Shape{H: 2, W: 3, C: 4}
	first := 0
	for c := range s.C {
		for y := range s.H {
			for x := range s.W {
				last := (y*s.W+x)*s.C + c
				if s.ChannelsLast(first) != last || s.ChannelsFirst(last) != first {
					t.Errorf("element %d of C, H, W is %d of H, W, C; got %d, and back %d", first, last, s.ChannelsLast(first), s.ChannelsFirst(last))
				}
				first++
			}
		}
	}
}

// TestInputShape says how samples lie, by what the input layer says.
func TestInputShape(t *testing.T) {
	for _, c := range []struct {
		shape         snn.Shape
		channelsFirst bool
		want          []int
		index         int // of element 1 of a sample
	}{
		{snn.Shape{H: 1, W: 1, C: 5}, false, []int{5}, 1},
		{snn.Shape{H: 2, W: 3, C: 4}, false, []int{2, 3, 4}, 1},
		{snn.Shape{H: 2, W: 3, C: 4}, true, []int{4, 2, 3}, 4},
		{snn.Shape{H: 1, W: 3, C: 4}, true, []int{4, 3}, 4},
		{snn.Shape{H: 3, W: 4, C: 1}, true, []int{1, 3, 4}, 1},
		{snn.Shape{H: 1, W: 3, C: 4}, false, []int{1, 3, 4}, 1},
	} {
		n := &snn.Network{Layers: []snn.Layer{{Op: snn.Input{ChannelsFirst: c.channelsFirst}, Shape: c.shape}}}
		if got := n.InputShape(); !slices.Equal(got, c.want) {
			t.Errorf("%v: shape %v, want %v", c, got, c.want)
		}
		if got := n.InputIndex(1); got != c.index {
			t.Errorf("%v: element 1 of a sample is element %d of the layer, want %d", c, got, c.index)
		}
	}
}
