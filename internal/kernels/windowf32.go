package kernels

// WindowF32 folds the windows of a map, channels last, to one element per channel: it is a
// depthwise convolution, or pools. The map holds its padding. It is immutable.
type WindowF32 struct {
	set     *Set
	kind    foldF32
	places  placesF32
	taps    []int64   // where the pixels of a window lie, in bytes
	weights []float32 // by tap and channel
	bias    []float32
}

// foldF32 is what becomes of a window.
type foldF32 int

const (
	foldDepthwise foldF32 = iota // bias plus the weighted sum of the taps, in order
	foldMax                      // the largest; NaN is larger than nothing, and nothing is larger than NaN
	foldSum                      // the sum of the taps, in order
)

// NewDepthwiseF32 returns a convolution in which each channel has a filter of its own.
func NewDepthwiseF32(set *Set, in, out SpikeMap, window SpikeWindow, f FiltersF32) *WindowF32 {
	d := newWindowF32(set, foldDepthwise, in, out, window)
	d.weights, d.bias = make([]float32, len(f.Weights)), make([]float32, in.C)
	for i, w := range f.Weights {
		channel, tap := i/len(d.taps), i%len(d.taps)
		d.weights[tap*in.C+channel] = w
	}
	copy(d.bias, f.Bias)
	return d
}

// NewMaxPoolF32 returns the maximum over windows.
func NewMaxPoolF32(set *Set, in, out SpikeMap, window SpikeWindow) *WindowF32 {
	return newWindowF32(set, foldMax, in, out, window)
}

// NewSumPoolF32 returns the sum over windows.
func NewSumPoolF32(set *Set, in, out SpikeMap, window SpikeWindow) *WindowF32 {
	return newWindowF32(set, foldSum, in, out, window)
}

func newWindowF32(set *Set, kind foldF32, in, out SpikeMap, window SpikeWindow) *WindowF32 {
	f := &WindowF32{set: set, kind: kind, places: newPlacesF32(in, out, &window)}
	for _, tap := range f.places.taps(&window) {
		f.taps = append(f.taps, int64(4*tap))
	}
	return f
}

// Run folds the windows of src.
func (f *WindowF32) Run(w *WorkerF32, dst OutputF32, src []float32, limits LimitsF32) {
	pixels := len(f.places.inOff)
	if pixels == 0 || f.places.in.C == 0 {
		return
	}
	_, _ = src[:f.places.in.Len()], dst.Data[:(pixels-1)*dst.Stride+f.places.in.C] // kernels do not look
	w.window = windowPartF32{f, dst, src, limits}
	done := 0
	if f.set.windowF32 != nil {
		done = f.set.windowF32(w, &w.window)
	}
	if done < f.places.in.C {
		w.window.plain(done)
	}
}

// windowPartF32 is a run of a WindowF32.
type windowPartF32 struct {
	*WindowF32
	dst    OutputF32
	src    []float32
	limits LimitsF32
}

// plain is the specification of the kernels, but for fused rounding, for the channels
// from the given one on.
func (f *windowPartF32) plain(from int) {
	for pixel, at := range f.places.inOff {
		src, dst := f.src[at/4:], f.dst.Data[pixel*f.dst.Stride:]
		for c := from; c < f.places.in.C; c++ {
			dst[c] = f.limits.bound(f.fold(src, c))
		}
	}
}

// fold folds channel c of the window at the beginning of src.
func (f *WindowF32) fold(src []float32, c int) float32 {
	switch f.kind {
	case foldMax:
		best := src[c]
		for _, tap := range f.taps[1:] {
			if x := src[int(tap/4)+c]; x > best {
				best = x
			}
		}
		return best
	case foldSum:
		var sum float32
		for _, tap := range f.taps {
			sum += src[int(tap/4)+c]
		}
		return sum
	}
	sum := f.bias[c]
	for t, tap := range f.taps {
		sum += float32(f.weights[t*f.places.in.C+c] * src[int(tap/4)+c])
	}
	return sum
}
