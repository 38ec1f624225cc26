package u8

import "ann2snn/snn"

// MaxPool takes the maximum of each window of a map of levels, channel by channel. A sum
// pool is a depthwise Conv whose weights are 1.
type MaxPool struct {
	in, out       Map
	inOff, outOff []int64
	taps          []int64
	inner         []innerRun
	border        []borderWindow
}

// innerRun is a range of output pixels whose windows lie inside the map.
type innerRun struct{ from, to int }

// borderWindow is an output pixel whose window reaches into the padding. taps are those
// outside the padding.
type borderWindow struct {
	pixel int
	taps  []int64
}

// NewMaxPool prepares a pool. Every window covers a pixel of the input.
func NewMaxPool(in, out Map, window snn.Window) *MaxPool {
	m := &MaxPool{in: in, out: out, outOff: out.Offsets(), taps: in.tapOffsets(&window)}
	for y := range out.H {
		for x := range out.W {
			m.addWindow(&window, y, x)
		}
	}
	return m
}

func (m *MaxPool) addWindow(w *snn.Window, y, x int) {
	pixel := len(m.inOff)
	fromY, toY, top := w.Taps(0, y, m.in.H)
	fromX, toX, left := w.Taps(1, x, m.in.W)
	m.inOff = append(m.inOff, int64(m.in.Offset(top, left)))
	if toY-fromY < w.Kernel[0] || toX-fromX < w.Kernel[1] {
		var taps []int64
		for ky := fromY; ky < toY; ky++ {
			taps = append(taps, m.taps[ky*w.Kernel[1]:][fromX:toX]...)
		}
		m.border = append(m.border, borderWindow{pixel, taps})
		return
	}
	if n := len(m.inner); n > 0 && m.inner[n-1].to == pixel {
		m.inner[n-1].to++
		return
	}
	m.inner = append(m.inner, innerRun{pixel, pixel + 1})
}

// Pixels returns the number of output pixels.
func (m *MaxPool) Pixels() int { return len(m.outOff) }

// MaxPool computes output pixels [from, to).
func (w *Worker) MaxPool(m *MaxPool, dst, src []uint8, from, to int) {
	dst, src = dst[:m.out.Len()], src[:m.in.Len()]
	for _, b := range m.border {
		if b.pixel >= from && b.pixel < to {
			m.maxPlain(dst, src, b.pixel, 0, b.taps)
		}
	}
	for _, r := range m.inner {
		if r.from, r.to = max(r.from, from), min(r.to, to); r.from < r.to {
			w.set.maxPool(w, m, dst, src, r)
		}
	}
}

// maxPoolPlain is the specification of the pooling kernels.
func maxPoolPlain(_ *Worker, m *MaxPool, dst, src []uint8, r innerRun) {
	for pixel := r.from; pixel < r.to; pixel++ {
		m.maxPlain(dst, src, pixel, 0, m.taps)
	}
}

// maxPlain pools the channels from the given one on of a pixel.
func (m *MaxPool) maxPlain(dst, src []uint8, pixel, channel int, taps []int64) {
	best := dst[m.outOff[pixel]:][channel:m.in.C]
	clear(best)
	for _, tap := range taps {
		for c, level := range src[m.inOff[pixel]+tap:][channel:m.in.C] {
			best[c] = max(best[c], level)
		}
	}
}
