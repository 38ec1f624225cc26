package fit

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// feedback rounds the weights of neurons that share their inputs. The weights not yet
// rounded, and at last the bias, make up for the error of each rounded weight as far as they
// can: optimal brain quantisation (Frantar et al., "Optimal Brain
// Compression", 2022) in the fixed order of "GPTQ" (Frantar et al., 2022), on the normal
// equations of the inputs that the weights will see.
type feedback struct {
	order []int       // of the inputs, those with the largest squares first; the bias is not among them
	upper [][]float64 // rows of the upper Cholesky factor of the inverse, from the diagonal on, in this order
}

// newFeedback takes the normal equations for inputs in units of the trained network, and the
// level value of each input: weights are rounded per level. It returns nil where the normal
// equations cannot be inverted.
func newFeedback(n *mat.SymDense, scales []float32) *feedback {
	width := n.SymmetricDim()
	scale := func(i int) float64 {
		if i < len(scales) {
			return float64(scales[i])
		}
		return 1
	}
	f := &feedback{order: upTo(width - 1)}
	square := func(i int) float64 { return n.At(i, i) / (scale(i) * scale(i)) }
	slices.SortStableFunc(f.order, func(a, b int) int { return cmp.Compare(square(b), square(a)) })
	order := append(slices.Clone(f.order), width-1)
	permuted := mat.NewSymDense(width, nil)
	for i, from := range order {
		for j := i; j < width; j++ {
			permuted.SetSym(i, j, n.At(from, order[j])/scale(from)/scale(order[j]))
		}
	}
	var chol mat.Cholesky
	var inverse mat.SymDense
	if !chol.Factorize(permuted) || chol.InverseTo(&inverse) != nil || !chol.Factorize(&inverse) {
		return nil // rounding to the nearest is always possible
	}
	var upper mat.TriDense
	chol.UTo(&upper)
	f.upper = make([][]float64, width)
	for i := range f.upper {
		f.upper[i] = make([]float64, width-i)
		for j := i; j < width; j++ {
			f.upper[i][j-i] = upper.At(i, j)
		}
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
		miss := (left[i] - q*unit) / row[0]
		for j, x := range row[1:] {
			left[i+1+j] -= miss * x
		}
	}
	return float32(left[len(weights)])
}
