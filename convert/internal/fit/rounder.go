package fit

import (
	"cmp"
	"math"
	"slices"
)

// feedback rounds the weights of neurons that share their inputs. The weights not yet
// rounded, and at last the bias, make up for the error of each rounded weight as far as they
// can: optimal brain quantisation (Frantar et al., "Optimal Brain
// Compression", 2022) in the fixed order of "GPTQ" (Frantar et al., 2022), on the normal
// equations of the inputs that the weights will see.
type feedback struct {
	order []int       // of the inputs, those with the largest squares first; the bias is not among them
	upper [][]float32 // rows of the upper Cholesky factor of the inverse, from the diagonal on, in this order
}

// newFeedback takes the normal equations for inputs in units of the trained network, the
// weight of a penalty on their diagonal, and the level value of each input: weights are rounded
// per level. It returns nil where the normal equations cannot be inverted.
func newFeedback(e *normal, penalty float64, scales []float32) *feedback {
	n := e.inputs.n
	penalty *= e.square
	f := &feedback{order: upTo(n), upper: make([][]float32, n)}
	square := func(i int) float64 { return (e.squareOf(i) + penalty) / (float64(scales[i]) * float64(scales[i])) }
	slices.SortStableFunc(f.order, func(a, b int) int { return cmp.Compare(square(b), square(a)) })
	// The upper factor of an inverse is the inverse of the lower factor, both read backwards.
	backwards := newSymmetric(e.inputs.set, make([]float32, n*n), n, e.inputs.workers)
	for i := range n {
		from := f.order[n-1-i]
		for j := i; j < n; j++ {
			other := f.order[n-1-j]
			x := e.inputs.at(from, other)
			if i == j {
				x += penalty
			}
			backwards.a[i*n+j] = float32(x / float64(scales[from]) / float64(scales[other]))
		}
	}
	if !backwards.factorise(0) {
		return nil // rounding to the nearest is always possible
	}
	for i := range n {
		f.upper[i] = make([]float32, n-i+1)
	}
	backwards.inverse(func(first, w int, columns []float32) {
		for i := first; i < n; i++ {
			for k, x := range columns[(i-first)*w:][:min(w, i-first+1)] {
				f.upper[n-1-i][i-first-k] = x
			}
		}
	})
	for _, row := range f.upper { // the bias comes last, and is eliminated in the equations
		sum, inputs := 0.0, len(row)-1
		for k, x := range row[:inputs] {
			i := f.order[n-inputs+k]
			sum += float64(x) * e.sums[i] / float64(scales[i])
		}
		row[inputs] = float32(-sum / e.count)
	}
	return f
}

// nearest returns the whole number of units next to x, of a magnitude of at most largest.
func nearest(x, unit float64, largest int) float64 {
	return max(-float64(largest), min(math.Round(x/unit), float64(largest)))
}

// Round rounds the weights of a neuron as fill.Rounder says.
func (f *feedback) Round(dst []int8, weights []float32, bias float32, unit float64, largest int) float32 {
	left := make([]float64, len(weights)+1)
	for i, at := range f.order {
		left[i] = float64(weights[at])
	}
	left[len(weights)] = float64(bias)
	for i, at := range f.order {
		row := f.upper[i]
		q := nearest(left[i], unit, largest)
		dst[at] = int8(q)
		miss := (left[i] - q*unit) / float64(row[0])
		rest := left[i+1:][:len(row)-1]
		for j, x := range row[1:] {
			rest[j] -= miss * float64(x)
		}
	}
	return float32(left[len(weights)])
}
