package fit

import (
	"math"
	"math/rand/v2"
	"testing"

	"ann2snn/internal/kernels/cpu"
)

// randomProblem has inputs that are as good as independent.
func randomProblem(rows, width, outs int) *problem {
	r := rand.New(rand.NewPCG(7, uint64(width)))
	p := &problem{
		observations: &observations{n: rows, fitted: rows, width: width},
		u:            make([]float32, rows*width), outs: outs, channels: outs, independent: float64(rows), workers: 2, set: cpu.Default(),
	}
	for i := range p.u {
		p.u[i] = float32(r.NormFloat64())
		if i%width == width-1 {
			p.u[i] = 1
		}
	}
	return p
}

// TestDual: the regression by rows gives what that by inputs gives, on either side of where
// the one takes over from the other.
func TestDual(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{3, 30, 60, 100} {
		p := randomProblem(rows, 61, 4)
		residuals := make([]float32, rows*p.outs)
		r := rand.New(rand.NewPCG(1, 2))
		for i := range residuals {
			residuals[i] = float32(r.NormFloat64())
		}
		for _, penalty := range penalties {
			by, other := p.newPrimal(), p.newDual()
			a, ok := by.distance(penalty, by.against(residuals))
			b, ok2 := other.distance(penalty, other.against(residuals))
			if !ok || !ok2 {
				t.Fatalf("%d rows, penalty %v: no solution", rows, penalty)
			}
			if e := missOf(a, b); !(e < 2e-3) {
				t.Errorf("%d rows, penalty %v: the two differ by %v", rows, penalty, e)
			}
		}
	}
}

// missOf is the norm of the difference of two vectors, against that of the second.
func missOf[T float32 | float64](got []float32, want []T) float64 {
	var miss, size float64
	for i, x := range want {
		d := float64(got[i]) - float64(x)
		miss, size = miss+d*d, size+float64(x)*float64(x)
	}
	return math.Sqrt(miss / size)
}

// TestBlocks: rounding in blocks errs less than rounding to the nearest, and a single block
// is the feedback of all inputs.
func TestBlocks(t *testing.T) {
	t.Parallel()
	const unit = 0.05
	p := randomProblem(400, 41, 1)
	for row := range p.n { // inputs that have much in common
		for i := range p.width - 1 {
			p.u[row*p.width+i] = 0.3*p.u[row*p.width+i] + p.u[row*p.width]
		}
	}
	s := p.newSolver()
	scales, all := onesFor(p), p.width-1
	half := func(from, to int) block {
		return block{from, to, newFeedback(p.normal(from, to), p.roundingPenalty(), scales[from:to])}
	}
	two := blocks{half(0, all/2), half(all/2, all)}
	one, plain := p.rounders(s, scales), blocks{{from: 0, to: all}}
	var whole, parts, nearest float64
	r := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		weights := make([]float32, all)
		for i := range weights {
			weights[i] = float32(r.NormFloat64())
		}
		whole += p.roundingLoss(one, weights, unit)
		parts += p.roundingLoss(two, weights, unit)
		nearest += p.roundingLoss(plain, weights, unit)
	}
	if !(whole < parts && parts < nearest) {
		t.Errorf("errors of one block %v, of two %v, to the nearest %v", whole, parts, nearest)
	}
}

// roundingLoss is the squared error that rounded weights and their bias make in all rows.
func (p *problem) roundingLoss(b blocks, weights []float32, unit float64) float64 {
	rounded := make([]int8, len(weights))
	bias := b.Round(rounded, weights, 0, unit, math.MaxInt8)
	sum := 0.0
	for row := range p.n {
		d := float64(bias)
		for i, w := range weights {
			d += (float64(rounded[i])*unit - float64(w)) * float64(p.u[row*p.width+i])
		}
		sum += d * d
	}
	return sum
}
