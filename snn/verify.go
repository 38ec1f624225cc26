package snn

import (
	"errors"
	"math"
	"strconv"
)

// Limits that Verify holds networks to. They are far above real networks and low
// enough that sizes never overflow and a hostile file cannot ask for absurd memory.
const (
	MaxSteps     = 4096
	MaxBits      = 8
	MaxRho       = 1024
	MaxDepth     = 1 << 30 // of Rho^(Steps-1), the finest bit level
	MaxElements  = 1 << 27 // of all layers together
	MaxEmissions = 1 << 29 // elements times steps
	MaxWork      = 1 << 39 // additions of a step
	maxExtent    = 1 << 14 // of a kernel, stride, dilation or pad
	maxAnalog    = 1 << 24 // levels of an integer network's input
	maxErrors    = 20
)

// Verify checks every rule of structure: that layers are in topological order, shapes
// follow from operators, parameters have the lengths and the type that the network's
// arithmetic needs, and all numbers are finite and in range. The errors name the layer;
// at most 20 are listed.
func (n *Network) Verify() error {
	v := &verifier{net: n}
	v.network()
	v.check(len(n.Meta.Calibrated) <= MaxCalibrated, "too many hashes of calibration samples")
	v.check(rise(n.Meta.Calibrated), "the hashes of calibration samples do not rise")
	output := v.check(0 <= n.Output && n.Output < len(n.Layers), "the output is not a layer")
	if v.sizes() {
		if v.where = ""; output {
			v.host(n.Layers[n.Output].Shape.Len())
		}
		for i := range n.Layers {
			v.layer(&n.Layers[i])
		}
		v.where = ""
		v.affordable()
	}
	return v.err()
}

type verifier struct {
	net      *Network
	where    string // prefix of errors
	elements int64  // of all layers so far, held to MaxEmissions
	work     int64  // additions so far, held to MaxWork+1
	errs     []error
	more     int
}

// err joins the errors found.
func (v *verifier) err() error {
	if v.more > 0 {
		v.errs = append(v.errs, errors.New("snn: and "+strconv.Itoa(v.more)+" more errors"))
	}
	return errors.Join(v.errs...)
}

// affordable checks that all operations of a step are not too many.
func (v *verifier) affordable() { v.check(v.work <= MaxWork, "too many operations") }

// check records an error unless ok; it returns ok. Inlined everywhere it would add
// 30 kB to small programs.
//
//go:noinline
func (v *verifier) check(ok bool, problem string) bool {
	if ok {
		return true
	}
	if len(v.errs) == maxErrors {
		v.more++
		return false
	}
	v.errs = append(v.errs, errors.New("snn: "+v.where+problem))
	return false
}

func (v *verifier) network() {
	n := v.net
	v.check(1 <= n.Steps && n.Steps <= MaxSteps, "steps must be 1 to "+strconv.Itoa(MaxSteps))
	v.check(n.Restim.Known(), "unknown mode of re-stimulation")
	if n.Restim == RestimRefine {
		v.check(1 <= n.Rho && n.Rho <= MaxRho, "Rho must be 1 to "+strconv.Itoa(MaxRho))
		v.check(n.depth() <= MaxDepth, "the bit level of the last step is too fine (lower Rho or the steps)")
	} else {
		v.check(n.Rho == 1, "Rho must be 1 unless spikes are refined")
	}
}

// host checks the host operators, which need the output's shape.
func (v *verifier) host(size int) {
	for i := range v.net.Host {
		problem := v.net.Host[i].check(size)
		v.check(problem == "", problem+" "+strconv.Quote(v.net.Host[i].Name))
	}
}

// depth returns Rho^(Steps-1), or more than MaxDepth where that is larger. A Rho out of range
// counts as 1, so that what is divided by the depth can be checked too.
func (n *Network) depth() int64 {
	d := int64(1)
	for range min(n.Steps, MaxSteps) - 1 {
		d *= int64(max(1, n.Rho))
		if d > MaxDepth || d <= 1 {
			break
		}
	}
	return d
}

