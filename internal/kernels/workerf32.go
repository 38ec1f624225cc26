package kernels

// WorkerF32 is what one goroutine needs to run the kernels of real numbers that move over
// maps: their choice and working memory.
type WorkerF32 struct {
	set    *Set
	conv   convPartF32
	window windowPartF32
	args   convF32Args
}

// NewWorkerF32 returns a worker that runs the kernels of set.
func NewWorkerF32(set *Set) *WorkerF32 { return &WorkerF32{set: set} }

// LimitsF32 bound what kernels store. NaN is within all limits.
type LimitsF32 struct{ Low, High float32 }

// bound returns x or the limit that it is beyond.
func (l *LimitsF32) bound(x float32) float32 {
	if x < l.Low {
		x = l.Low
	}
	if x > l.High {
		x = l.High
	}
	return x
}

// OutputF32 is where the pixels of a map go: to Data, Stride elements from one to the
// next.
type OutputF32 struct {
	Data   []float32
	Stride int
}
