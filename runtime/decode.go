package runtime

import (
	"math"

	"ann2snn/snn"
)

func (e *engine[S]) levels(dst []int32, layer, t int) {
	for i, k := range e.emission(layer, t) {
		dst[i] = int32(k)
	}
}

func (e *engine[S]) decode(dst []float32, layer, t int) {
	values := e.net.Layers[layer].LevelValue()
	if len(values) == 0 {
		values = one
	}
	levels := e.total(layer, t)
	channelsFirst(dst, e.net.Layers[layer].Shape, func(i int) float64 { return levels[i] * float64(values[i%len(values)]) })
}

var one = []float32{1}

func (e *engine[S]) current(dst []float32, layer int) {
	l, c := &e.layers[layer], &e.cells[layer]
	if l.neuron == nil {
		e.decode(dst, layer, e.net.Steps)
		return
	}
	weight := 1 / float64(e.net.Steps)
	if e.refine {
		weight = math.Pow(float64(e.net.Rho), float64(1-e.net.Steps))
	}
	levels := e.total(layer, e.net.Steps)
	channelsFirst(dst, e.net.Layers[layer].Shape, func(i int) float64 {
		kept, level := l.neuron.charge(c, i)
		return kept*weight + levels[i]*level
	})
}

// total returns a layer's output over the steps 1 to t, in levels and H, W, C order: the
// mean, or the sum on the bit levels that RestimRefine gives the steps.
func (e *engine[S]) total(layer, t int) []float64 {
	totals := e.totals[:e.layers[layer].size]
	clear(totals)
	if e.refine {
		for step := t; step >= 1; step-- {
			for i, k := range e.emission(layer, step) {
				totals[i] = totals[i]/float64(e.net.Rho) + float64(k)
			}
		}
		return totals
	}
	if e.layers[layer].constant {
		t = 1
	}
	for step := 1; step <= t; step++ {
		for i, k := range e.emission(layer, step) {
			totals[i] += float64(k)
		}
	}
	for i := range totals {
		totals[i] /= float64(t)
	}
	return totals
}

// channelsFirst sets dst to f of every element of a map, turning H, W, C into C, H, W.
func channelsFirst(dst []float32, s snn.Shape, f func(i int) float64) {
	for i := range s.Len() {
		dst[s.ChannelsFirst(i)] = float32(f(i))
	}
}
