package u8

import (
	"ann2snn/internal/engine/spec"
	"ann2snn/internal/kernels/u8"
)

// Layers and neurons for which there are no kernels on bytes are left to the operators and
// the rules of the specification, on levels spread out to 32 bits.

// addGeneric adds the stage of a layer that kernels on bytes do not cover.
func (p *planner) addGeneric(i int) { p.add(i, genericStage{i}, p.Layers[i].In, i) }

// addNeurons adds the stage that fires the neurons of layer i on a store of currents.
func (p *planner) addNeurons(i, sums int) { p.add(i, neuronStage{i, sums}, []int{sums}, i) }

// firing fires the neurons of a layer and stores their levels.
type firing struct {
	e       *session
	layer   int
	neurons *spec.Neurons[int32] // nil without
	current []int32              // of the step at work
	levels  []int32
	halo    halo
}

func newFiring(e *session, layer int) firing {
	size := e.Layers[layer].Shape.Len()
	return firing{
		e: e, layer: layer, neurons: spec.NewNeurons(e.Network, layer),
		current: make([]int32, size), levels: make([]int32, size), halo: e.haloOf(layer),
	}
}

func (f *firing) parts() int { return 1 }

func (f *firing) begin() { f.halo.clear() }

func (f *firing) saturated() int64 {
	if f.neurons == nil {
		return 0
	}
	return f.neurons.Saturated
}

// Output is part of spec.Flow.
func (f *firing) Output(int) []int32 { return f.levels }

// Done is part of spec.Flow.
func (f *firing) Done(t int) { f.e.gather(f.layer, t-1, f.levels) }

// genericStage computes a layer on integers of 32 bits.
type genericStage struct{ layer int }

// genericJob is a genericStage of a session.
type genericJob struct {
	firing
	op *spec.Operator
	in [][]int32
}

func (s genericStage) bind(e *session) job {
	j := &genericJob{firing: newFiring(e, s.layer), op: spec.NewOperator(e.Network, s.layer)}
	for _, from := range e.Layers[s.layer].In {
		j.in = append(j.in, make([]int32, e.Layers[from].Shape.Len()))
	}
	return j
}

func (j *genericJob) begin() {
	j.firing.begin()
	j.op.Begin(j.e.ctx)
}

func (j *genericJob) run(*u8.Worker, int) {
	if j.neurons != nil {
		j.neurons.Run(j.e.Steps, j)
		return
	}
	for t := 1; t <= j.e.stores[j.layer].steps; t++ {
		j.e.gather(j.layer, t-1, j.Current(t))
	}
}

// Current is part of spec.Flow.
func (j *genericJob) Current(t int) []int32 {
	e := j.e
	if t == 1 || !e.Facts[j.layer].Steady || e.Refines() {
		for k, from := range e.Layers[j.layer].In {
			e.spread(j.in[k], from, t-1)
		}
		j.op.Step(j.current, j.in, t, t == 1 || !e.Refines())
	}
	return j.current
}

// neuronStage fires neurons on stored currents.
type neuronStage struct{ layer, sums int }

// neuronJob is a neuronStage of a session.
type neuronJob struct {
	firing
	sums int
}

func (s neuronStage) bind(e *session) job { return &neuronJob{newFiring(e, s.layer), s.sums} }

func (j *neuronJob) run(*u8.Worker, int) { j.neurons.Run(j.e.Steps, j) }

// Current is part of spec.Flow.
func (j *neuronJob) Current(t int) []int32 {
	if t == 1 || t <= j.e.stores[j.sums].steps || j.e.Refines() {
		j.e.spread(j.current, j.sums, t-1)
	}
	return j.current
}
