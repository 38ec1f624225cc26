package f32

import "ann2snn/internal/kernels/cpu"

// Fold turns each window of a map, channels last, into one element per channel: it is a
// depthwise convolution, a max pool or a sum pool. The map holds its padding. A Fold is
// immutable.
type Fold struct {
	set     *kernelSet
	kind    foldKind
	places  places
	taps    []int64   // where the pixels of a window lie, in bytes
	weights []float32 // by tap and channel
	bias    []float32
}

// foldKind is how a window becomes an element.
type foldKind int

const (
	foldDepthwise foldKind = iota // bias plus the weighted sum of the taps, in order
	foldMax                       // the largest; a comparison with NaN is false
	foldSum                       // the sum of the taps, in order
)

// NewDepthwise returns a convolution in which each channel has a filter of its own.
func NewDepthwise(set *cpu.Set, in, out Map, window Window, f Filters) *Fold {
	d := newFold(set, foldDepthwise, in, out, window)
	d.weights, d.bias = make([]float32, len(f.Weights)), make([]float32, in.C)
	for i, w := range f.Weights {
		channel, tap := i/len(d.taps), i%len(d.taps)
		d.weights[tap*in.C+channel] = w
	}
	copy(d.bias, f.Bias)
	return d
}

// NewMaxPool returns the maximum over windows.
func NewMaxPool(set *cpu.Set, in, out Map, window Window) *Fold {
	return newFold(set, foldMax, in, out, window)
}

// NewSumPool returns the sum over windows.
func NewSumPool(set *cpu.Set, in, out Map, window Window) *Fold {
	return newFold(set, foldSum, in, out, window)
}

func newFold(set *cpu.Set, kind foldKind, in, out Map, window Window) *Fold {
	f := &Fold{set: kernelsOf(set), kind: kind, places: newPlaces(in, out, &window)}
	for _, tap := range f.places.taps(&window) {
		f.taps = append(f.taps, int64(4*tap))
	}
	return f
}

// Run folds the windows of src.
func (f *Fold) Run(w *Worker, dst Output, src []float32, limits Limits) {
	pixels := len(f.places.inOff)
	if pixels == 0 || f.places.in.C == 0 {
		return
	}
	_, _ = src[:f.places.in.Len()], dst.Data[:(pixels-1)*dst.Stride+f.places.in.C] // assembly checks no bounds
	w.fold = foldPart{f, dst, src, limits}
	done := 0
	if f.set.fold != nil {
		done = f.set.fold(w, &w.fold)
	}
	if done < f.places.in.C {
		w.fold.plain(done)
	}
}

// foldPart is a run of a Fold.
type foldPart struct {
	*Fold
	dst    Output
	src    []float32
	limits Limits
}

// plain is the specification of the kernels, but for fused rounding, for the channels
// from the given one on.
func (f *foldPart) plain(from int) {
	for pixel, at := range f.places.inOff {
		src, dst := f.src[at/4:], f.dst.Data[pixel*f.dst.Stride:]
		for c := from; c < f.places.in.C; c++ {
			dst[c] = f.limits.bound(f.fold(src, c))
		}
	}
}

// fold folds channel c of the window at the beginning of src.
func (f *Fold) fold(src []float32, c int) float32 {
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
