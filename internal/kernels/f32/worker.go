package f32

import "ann2snn/internal/kernels/cpu"

// Worker is what one goroutine needs to run the kernels on maps: their choice and working
// memory.
type Worker struct {
	set  *kernelSet
	conv convPart
	fold foldPart
	args convArgs
}

// NewWorker returns a worker that runs the kernels of set.
func NewWorker(set *cpu.Set) *Worker { return &Worker{set: kernelsOf(set)} }

// Limits are the least and the largest number that kernels store. NaN is stored as it is.
type Limits struct{ Low, High float32 }

// bound returns x or the limit that it is beyond.
func (l *Limits) bound(x float32) float32 {
	if x < l.Low {
		x = l.Low
	}
	if x > l.High {
		x = l.High
	}
	return x
}

// Output is where the pixels of a map are stored: in Data, Stride elements from one to the
// next.
type Output struct {
	Data   []float32
	Stride int
}

// Map is the extent of a channel-last map: element (y, x, c) is at (y*W+x)*C+c.
type Map struct{ H, W, C int }

// Len returns the number of elements.
func (m Map) Len() int { return m.H * m.W * m.C }

// Window is the geometry of a sliding window, {vertical, horizontal}. It has no padding:
// the map that it slides over holds it.
type Window struct{ Kernel, Stride, Dilation [2]int }
