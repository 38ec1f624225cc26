package c99

import (
	"encoding/binary"
	"math"

	"ann2snn/internal/engine/spec"
	"ann2snn/snn"
)

// curves say, by step and channel, how many levels a neuron should have emitted by its
// membrane potential; of neurons that wait, after the last step only. Membrane potentials
// are whole numbers, so that an activation computed in floating point is exactly a list of
// those at which its rounded value changes.
type curves struct {
	Entries []curve // of the channels in step 0, then in step 1 and so on
	Breaks  []int32
}

// curve starts at Base. From First on, Breaks has the membranes from which on the value
// is one more, and then those from which on it is one less.
type curve struct{ Base, First, Ups, Downs int }

// curvesOf returns the curves of a layer for membranes up to most in size.
func curvesOf(n *snn.Network, layer int, most int64) *curves {
	l := &n.Layers[layer]
	target := spec.Target(n, layer)
	c := &curves{}
	known := make(map[string]int) // where a list of breaks begins
	reach := int64(0)
	for t := 1; t <= n.Steps; t++ {
		reach = reach*int64(n.Rho) + int64(l.Neuron.Format.Max())
		if n.Waits() && t < n.Steps {
			continue
		}
		for ch := range l.Shape.C {
			s := sweep{value: func(u int64) int64 { return held(target(int32(u), ch, t), reach) }}
			s.run(-most, most, turn(n, l, ch, t))
			breaks := append(s.ups, s.downs...)
			key, _ := binary.Append(nil, binary.LittleEndian, breaks)
			first, ok := known[string(key)]
			if !ok {
				first = len(c.Breaks)
				known[string(key)] = first
				c.Breaks = append(c.Breaks, breaks...)
			}
			c.Entries = append(c.Entries, curve{int(s.value(-most)), first, len(s.ups), len(s.downs)})
		}
	}
	return c
}

// held is a target cut to what neurons can have emitted at all, which does not change
// what they emit.
func held(target float64, reach int64) int64 {
	if math.IsNaN(target) {
		return -reach
	}
	return int64(max(-float64(reach), min(target, float64(reach))))
}

// turn is the membrane at which an activation stops falling and begins to rise.
func turn(n *snn.Network, l *snn.Layer, ch, t int) float64 {
	return l.Neuron.Act.Fn.Lowest() * n.Span(t) / float64(l.Unit[ch])
}

// sweep finds where a function of whole numbers changes.
type sweep struct {
	value      func(int64) int64
	ups, downs []int32
}

// run looks from low to high; turn parts them into two ranges on which the function
// is monotone.
func (s *sweep) run(low, high int64, turn float64) {
	middle := low
	if turn > float64(low) {
		middle = int64(math.Floor(min(turn, float64(high))))
	}
	s.between(low, middle, s.value(low), s.value(middle))
	if middle < high {
		next := middle + 1
		s.between(middle, next, s.value(middle), s.value(next))
		s.between(next, high, s.value(next), s.value(high))
	}
}

// between bisects a range on which the function is monotone.
func (s *sweep) between(a, b, atA, atB int64) {
	switch {
	case atA == atB:
	case b == a+1:
		for range atB - atA {
			s.ups = append(s.ups, int32(b))
		}
		for range atA - atB {
			s.downs = append(s.downs, int32(b))
		}
	default:
		middle := a + (b-a)/2
		at := s.value(middle)
		s.between(a, middle, atA, at)
		s.between(middle, b, at, atB)
	}
}
