package snn

import (
	"math"
	"strconv"
)

// Range bounds the integers of a layer of an integer network over all inputs.
type Range struct {
	Output   int64 // largest magnitude of an output element in any step
	Membrane int64 // largest magnitude of a membrane or current while it is computed
}

// RangeError says that an integer network might overflow.
type RangeError struct {
	Layer string // its name
	Most  int64  // the magnitude that a value may reach, or a bound of it
}

// Error says which layer it is and what would help.
func (e *RangeError) Error() string {
	return "snn: layer " + strconv.Quote(e.Layer) + ": a value may reach " + strconv.FormatInt(e.Most, 10) +
		", beyond 32 bits (fewer bits, steps or a smaller Rho may fit)"
}

// Ranges proves that no int32 of an integer network can overflow, from the largest
// levels, the sums of |weight|, and the steps. The error is a *RangeError.
// The network must have passed Verify.
func (n *Network) Ranges() ([]Range, error) {
	ranges := make([]Range, len(n.Layers))
	constant := n.Constant()
	for i := range n.Layers {
		r, err := n.rangeOf(i, ranges, constant)
		if err != nil {
			return nil, err
		}
		ranges[i] = r
	}
	return ranges, nil
}

// rangeOf bounds the integers of layer i; the ranges of its inputs are known.
func (n *Network) rangeOf(i int, ranges []Range, constant []bool) (Range, error) {
	l := &n.Layers[i]
	first, later := n.currentRange(l, ranges, constant)
	r := Range{Output: max(first, later), Membrane: max(first, later)}
	if l.Neuron != nil {
		r = n.neuronRange(l.Neuron, first, later)
	}
	if r.Membrane > math.MaxInt32 {
		return r, &RangeError{Layer: l.Name, Most: r.Membrane}
	}
	return r, nil
}

// Constant reports for each layer whether it depends on nothing but the analog input, so
// that its output is the same in every step in which the input drives it.
func (n *Network) Constant() []bool {
	constant := make([]bool, len(n.Layers))
	for i := range n.Layers {
		constant[i] = n.Layers[i].constant(constant)
	}
	return constant
}

// constant says the same of a layer; that of earlier layers is known.
func (l *Layer) constant(earlier []bool) bool {
	_, varies := l.Op.(Product) // its currents differ even where its inputs do not
	constant := l.Neuron == nil && !varies
	for _, from := range l.In {
		constant = constant && earlier[from]
	}
	return constant
}

// currentRange bounds what the operator of l computes in the first step and in a later
// one, in which RestimRefine leaves the input and the biases out.
func (n *Network) currentRange(l *Layer, ranges []Range, constant []bool) (first, later int64) {
	in := func(k int) (int64, int64) {
		out := ranges[l.In[k]].Output
		if n.Restim == RestimRefine && constant[l.In[k]] {
			return out, 0
		}
		return out, out
	}
	switch op := l.Op.(type) {
	case Input:
		low, high := op.Range()
		most := max(-int64(low), int64(high))
		return most, most
	case Conv:
		return n.weightedRange(&op.W, l.Shape.C, in)
	case Dense:
		return n.weightedRange(&op.W, l.Shape.C, in)
	case Sum:
		return n.sumRange(op, in)
	case SumPool:
		first, later = in(0)
		taps := op.Window.taps()
		return bounded(first, taps), bounded(later, taps)
	case Product:
		return n.productRange(&op, in)
	}
	for k := range l.In { // the others move levels
		a, b := in(k)
		first, later = max(first, a), max(later, b)
	}
	return first, later
}

func (n *Network) weightedRange(w *Weights, out int, in func(int) (int64, int64)) (first, later int64) {
	a, b := in(0)
	fan := len(w.Q) / out
	for o := range out {
		sum := int64(0)
		for _, q := range w.Q[o*fan:][:fan] {
			sum += magnitude(int64(q))
		}
		first = max(first, bounded(sum, a)+magnitude(int64(w.IntBias[o])))
		later = max(later, bounded(sum, b)+n.laterBias(w.IntBias[o]))
	}
	return first, later
}

func (n *Network) sumRange(op Sum, in func(int) (int64, int64)) (first, later int64) {
	for k, mult := range op.Mult {
		most := int64(0)
		for _, m := range mult {
			most = max(most, magnitude(int64(m)))
		}
		a, b := in(k)
		first, later = bounded(first+bounded(most, a), 1), bounded(later+bounded(most, b), 1)
	}
	bias, laterBias := int64(0), int64(0)
	for _, b := range op.IntBias {
		bias, laterBias = max(bias, magnitude(int64(b))), max(laterBias, n.laterBias(b))
	}
	return first + bias, later + laterBias
}

// productRange bounds the current of a Product, and with it the sums of its inputs, which it
// remembers.
func (n *Network) productRange(op *Product, in func(int) (int64, int64)) (first, later int64) {
	a, laterA := in(0)
	b, laterB := in(1)
	a, b = max(1, a, laterA), max(1, b, laterB)
	parts, sum := int64(op.Parts), int64(0) // sum: of levels of 1, in units of the step
	for t := range n.Steps {
		sum = bounded(sum, int64(n.Rho)) + 1
		most := bounded(bounded(bounded(a, b), 2*sum-1), parts)
		if first == 0 {
			first = most
		}
		later = max(later, most)
		if later > math.MaxInt32 {
			break
		}
		if t+1 < n.Steps {
			parts /= int64(n.Rho)
		}
	}
	return first, later
}

func (n *Network) laterBias(b int32) int64 {
	if n.Restim == RestimRefine {
		return 0
	}
	return magnitude(int64(b))
}

// neuronRange bounds membranes that nothing is taken off: spikes only make them smaller.
func (n *Network) neuronRange(neuron *Neuron, first, later int64) Range {
	level := int64(0)
	for _, l := range neuron.IntThreshold {
		level = max(level, int64(l))
	}
	membrane := first
	for range n.Steps - 1 {
		membrane = bounded(membrane, int64(n.Rho)) + later
		if membrane > math.MaxInt32 {
			break
		}
	}
	most := int64(neuron.Format.Max())
	if low, high, ok := neuron.QuantisedRange(); ok {
		most = max(-low, high)
	}
	return Range{Output: most, Membrane: membrane + level}
}

func magnitude(x int64) int64 { return max(x, -x) }

// bounded returns a*b, or a value beyond every limit where that is larger; neither is
// negative.
func bounded(a, b int64) int64 {
	const beyond = 1 << 48
	if b != 0 && a > beyond/b {
		return beyond
	}
	return a * b
}
