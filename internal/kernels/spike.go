package kernels

// Spike is a spike level: an integer number in either representation.
type Spike interface{ ~float32 | ~int32 }

// SpikeWeight is a weight of a spiking layer: float32 goes with float32 spikes, int8
// with int32 spikes.
type SpikeWeight interface{ ~float32 | ~int8 }

// SpikeMap is the extent of a channel-last map: element (y, x, c) is at (y*W+x)*C+c.
type SpikeMap struct{ H, W, C int }

// Len returns the number of elements.
func (m SpikeMap) Len() int { return m.H * m.W * m.C }

// SpikeWindow is the geometry of a sliding window, {vertical, horizontal}; Pad is top,
// left, bottom, right.
type SpikeWindow struct {
	Kernel, Stride, Dilation [2]int
	Pad                      [4]int
}

// Taps returns the range [from, to) of kernel positions of window o that lie inside a
// map of n rows (axis 0) or columns (axis 1), and the row or column that position 0
// falls on, which may be outside. The range is empty where from >= to.
func (w *SpikeWindow) Taps(axis, o, n int) (from, to, start int) {
	start = o*w.Stride[axis] - w.Pad[axis]
	step := w.Dilation[axis]
	if start < 0 {
		from = (step - 1 - start) / step
	}
	if start < n {
		to = min(w.Kernel[axis], (n-1-start)/step+1)
	}
	return from, to, start
}
