package fit

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"ann2snn/convert/internal/fill"
	"ann2snn/convert/internal/plan"
	"ann2snn/internal/par"
)

// gatePenalty is the weight of the squares of a gate's weights, against the mean square of
// its inputs.
const gatePenalty = 1e-2

// gateRows holds sums by sample and channel, to fit a gate to. They go over the n positions
// of a sample: of e, what the current z of the neurons lacks, and of e*e. The multiplicative
// gate, which would make current z into z*(1+r), needs those of z*e and z*z, too.
type gateRows struct {
	samples, channels int
	fitted            int // the first so many samples; the others judge
	n                 float64
	e, ee, ze, zz     []float64 // samples x channels
	means             []float64 // samples x channels of the layer before: the gate's inputs
	before            int       // channels of the layer before
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
// the trained network's. A gate that does not help on samples held back is left out. The
// note says, too, what a gate that multiplies the currents would bring beyond a constant
// factor. It is not built: it is a product of two signals, for which spikes have no
// operator.
func (r *run) fitGate(ctx context.Context, s *plan.Layer) error {
	if s.Gate == nil {
		return nil
	}
	g, _ := s.Gate.Op.(*plan.Gate)
	rows, err := r.gateRows(ctx, s, g)
	if err != nil {
		return err
	}
	fit, gain := rows.fit(g, plan.GateTaps, rows.additive, r.options.Workers)
	_, product := rows.fit(g, plan.GateTaps, rows.multiplicative, r.options.Workers)
	_, constant := rows.fit(g, 0, rows.multiplicative, r.options.Workers)
	kept := "kept"
	if gain <= 0 {
		kept = "left out"
		s.RemoveGate()
		r.gatesRemoved = true
	}
	r.note(s, fmt.Sprintf("gate %s: on samples held back it takes %.2f %% off the squared error of the currents (one that multiplies them: %.2f %%)",
		kept, 100*gain, 100*(product-constant)))
	if gain <= 0 {
		return nil
	}
	weights := &fill.Fitted{F: make([]float32, s.Shape.C*plan.GateTaps), Bias: make([]float32, s.Shape.C)}
	for c, w := range fit {
		for k := range plan.GateTaps {
			weights.F[c*plan.GateTaps+k] = float32(w[k])
		}
		weights.Bias[c] = float32(w[plan.GateTaps])
	}
	r.Replace(s.Gate, weights)
	if err := r.Layer(s.Gate); err != nil {
		return err
	}
	for _, in := range s.In { // the gather that spreads the gate has its units
		if len(in.In) > 0 && in.In[0] == s.Gate {
			return r.Layer(in)
		}
	}
	return nil
}

// gateRows runs the network up to s, whose gate is at 0.
func (r *run) gateRows(ctx context.Context, s *plan.Layer, g *plan.Gate) (*gateRows, error) {
	want, err := r.targetsOf(ctx, s)
	if err != nil {
		return nil, err
	}
	r.targets[s] = want // thresholds are chosen by it, too
	channels, per := s.Shape.C, r.perSample(s)
	rows := newGateRows(len(r.samples), channels, g.Pool.Shape.C)
	rows.n, rows.fitted = float64(per), r.fitted
	err = r.observe(ctx, 0, s, []*plan.Layer{g.Pool}, s.In, func(seen shown) {
		for c, x := range seen.maps[0] {
			rows.means[seen.sample*rows.before+c] = float64(x)
		}
		z := make([]float32, channels)
		for i := range seen.at {
			clear(z)
			seen.addTerms(s, s.In, i, z)
			for c, got := range z {
				rows.add(seen.sample*channels+c, float64(got), float64(want[(seen.sample*per+i)*channels+c]-got))
			}
		}
	})
	return rows, err
}

// additive and multiplicative return, for a sample and a channel, the sums over positions
// of a*e and a*a, where the gate r changes the current by r*a.
func (g *gateRows) additive(i int) (ae, aa float64) { return g.e[i], g.n }

func (g *gateRows) multiplicative(i int) (ae, aa float64) { return g.ze[i], g.zz[i] }

// fit fits the weights of the first so many taps (the others are 0) and the bias of each
// channel to all samples but those held back. Gain is the part of the squared error of the
// latter that they remove.
func (g *gateRows) fit(op *plan.Gate, taps int, sums func(i int) (ae, aa float64), workers int) (weights [][]float64, gain float64) {
	part := g.fitted
	weights = make([][]float64, g.channels)
	off, all := make([]float64, g.channels), make([]float64, g.channels)
	par.For(g.channels, workers, func(_, c int) {
		normal, right := mat.NewSymDense(plan.GateTaps+1, nil), mat.NewVecDense(plan.GateTaps+1, nil)
		x := make([]float64, plan.GateTaps+1)
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

// read sets x to the inputs of the taps of channel c in a sample, and a 1.
func (g *gateRows) read(x []float64, op *plan.Gate, taps, sample, c int) {
	clear(x)
	for k := range taps {
		if from := op.Channel(c, k, g.channels); from >= 0 {
			x[k] = g.means[sample*g.before+from]
		}
	}
	x[plan.GateTaps] = 1
}

// solveGate returns the ridge regression's weights, or zeros where it has no solution.
func solveGate(normal *mat.SymDense, right *mat.VecDense) []float64 {
	penalty := 0.0
	for k := range plan.GateTaps {
		penalty += normal.At(k, k) / plan.GateTaps
	}
	for k := range plan.GateTaps {
		normal.SetSym(k, k, normal.At(k, k)+max(gatePenalty*penalty, math.SmallestNonzeroFloat32))
	}
	weights := make([]float64, plan.GateTaps+1)
	var chol mat.Cholesky
	solved := mat.NewVecDense(plan.GateTaps+1, nil)
	if !chol.Factorize(normal) || chol.SolveVecTo(solved, right) != nil {
		return weights
	}
	copy(weights, solved.RawVector().Data)
	return weights
}
