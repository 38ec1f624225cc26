package grad

import "ann2snn/snn"

// windows is a window that slides over a map with its padding.
type windows struct {
	in, out snn.Shape
	window  snn.Window
	padded  snn.Shape
}

func newWindows(in, out snn.Shape, w snn.Window) windows {
	return windows{in, out, w, snn.Shape{H: in.H + w.Pad[0] + w.Pad[2], W: in.W + w.Pad[1] + w.Pad[3], C: in.C}}
}

// bare reports whether a window is one pixel, at every pixel.
func (w *windows) bare() bool {
	return w.window.Kernel == [2]int{1, 1} && w.window.Stride == [2]int{1, 1} && w.padded == w.in
}

// taps calls f for every pixel of every window that lies within the map: output pixel, tap,
// and the place of the pixel's first element in the map, in that order.
func (w *windows) taps(f func(pixel, tap, at int)) {
	for y := range w.out.H {
		fromY, toY, startY := w.window.Taps(0, y, w.in.H)
		for x := range w.out.W {
			fromX, toX, startX := w.window.Taps(1, x, w.in.W)
			for ky := fromY; ky < toY; ky++ {
				row := startY + ky*w.window.Dilation[0]
				for kx := fromX; kx < toX; kx++ {
					column := startX + kx*w.window.Dilation[1]
					f(y*w.out.W+x, ky*w.window.Kernel[1]+kx, (row*w.in.W+column)*w.in.C)
				}
			}
		}
	}
}

// pad copies a map into one with its padding, whose border is zero.
func (w *windows) pad(dst, src []float32) {
	row := w.in.W * w.in.C
	for y := range w.in.H {
		at := ((y+w.window.Pad[0])*w.padded.W + w.window.Pad[1]) * w.in.C
		copy(dst[at:][:row], src[y*row:])
	}
}

// crop adds the inner part of a map with padding to dst.
func (w *windows) crop(dst, src []float32) {
	row := w.in.W * w.in.C
	for y := range w.in.H {
		at := ((y+w.window.Pad[0])*w.padded.W + w.window.Pad[1]) * w.in.C
		addTo(dst[y*row:][:row], src[at:])
	}
}

// runs calls f for the runs of elements, of channels from..from+channels, that the windows
// read from a map with its padding: where a run lies in it, and where in the patches, which
// follow each other.
func (w *windows) runs(from, channels int, f func(at, to, n int)) {
	n, pieces := channels, w.window.Kernel[1]
	if channels == w.in.C && w.window.Dilation[1] == 1 {
		n, pieces = channels*pieces, 1
	}
	to := 0
	for y := range w.out.H {
		for x := range w.out.W {
			for ky := range w.window.Kernel[0] {
				row := y*w.window.Stride[0] + ky*w.window.Dilation[0]
				at := (row*w.padded.W+x*w.window.Stride[1])*w.in.C + from
				for range pieces {
					f(at, to, n)
					at, to = at+w.window.Dilation[1]*w.in.C, to+n
				}
			}
		}
	}
}

// addTo adds as many elements of x to dst as it has.
func addTo(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] += x[i]
	}
}