// sizes checks what must hold before shapes and inputs can be used without care.
func (v *verifier) sizes() bool {
	ok := v.check(len(v.net.Layers) > 0, "a network needs a layer")
	for i := range v.net.Layers {
		ok = v.size(i) && ok
	}
	return v.small() && ok
}

// size checks the inputs and the shape of layer i.
func (v *verifier) size(i int) bool {
	l := &v.net.Layers[i]
	v.where = "layer " + strconv.Itoa(i) + " " + strconv.Quote(l.Name) + ": "
	ok := v.inputs(i, l)
	size := l.Shape.elements()
	ok = v.check(size > 0, "shape out of range") && ok
	v.elements = min(v.elements+size, MaxEmissions)
	return ok
}

// small checks that all layers together have not too many elements.
func (v *verifier) small() bool {
	v.where = ""
	return v.check(v.elements <= MaxElements && v.elements*int64(max(1, v.net.Steps)) <= MaxEmissions,
		"too many neurons and steps")
}

// elements returns the number of elements, 0 where a dimension is out of range.
func (s Shape) elements() int64 {
	for _, d := range []int{s.H, s.W, s.C} {
		if d < 1 || d > MaxElements {
			return 0
		}
	}
	if plane := int64(s.H) * int64(s.W); plane <= MaxElements && plane*int64(s.C) <= MaxElements {
		return plane * int64(s.C)
	}
	return 0
}

// inputs checks the number and order of the inputs of layer i.
func (v *verifier) inputs(i int, l *Layer) bool {
	ok := true
	for _, from := range l.In {
		ok = v.check(0 <= from && from < i, "input "+strconv.Itoa(from)+" is not an earlier layer") && ok
	}
	switch l.Op.(type) {
	case Input:
		return v.check(i == 0 && len(l.In) == 0, "Input must be the first layer, without inputs") && ok
	case Sum, Concat:
		return v.check(i > 0 && len(l.In) > 0, "needs an input") && ok
	case Product:
		return v.check(i > 0 && len(l.In) == 2, "needs exactly two inputs") && ok
	case Conv, Dense, SumPool, MaxPool, Gather:
		return v.check(i > 0 && len(l.In) == 1, "needs exactly one input") && ok
	}
	return v.check(false, "unknown operator")
}

func (v *verifier) layer(l *Layer) {
	v.where = "layer " + strconv.Quote(l.Name) + ": "
	l.Op.verify(v, l)
	v.check(0 <= l.Density && l.Density <= 1, "Density must be within 0..1")
	v.scale(l)
	if l.Neuron != nil {
		v.neuron(l, l.Neuron)
	}
}

// in returns the k-th input of l.
func (v *verifier) in(l *Layer, k int) *Layer { return &v.net.Layers[l.In[k]] }

// scale checks the parts of a layer that give the value of its output.
func (v *verifier) scale(l *Layer) {
	n := len(l.Scale)
	v.check(n <= 1 || n == l.Shape.C || n == l.Shape.Len(), "Scale must have 1, C or H*W*C entries")
	v.check(positive(l.Scale), "Scale must be positive and finite")
	wantUnit := 0
	switch l.Op.(type) {
	case Conv, Dense, Sum, Product:
		if v.net.Integer {
			wantUnit = l.Shape.C
		}
		v.check(l.Neuron != nil || n == 0, "a current has no Scale")
	default:
		v.check(l.Neuron == nil, "neurons need the current of a Conv, Dense, Sum or Product (put a Sum between)")
	}
	v.check(len(l.Unit) == wantUnit && positive(l.Unit), "Unit must have one positive entry per channel in Conv, Dense, Sum and Product of an integer network, and none elsewhere")
}

// positive reports whether all values and their reciprocals are normal positive numbers.
func positive(values []float32) bool {
	for _, x := range values {
		if !(0x1p-126 <= x && x <= 0x1p126) {
			return false
		}
	}
	return true
}

func finite(values []float32) bool {
	for _, x := range values {
		if !(-math.MaxFloat32 <= x && x <= math.MaxFloat32) {
			return false
		}
	}
	return true
}
