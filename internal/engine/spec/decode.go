package spec

import (
	"math"

	"ann2snn/internal/engine"
)

func (e *session[S]) Levels(dst []int32, layer, t int) {
	for i, k := range e.output(layer, t) {
		dst[i] = int32(k)
	}
}

func (e *session[S]) Decode(dst []float32, layer, t int) {
	engine.Values(dst, &e.facts.Layers[layer], e.total(layer, t))
}

func (e *session[S]) DecodeAt(dst []float32, layer int, pixels []int) {
	n := e.facts.Network
	channels := n.Layers[layer].Shape.C
	totals, picked := e.totals[:len(pixels)*channels], make([]S, len(pixels)*channels)
	engine.Total(totals, n, e.facts.Facts[layer].Constant, n.Steps, func(t int) []S {
		output := e.output(layer, t)
		for i, p := range pixels {
			copy(picked[i*channels:][:channels], output[p*channels:])
		}
		return picked
	})
	engine.ValuesAt(dst, &n.Layers[layer], totals, pixels)
}

func (e *session[S]) Current(dst []float32, layer int) {
	neurons, n := e.cells[layer].neurons, e.facts.Network
	if neurons == nil {
		e.Decode(dst, layer, n.Steps)
		return
	}
	weight := 1 / float64(n.Steps)
	if e.refines {
		weight = math.Pow(float64(n.Rho), float64(1-n.Steps))
	}
	shape := n.Layers[layer].Shape
	for i, levels := range e.total(layer, n.Steps) {
		left, level := neurons.rule.remainder(&neurons.state, i)
		dst[shape.ChannelsFirst(i)] = float32(left*weight + levels*level)
	}
}

// total returns a layer's output over the steps 1 to t, see engine.Total.
func (e *session[S]) total(layer, t int) []float64 {
	totals := e.totals[:e.layers[layer].size]
	engine.Total(totals, e.facts.Network, e.facts.Facts[layer].Constant, t, func(t int) []S { return e.output(layer, t) })
	return totals
}
