package convert

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"ann2snn/internal/par"
)

// gatePull holds the weights of gates near 0, against the mean square of what they read.
const gatePull = 1e-2

// gateRows is what a gate is fitted to, by sample and channel: over the positions of a
// sample, the number of them n, and of what the currents of the neurons lack, e, the sums
// of e and e*e. The multiplicative gate, which would make current z into z*(1+r), needs
// those of z*e and z*z.
type gateRows struct {
	samples, channels int
	n                 float64
	e, ee, ze, zz     []float64 // samples x channels
	means             []float64 // samples x channels of the layer before: what the gate reads
	before            int
}

func newGateRows(samples, channels, before int) *gateRows {
	g := &gateRows{samples: samples, channels: channels, before: before, means: make([]float64, samples*before)}
	for _, to := range []*[]float64{&g.e, &g.ee, &g.ze, &g.zz} {
		*to = make([]float64, samples*channels)
	}
	return g
}

// add counts a position at which current z lacks e, for a channel of a sample.
func (g *gateRows) add(i int, z, e float64) {
	g.e[i] += e
	g.ee[i] += e * e
	g.ze[i] += z * e
	g.zz[i] += z * z
}

// fitGate fits the gate of the neurons of s, if it has one, to what their currents lack of
// the trained network's. A gate that does not help on samples held back is left out. What
// a gate that multiplies the currents would bring, beyond a constant factor, is told but
// not built: it is a product of two signals, for which spikes have no operator.
func (r *ridge) fitGate(ctx context.Context, s *layer) error {
	if s.gate == nil {
		return nil
	}
	g, _ := s.gate.op.(*gate)
	rows, err := r.gateRows(ctx, s, g)
	if err != nil {
		return err
	}
	fit, gain := rows.fit(g, gateTaps, rows.additive, r.options.Workers)
	_, product := rows.fit(g, gateTaps, rows.multiplicative, r.options.Workers)
	_, constant := rows.fit(g, 0, rows.multiplicative, r.options.Workers)
	kept := "kept"
	if gain <= 0 {
		kept = "left out"
		s.closeGate()
	}
	r.note(s, fmt.Sprintf("gate %s: on samples held back it takes %.2f %% off the squared error of the currents (one that multiplies them: %.2f %%)",
		kept, 100*gain, 100*(product-constant)))
	if gain <= 0 {
		return nil
	}
	g.w, g.bias = make([]float32, s.shape.C*gateTaps), make([]float32, s.shape.C)
	for c, w := range fit {
		for k := range gateTaps {
			g.w[c*gateTaps+k] = float32(w[k])
		}
		g.bias[c] = float32(w[gateTaps])
	}
	if err := r.builder.layer(s.gate); err != nil {
		return err
	}
	for _, in := range s.in { // the gather that spreads it has its units
		if len(in.in) > 0 && in.in[0] == s.gate {
			return r.builder.layer(in)
		}
	}
	return nil
}

// gateRows runs the network up to s, whose gate is at 0.
func (r *ridge) gateRows(ctx context.Context, s *layer, g *gate) (*gateRows, error) {
	want, err := r.target(ctx, s)
	if err != nil {
		return nil, err
	}
	r.targets[s] = want // thresholds are chosen by it, too
	channels, per := s.shape.C, r.perSample(s)
	rows := newGateRows(len(r.samples), channels, g.pool.shape.C)
	rows.n = float64(per)
	taps := append([]*layer{g.pool}, s.in...)
	err = r.run(ctx, len(r.samples), taps, func(sample int, values [][]float32) {
		for c, x := range values[0] {
			rows.means[sample*rows.before+c] = float64(x)
		}
		z := make([]float32, channels)
		for i, at := range r.places(s, sample) {
			clear(z)
			s.addTerms(z, s.in, values[1:], at)
			for c, got := range z {
				rows.add(sample*channels+c, float64(got), float64(want[(sample*per+i)*channels+c]-got))
			}
		}
	})
	return rows, err
}

// additive and multiplicative return, for a sample and a channel, the sums over positions
// of a*e and a*a, where the gate r makes up for r*a.
func (g *gateRows) additive(i int) (ae, aa float64) { return g.e[i], g.n }

func (g *gateRows) multiplicative(i int) (ae, aa float64) { return g.ze[i], g.zz[i] }

// fit returns for each channel the weights of the taps, of which all but the first so many
// are 0, and the bias, fitted to all samples but some, and what part of the squared error
// they take off those held back.
func (g *gateRows) fit(op *gate, taps int, sums func(i int) (ae, aa float64), workers int) (weights [][]float64, gain float64) {
	part := g.samples - g.samples/heldBack
	weights = make([][]float64, g.channels)
	off, all := make([]float64, g.channels), make([]float64, g.channels)
	par.For(g.channels, workers, func(_, c int) {
		normal, right := mat.NewSymDense(gateTaps+1, nil), mat.NewVecDense(gateTaps+1, nil)
		x := make([]float64, gateTaps+1)
		for s := range part {
			ae, aa := sums(s*g.channels + c)
			g.read(x, op, taps, s, c)
			normal.SymRankOne(normal, aa, mat.NewVecDense(len(x), x))
			right.AddScaledVec(right, ae, mat.NewVecDense(len(x), x))
		}
		weights[c] = solveGate(normal, right)
		for s := part; s < g.samples; s++ {
			ae, aa := sums(s*g.channels + c)
			g.read(x, op, taps, s, c)
			r := 0.0
			for k, w := range weights[c] {
				r += w * x[k]
			}
			off[c] += 2*r*ae - r*r*aa
			all[c] += g.ee[s*g.channels+c]
		}
	})
	taken, whole := 0.0, 0.0
	for c := range off {
		taken, whole = taken+off[c], whole+all[c]
	}
	if whole == 0 {
		return weights, 0
	}
	return weights, taken / whole
}

// read sets x to what the taps of channel c read in a sample, and a 1.
func (g *gateRows) read(x []float64, op *gate, taps, sample, c int) {
	clear(x)
	for k := range taps {
		if from := op.channel(c, k, g.channels); from >= 0 {
			x[k] = g.means[sample*g.before+from]
		}
	}
	x[gateTaps] = 1
}

// solveGate returns the ridge regression's weights, or zeros where it has no solution.
func solveGate(normal *mat.SymDense, right *mat.VecDense) []float64 {
	pull := 0.0
	for k := range gateTaps {
		pull += normal.At(k, k) / gateTaps
	}
	for k := range gateTaps {
		normal.SetSym(k, k, normal.At(k, k)+max(gatePull*pull, math.SmallestNonzeroFloat32))
	}
	weights := make([]float64, gateTaps+1)
	var chol mat.Cholesky
	solved := mat.NewVecDense(gateTaps+1, nil)
	if !chol.Factorize(normal) || chol.SolveVecTo(solved, right) != nil {
		return weights
	}
	copy(weights, solved.RawVector().Data)
	return weights
}
