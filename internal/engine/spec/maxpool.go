package spec

import (
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/spike"
	"ann2snn/snn"
)

// maxPool picks the largest level of every window in a network of one step, or of inputs
// that are the same in every step.
type maxPool[S number] struct {
	pool
}

// maxPoolSteps emits by how much the maximum of the running sums has grown. The sums
// are in units of the step: RestimRefine multiplies them by Rho first. They are whole
// numbers far below 2^53, so float64 holds them exactly in both arithmetics.
type maxPoolSteps[S number] struct {
	pool
	rho float64
}

func compileMaxPool[S number](f *facts.Network, i int, o *snn.MaxPool) op[S] {
	n := f.Network
	p := poolOf(n, &n.Layers[i], o.Window)
	if n.Steps == 1 || f.Facts[i].Steady {
		return &maxPool[S]{pool: p}
	}
	return &maxPoolSteps[S]{pool: p, rho: float64(n.Rho)}
}

func (p *maxPool[S]) step(dst []S, in [][]S, m *moment[S]) {
	spike.MaxPool(dst, in[0], p.in, p.out, &p.window, m.watch)
}

func (p *maxPoolSteps[S]) remember(s *state[S]) {
	s.totals = make([]float64, p.in.Len())
	s.best = make([]float64, 2*p.out.Len())
}

func (p *maxPoolSteps[S]) step(dst []S, in [][]S, m *moment[S]) {
	totals := m.state.totals
	for i, k := range in[0] {
		totals[i] = float64(p.rho*totals[i]) + float64(k)
	}
	last, best := m.state.best[:len(dst)], m.state.best[len(dst):]
	spike.MaxPool(best, totals, p.in, p.out, &p.window, m.watch)
	for i, b := range best {
		dst[i] = S(b - float64(p.rho*last[i]))
	}
	copy(last, best)
}
