package snn

// Out returns how many windows fit a map of shape in, vertically and horizontally; 0
// where none does.
func (w *Window) Out(in Shape) (h, wide int) {
	return w.count(0, in.H), w.count(1, in.W)
}

func (w *Window) count(axis, n int) int {
	room := n + w.Pad[axis] + w.Pad[axis+2] - w.extent(axis)
	if room < 0 {
		return 0
	}
	return room/w.Stride[axis] + 1
}

// extent is the distance from the first to the last element of a window, plus 1.
func (w *Window) extent(axis int) int { return (w.Kernel[axis]-1)*w.Dilation[axis] + 1 }

// taps is the number of elements of a window.
func (w *Window) taps() int64 { return int64(w.Kernel[0]) * int64(w.Kernel[1]) }

// coversInput reports whether each of the given number of windows along an axis of n
// elements surely holds one of them.
func (w *Window) coversInput(axis, windows, n int) bool {
	last := (windows-1)*w.Stride[axis] - w.Pad[axis]
	steps := w.Dilation[axis] <= n || w.Pad[axis] == 0
	return w.Pad[axis] < w.extent(axis) && last < n && steps
}

// Taps returns the range [from, to) of kernel positions of window o that lie inside a
// map of n rows (axis 0) or columns (axis 1), and the row or column that position 0
// falls on, which may be outside. The range is empty where from >= to.
func (w *Window) Taps(axis, o, n int) (from, to, start int) {
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
