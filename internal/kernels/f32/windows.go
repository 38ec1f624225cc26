package f32

import "slices"

// Geometry is the arithmetic of a sliding window, per spatial axis. All slices have one
// entry per axis; there is at least one axis.
type Geometry struct {
	In, Out            []int // lengths of the map read and the map written
	Kernel             []int
	Strides, Dilations []int
	Begin              []int // padding before the map; what is needed after it is derived
}

// Windows lists what every window of a Geometry reads from one padded channel: tap t of
// output i is element Start[i]+Tap[t]. Outputs and taps are in row-major order.
type Windows struct {
	Start, Tap []int32
	Plane      int // elements of a padded channel
	Padded     bool

	first  int     // where the map begins in the padded channel
	rows   []int32 // where each of its rows begins, from there
	rowLen int
}

// NewWindows lists the windows of g. A padded channel must fit into 31 bits.
func NewWindows(g Geometry) *Windows {
	padded := g.Padded()
	w := &Windows{Plane: 1, Padded: !slices.Equal(padded, g.In)}
	strides := make([]int, len(padded))
	for i := len(padded) - 1; i >= 0; i-- {
		strides[i] = w.Plane
		w.Plane *= padded[i]
	}
	w.Start = Lattice(g.Out, products(g.Strides, strides))
	w.Tap = Lattice(g.Kernel, products(g.Dilations, strides))
	last := len(g.In) - 1
	w.rowLen = g.In[last]
	w.rows = Lattice(g.In[:last], strides[:last])
	for i, b := range g.Begin {
		w.first += b * strides[i]
	}
	return w
}

// Padded returns the lengths of a padded channel: what windows reach, and no less than
// the map where it lies.
func (g Geometry) Padded() []int {
	padded := make([]int, len(g.In))
	for i, n := range g.In {
		reach := (g.Out[i]-1)*g.Strides[i] + (g.Kernel[i]-1)*g.Dilations[i] + 1
		padded[i] = max(g.Begin[i]+n, reach)
	}
	return padded
}

func products(a, b []int) []int {
	p := make([]int, len(a))
	for i := range p {
		p[i] = a[i] * b[i]
	}
	return p
}

// Lattice lists, in row-major order, the offsets of the points of a box of counts
// points along each axis, where a step along axis i adds strides[i].
func Lattice(counts, strides []int) []int32 {
	points := []int32{0}
	for i, n := range counts {
		next := make([]int32, 0, len(points)*n)
		for _, p := range points {
			for j := range n {
				next = append(next, p+int32(j*strides[i]))
			}
		}
		points = next
	}
	return points
}

// Pad copies channels into padded channels, Plane elements each, with value around them.
func (w *Windows) Pad(dst, src []float32, value float32) {
	for i := range dst {
		dst[i] = value
	}
	plane := len(w.rows) * w.rowLen
	for c := 0; c*plane < len(src); c++ {
		from, to := src[c*plane:(c+1)*plane], dst[c*w.Plane+w.first:(c+1)*w.Plane]
		for r, start := range w.rows {
			copy(to[start:], from[r*w.rowLen:(r+1)*w.rowLen])
		}
	}
}

// Divisors returns the number of taps of every window that lie at positions from
// -before[i] up to In[i]+after[i] on each axis i.
func (g Geometry) Divisors(before, after []int) []float32 {
	counts := []float32{1}
	for i, n := range g.In {
		next := make([]float32, 0, len(counts)*g.Out[i])
		for _, c := range counts {
			for o := range g.Out[i] {
				inside := 0
				for k := range g.Kernel[i] {
					at := o*g.Strides[i] - g.Begin[i] + k*g.Dilations[i]
					if at >= -before[i] && at < n+after[i] {
						inside++
					}
				}
				next = append(next, c*float32(inside))
			}
		}
		counts = next
	}
	return counts
}
