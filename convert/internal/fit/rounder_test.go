package fit

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ann2snn/internal/kernels/cpu"
)

// TestFeedback: rounding with feedback errs less, on the inputs that it was made for, than
// rounding to the nearest, and rounds to the nearest where inputs have nothing in common.
func TestFeedback(t *testing.T) {
	t.Parallel()
	const fan, draws = 24, 20
	random := rand.New(rand.NewPCG(3, 4))
	var fed, nearest float64
	for range draws {
		a, b := feedbackLosses(random, fan)
		fed, nearest = fed+a/draws, nearest+b/draws
	}
	if t.Logf("mean squared error %v with feedback, %v without", fed, nearest); fed > nearest/2 {
		t.Errorf("mean squared error %v with feedback, %v without", fed, nearest)
	}
}

// feedbackLosses are the squared errors of rounded weights of random neurons whose inputs
// have much in common, with and without feedback.
func feedbackLosses(random *rand.Rand, fan int) (fed, nearest float64) {
	const samples, unit = 300, 0.05
	scales, weights := make([]float32, fan), make([]float32, fan)
	for i := range weights {
		scales[i], weights[i] = float32(0.5+random.Float64()), float32(random.NormFloat64())*0.2
	}
	gram := mat.NewSymDense(fan+1, nil)
	for range samples {
		common, u := random.NormFloat64(), make([]float64, fan+1)
		for i := range fan {
			u[i] = (common + 0.3*random.NormFloat64() + 0.5) * float64(scales[i])
		}
		u[fan] = 1
		gram.SymRankOne(gram, 1, mat.NewVecDense(fan+1, u))
	}
	rounded := make([]int8, fan)
	bias := newFeedback(normalOf(gram), 0, scales).Round(rounded, weights, 0.3, unit, 127)
	a, b := mat.NewVecDense(fan+1, nil), mat.NewVecDense(fan+1, nil)
	for i, w := range weights {
		a.SetVec(i, (float64(rounded[i])*unit-float64(w))/float64(scales[i]))
		b.SetVec(i, (math.Round(float64(w)/unit)*unit-float64(w))/float64(scales[i]))
	}
	a.SetVec(fan, float64(bias)-0.3)
	return mat.Inner(a, gram, a), mat.Inner(b, gram, b)
}

// TestFeedbackAlone: without anything in common between inputs, weights are rounded to
// the nearest.
func TestFeedbackAlone(t *testing.T) {
	t.Parallel()
	const fan = 24
	random := rand.New(rand.NewPCG(5, 6))
	scales, weights, rounded := make([]float32, fan), make([]float32, fan), make([]int8, fan)
	for i := range weights {
		scales[i], weights[i] = float32(0.5+random.Float64()), float32(random.NormFloat64())*0.2
	}
	alone := mat.NewSymDense(fan+1, nil)
	for i := range fan + 1 {
		alone.SetSym(i, i, float64(i+1))
	}
	newFeedback(normalOf(alone), 0, scales).Round(rounded, weights, 0, 0.05, 3)
	for i, w := range weights {
		want := int8(max(-3, min(math.Round(float64(w)/0.05), 3)))
		if rounded[i] != want {
			t.Errorf("weight %v became %d, want %d", w, rounded[i], want)
		}
	}
	singular := mat.NewSymDense(3, nil)
	singular.SetSym(2, 2, 1)
	if newFeedback(normalOf(singular), 0, []float32{1, 1}) != nil {
		t.Error("feedback from a singular matrix")
	}
}

// normalOf returns the equations of a matrix of products whose last row is that of the input
// that is always 1.
func normalOf(gram *mat.SymDense) *normal {
	n := gram.SymmetricDim() - 1
	e := &normal{inputs: newSymmetric(cpu.Default(), make([]float32, n*n), n, 1), count: gram.At(n, n)}
	for i := range n {
		e.sums = append(e.sums, gram.At(i, n))
		for j := i; j < n; j++ {
			e.inputs.a[i*n+j] = float32(gram.At(i, j) - gram.At(i, n)*gram.At(j, n)/e.count)
		}
	}
	return e
}
