package u8

import (
	"math"
	"slices"
)

// Neuron is an integrate-and-fire neuron of integer arithmetic. A step turns the current I
// of channel c (and the level r of a residual connection) into the level k, where v is the
// membrane potential and Rho of Time the factor by which it grows from step to step:
//
//	v  = Rho*v + I + r*Mult[c]
//	k  = clip(floor((2v + Theta[c]) / (2*Theta[c])), Lo, Hi)
//	v -= k*Theta[c]
//
// v starts at 0. This is the neuron of snn.Network: a membrane potential that starts at
// half the threshold, with a spike where it reaches the threshold, rounds in the same way.
//
// A level counts as cut where k without the clip is above Hi or below Lo. There are
// exceptions to the latter. Without Caps, a k below Lo does not count where Lo is 0, nor,
// with Time.Totals, where the total is less than -Lo. With Caps, k is compared with Lo and
// Hi after total and cap have limited it. Where subtracting k*Theta overflows, which Most
// rules out, the count may be off by one.
type Neuron struct {
	Theta  []int32 // at least 1
	Mult   []int32 // nil if there is no residual connection
	Lo, Hi int32   // Lo <= 0 <= Hi, Hi-Lo <= 255
	Most   int32   // the largest magnitude of v; 0: not known

	// Caps are upper limits of the running total of Time.Totals after a step, by step and
	// channel: k is at most Caps-Rho*total, and is then clipped to Lo..Hi again. None is
	// negative. Nil: there are no limits.
	Caps [][]int32
}

// Fire is a Neuron prepared for the kernels.
//
// Assembly finds the level as trunc(fma(float32(v), mul, add)), with mul = 1/Theta and
// add = (floor(Theta/2)+1/2)/Theta - Lo, which is then clipped. It is not exact for
// every threshold. NewFire proves for which it is; the other neurons divide, in Go.
// The proof: rounding an integer to float32, a fused multiply-add with mul > 0, and trunc
// clipped at 0 are monotonic, so the result is a monotonic function of v; it is the right
// one if it steps up at the right places, of which there are Hi-Lo.
type Fire struct {
	theta, mult []int32 // by lane
	mul, add    []float32
	lo, hi      int32
	most        int32   // of |v|
	caps        []int32 // by step and lane
	exact       bool
	narrow      bool // thresholds fit int16
}

// NewFire prepares neuron n for channels in the order of lanes, as Conv.Lanes gives it.
func NewFire(n Neuron, lanes []int32) *Fire {
	if n.Lo > 0 || n.Hi < 0 || n.Hi-n.Lo > math.MaxUint8 {
		panic("u8: levels that a byte cannot hold")
	}
	f := &Fire{
		theta: spread(n.Theta, lanes, 1), mult: spread(n.Mult, lanes, 0),
		mul: make([]float32, len(lanes)), add: make([]float32, len(lanes)),
		lo: n.Lo, hi: n.Hi, most: n.Most, exact: true, narrow: slices.Max(n.Theta) <= math.MaxInt16,
	}
	if f.most == 0 {
		f.most = math.MaxInt32
	}
	for _, caps := range n.Caps {
		f.caps = append(f.caps, spread(caps, lanes, 0)...)
	}
	for i, channel := range lanes {
		theta := f.theta[i]
		f.mul[i] = 1 / float32(theta)
		f.add[i] = float32((float64(theta/2)+0.5)/float64(theta) - float64(n.Lo))
		f.exact = f.exact && (channel < 0 || f.provenExact(i))
	}
	return f
}

// Zero returns the byte that stands for level 0.
func (f *Fire) Zero() uint8 { return uint8(-f.lo) }

// Exact reports whether assembly fires these neurons; otherwise plain Go does.
func (f *Fire) Exact() bool { return f.exact }

// provenExact checks every step of the function that assembly computes for lane i.
func (f *Fire) provenExact(i int) bool {
	theta := int64(f.theta[i])
	for stored := int64(1); stored <= int64(f.hi-f.lo); stored++ {
		first := theta*(stored+int64(f.lo)) - theta/2 // the lowest v of this level
		reached := f.bound(i, first)
		before := f.bound(i, first-1)
		below := float64(math.Nextafter32(float32(stored), 0))
		if first <= int64(f.most) && reached <= float64(stored) || first > -int64(f.most) && before >= below {
			return false
		}
	}
	return f.bound(i, int64(f.most)) < math.MaxInt32-math.MaxUint8 // trunc must not overflow
}

// bound returns float32(v)*mul + add to float64's precision, v limited to most. Strictly
// between two float32 numbers it lies on the same side as the exact value, and so decides
// how that rounds to float32.
func (f *Fire) bound(i int, v int64) float64 {
	v = min(max(v, -int64(f.most)), int64(f.most))
	return float64(float32(v))*float64(f.mul[i]) + float64(f.add[i])
}

// spread returns a value per lane: that of its channel, or none where there is none.
func spread(values, lanes []int32, none int32) []int32 {
	if values == nil {
		return nil
	}
	out := make([]int32, len(lanes))
	for i, channel := range lanes {
		out[i] = none
		if channel >= 0 {
			out[i] = values[channel]
		}
	}
	return out
}

// level is the specification of firing: the level that membrane potential v of a lane gives.
func (f *Fire) level(v int32, lane int) int32 { return f.clip(f.wanted(v, lane)) }

// wanted is the level that membrane potential v of a lane would give without limits.
func (f *Fire) wanted(v int32, lane int) int64 {
	theta := int64(f.theta[lane])
	return floorDiv(int64(v)+theta/2, theta)
}

func (f *Fire) clip(k int64) int32 { return int32(min(max(k, int64(f.lo)), int64(f.hi))) }

