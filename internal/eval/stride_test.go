package eval

import "testing"

// TestChannelStride: where the channels of a value are, whatever its number of axes.
func TestChannelStride(t *testing.T) {
	for _, test := range []struct {
		dims     []int
		channels int
		want     int
	}{
		{[]int{1, 8, 4, 4}, 1, 1},
		{[]int{1, 8, 4, 4}, 8, 16},
		{[]int{1, 4, 4, 8}, 8, 1},
		{[]int{1, 3, 2, 8, 8}, 384, 1}, // a threshold of its own for every element
	} {
		if got, err := channelStride(test.dims, test.channels); err != nil || got != test.want {
			t.Errorf("%d channels in %v: %d, %v, want %d", test.channels, test.dims, got, err, test.want)
		}
	}
	if _, err := channelStride([]int{1, 8, 4, 4}, 5); err == nil {
		t.Error("5 channels in [1 8 4 4]: no error")
	}
}
