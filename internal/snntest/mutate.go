package snntest

import (
	"bytes"
	"math"
	"reflect"
	"slices"

	"ann2snn/snn"
)

// Bounds of what Mutate makes, so that a network runs in a millisecond.
const (
	mostSteps    = 16
	mostElements = 1 << 13 // of all layers, times the steps
	mostWork     = 1 << 20
)

// Mutate returns a copy of a network with some of its numbers changed, each in a way that
// leaves a network that Verify accepts and whose ranges are proven: networks that are merely
// valid, which Network would never draw. pick returns a number from 0 to n-1.
func Mutate(n *snn.Network, changes int, pick func(n int) int) *snn.Network {
	n = clone(n)
	for range changes {
		m := clone(n)
		change(m, pick)
		if Runs(m) {
			n = m
		}
	}
	return n
}

// Runs reports whether a network is one that runs, and is small.
func Runs(n *snn.Network) bool {
	if n.Verify() != nil || n.Steps > mostSteps {
		return false
	}
	elements, work := 0, 0
	for i := range n.Layers {
		elements += n.Layers[i].Shape.Len()
		work += n.Layers[i].Shape.Len() * fan(n, i)
	}
	if elements*n.Steps > mostElements || work > mostWork {
		return false
	}
	_, err := n.Ranges()
	return !n.Integer || err == nil
}

// fan is about how many inputs an element of a layer has.
func fan(n *snn.Network, i int) int {
	l := &n.Layers[i]
	switch op := l.Op.(type) {
	case snn.Conv:
		return op.Window.Kernel[0] * op.Window.Kernel[1] * n.Layers[l.In[0]].Shape.C
	case snn.Dense:
		return n.Layers[l.In[0]].Shape.Len()
	case snn.SumPool:
		return op.Window.Kernel[0] * op.Window.Kernel[1]
	case snn.MaxPool:
		return op.Window.Kernel[0] * op.Window.Kernel[1]
	}
	return len(l.In)
}

// clone copies a valid network.
func clone(n *snn.Network) *snn.Network {
	var b bytes.Buffer
	if err := snn.Encode(&b, n); err != nil {
		panic(err)
	}
	m, err := snn.Decode(b.Bytes())
	if err != nil {
		panic(err)
	}
	return m
}

// change changes one number of a network, or the length of one of its lists.
func change(n *snn.Network, pick func(n int) int) {
	switch k := pick(len(n.Layers) + 1); k {
	case 0:
		switch pick(5) {
		case 4:
			for i := range n.Layers {
				if n.Layers[i].Neuron != nil {
					otherNature(&n.Layers[i], pick)
				}
			}
		case 0:
			n.Steps = 1 + pick(8)
		case 1:
			n.Restim = snn.Restims()[pick(len(snn.Restims()))]
			n.Rho = 1
		case 2:
			n.Restim, n.Rho = snn.RestimRefine, 1+pick(5)
		case 3:
			n.Output = pick(len(n.Layers))
		}
	default:
		l := &n.Layers[k-1]
		switch pick(6) {
		case 0, 1:
			if l.Neuron != nil {
				otherNature(l, pick)
			}
		case 2:
			if l.Neuron == nil {
				l.Neuron = neuronLike(n, l, pick)
			} else if pick(4) == 0 {
				l.Neuron, l.Scale = nil, nil
			}
		case 3:
			l.Scale = resized(l.Scale, []int{0, 1, l.Shape.C, l.Shape.Len()}[pick(4)])
		default:
			changeIn(reflect.ValueOf(l).Elem(), pick)
		}
	}
}

// otherNature gives the neurons of a layer another activation, sign and width.
func otherNature(l *snn.Layer, pick func(n int) int) {
	u := *l.Neuron
	parameters := []float32{-1, 0, 0.25, 1, 2, 6}
	switch pick(3) {
	case 0:
		u.Format = snn.Format{M: uint8(1 + pick(3))}
	case 1:
		u.Signed = !u.Signed
	default:
		u.Act = snn.Activation{Fn: snn.ActFns()[pick(len(snn.ActFns()))], A: parameters[pick(len(parameters))], B: parameters[pick(len(parameters))]}
		u.Act.Slope = resized([]float32{u.Act.A, u.Act.B}, l.Shape.C)
		u.Signed = u.Act.Fn == snn.Linear || u.Act.Fn != snn.Rectify && pick(3) == 0
	}
	l.Neuron = &u
}

// neuronLike is the neuron of another layer, for the channels of this one.
func neuronLike(n *snn.Network, l *snn.Layer, pick func(n int) int) *snn.Neuron {
	from := n.Layers[pick(len(n.Layers))].Neuron
	if from == nil {
		return nil
	}
	u := *from
	u.Threshold, u.IntThreshold = resized(u.Threshold, l.Shape.C), resized(u.IntThreshold, l.Shape.C)
	if len(l.Unit) == l.Shape.C {
		for c := range u.Threshold {
			u.Threshold[c] = l.Unit[c] * float32(u.IntThreshold[c])
		}
	}
	l.Scale = slices.Clone(u.Threshold)
	return &u
}

// resized repeats or cuts a list.
func resized[T any](list []T, n int) []T {
	if len(list) == 0 || n == 0 {
		return nil
	}
	long := make([]T, n)
	for i := range long {
		long[i] = list[i%len(list)]
	}
	return long
}

// changeIn changes a number that is somewhere in a value.
func changeIn(v reflect.Value, pick func(n int) int) {
	switch v.Kind() {
	case reflect.Struct:
		if v.NumField() > 0 {
			changeIn(v.Field(pick(v.NumField())), pick)
		}
	case reflect.Array:
		changeIn(v.Index(pick(v.Len())), pick)
	case reflect.Slice:
		if v.Len() > 0 {
			changeIn(v.Index(pick(v.Len())), pick)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			changeIn(v.Elem(), pick)
		}
	case reflect.Interface:
		if !v.IsNil() {
			held := reflect.New(v.Elem().Type()).Elem()
			held.Set(v.Elem())
			changeIn(held, pick)
			v.Set(held)
		}
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Uint8:
		v.SetUint(uint64(pick(12)))
	case reflect.Int, reflect.Int8, reflect.Int32:
		x := v.Int()
		x = []int64{0, 1, 2, 3, -1, x + 1, x - 1, 2 * x, x / 2, -x, 127, -127, -128, 1 << 20, math.MaxInt32, math.MinInt32, int64(pick(1000)) - 500}[pick(17)]
		if !v.OverflowInt(x) {
			v.SetInt(x)
		}
	case reflect.Float32:
		x := v.Float()
		v.SetFloat([]float64{0, 1, x * 2, x / 2, -x, x * 3, x * 0.37, 6, -1, 1e-3, 1e4}[pick(11)])
	}
}