// cuts is the specification of counting: it reports whether the level wanted of a lane
// counts as cut. total is Rho times the total before the step.
func (f *Fire) cuts(wanted int64, total int32, totals bool, step, lane int) bool {
	lo, hi, least := int64(f.lo), int64(f.hi), -int64(total)
	if totals && f.caps != nil {
		wanted = max(least, min(wanted, int64(f.caps[step*len(f.theta)+lane])+least))
		return wanted < lo || wanted > hi
	}
	return wanted > hi || wanted < lo && lo < 0 && (!totals || least <= lo)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Input is at which steps a layer has currents of its own.
type Input uint8

// The steps at which a layer has currents of its own.
const (
	EveryStep Input = iota
	Held            // the first step's currents are those of every step
	FirstStep       // later currents are 0
)

// Time is the time steps of a layer's neurons. The zero value is a single step.
type Time struct {
	Steps  int   // of this call, whose maps follow each other in Dst and Res; 0 counts as 1
	Input  Input // unless EveryStep, Src, Plus and Sums hold the first step, and Call.Later is not used
	Past   int   // steps of earlier calls on the same State
	Rho    int32 // the factor of membrane potentials and totals from step to step
	Totals bool  // the total of a neuron's levels, Rho*total + k, may not fall below zero

	// State keeps membrane potentials and totals from one call to the next. Without it they
	// start at 0 in every call and never leave the cache.
	State *State
}

// State is the memory of a layer's neurons, a value per pixel and lane. All start at 0.
type State struct{ V, N []int32 }

func (t *Time) steps() int { return max(1, t.Steps) }

// Inputs returns the number of steps that have currents of their own.
func (t *Time) Inputs() int {
	switch {
	case t.Input == EveryStep:
		return t.steps()
	case t.Input == FirstStep && t.Past > 0:
		return 0
	}
	return 1
}

// stateless reports whether the current of a neuron is its membrane potential.
func (t *Time) stateless() bool { return t.steps() == 1 && t.State == nil }

// stepsTogether is how many steps a kernel fires in one call: membrane potentials stay in
// registers.
const stepsTogether = 4

// fireRows is a block of currents to turn into levels: those of the pixels from first on
// and of the channels of one panel, in some steps.
type fireRows struct {
	call        *Call
	panel       *panel
	step, steps int // the first step, and how many steps sums holds
	first, rows int
	sums        []int32 // rows of 16*panel.vecs
	sumsStep    int     // from the sums of a step to those of the next; 0 if all steps have the same
	v, n        []int32 // potentials and totals, rows of stride; nil if the neurons have no other steps
	stride      int
}

// open points r at the neurons of some pixels before their first step. together is how
// many steps will fire in one call.
func (r *fireRows) open(w *Worker, call *Call, p *panel, first, rows, together int) {
	*r = fireRows{call: call, panel: p, first: first, rows: rows, sums: w.sums}
	if call.Time.Input != Held {
		r.sumsStep = rows * 16 * p.vecs
	}
	switch state := call.Time.State; {
	case state != nil:
		at := first*call.Conv.Lanes() + p.lane
		r.v, r.stride = state.V[at:], call.Conv.Lanes()
		if call.Time.Totals {
			r.n = state.N[at:]
		}
	case call.Time.steps() > together:
		r.v, r.n, r.stride = w.v, w.n, 16*p.vecs
		clear(r.v[:rows*r.stride])
		clear(r.n[:rows*r.stride])
	}
}

// firePlain is the specification of the fire kernels.
func firePlain(_ *Worker, r *fireRows) {
	cut := int64(0)
	for i := range r.rows {
		for j := range r.panel.channels {
			cut += r.fireNeuron(i, j)
		}
	}
	if r.call.Cut != nil {
		r.call.Cut.Add(cut)
	}
}

// fireNeuron computes the steps of the neuron of a row and a channel of the panel. It
// returns how many levels were cut.
func (r *fireRows) fireNeuron(row, channel int) (cut int64) {
	call, pixel, lane, at := r.call, r.first+row, r.panel.lane+channel, row*r.stride+channel
	var v, total int32
	if r.v != nil {
		v = r.v[at]
	}
	if r.n != nil {
		total = r.n[at]
	}
	for i := range r.steps {
		step := r.step + i
		current := r.sums[i*r.sumsStep+row*16*r.panel.vecs+channel]
		if call.Res != nil {
			current += int32(call.Res[step*call.ResLen+int(call.ResOff[pixel])+r.panel.channel+channel]) * call.Fire.mult[lane]
		}
		v = call.Time.Rho*v + current
		wanted := call.Fire.wanted(v, lane)
		k := call.Fire.clip(wanted)
		before := call.Time.Rho * total
		if call.Time.Totals {
			k = call.Fire.held(k, before, call.Time.Past+step, lane)
			total = before + k
		}
		if call.Cut != nil && call.Fire.cuts(wanted, before, call.Time.Totals, call.Time.Past+step, lane) {
			cut++
		}
		v -= k * call.Fire.theta[lane]
		call.Dst[step*call.Conv.out.Len()+int(call.Conv.outOff[pixel])+r.panel.channel+channel] = uint8(k - call.Fire.lo)
	}
	if r.v != nil {
		r.v[at] = v
	}
	if r.n != nil {
		r.n[at] = total
	}
	return cut
}

// held limits level k by the total and its cap. total is Rho times the total before the
// step.
func (f *Fire) held(k, total int32, step, lane int) int32 {
	k = max(k, -total)
	if f.caps != nil {
		k = max(f.lo, min(k, f.caps[step*len(f.theta)+lane]-total))
	}
	return k
}
