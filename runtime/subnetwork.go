package runtime

import (
	"context"
	"slices"
	"strconv"

	"ann2snn/snn"
)

// part says which layers of a network a plan runs.
type part struct {
	given  []int  // layers whose output is not computed: sessions are told it
	wanted []int  // layers whose output stays until the end of a run
	runs   []bool // by layer
}

// wholeOf is a part that runs all layers, for the readout.
func wholeOf(n *snn.Network) part {
	return part{wanted: []int{n.Output}, runs: slices.Repeat([]bool{true}, len(n.Layers))}
}

// partOf runs what the wanted layers depend on, down to the given ones.
func partOf(n *snn.Network, given, wanted []int) (part, error) {
	p := part{given: given, wanted: wanted, runs: make([]bool, len(n.Layers))}
	needed := make([]bool, len(n.Layers))
	for _, i := range slices.Concat(given, wanted) {
		if i < 0 || i >= len(needed) {
			return p, fail("there is no layer "+strconv.Itoa(i), nil)
		}
	}
	for _, i := range wanted {
		needed[i] = true
	}
	for i := len(needed) - 1; i >= 0; i-- {
		if !needed[i] || slices.Contains(given, i) {
			continue
		}
		p.runs[i] = true
		for _, from := range n.Layers[i].In {
			needed[from] = true
		}
	}
	return p, nil
}

// layers lists the layers that run, in their order.
func (p *part) layers() []int {
	var list []int
	for i, runs := range p.runs {
		if runs {
			list = append(list, i)
		}
	}
	return list
}

// holds reports whether the output of a layer is held during a run.
func (p *part) holds(i int) bool { return p.runs[i] || slices.Contains(p.given, i) }

// Subnetwork compiles those layers of a network that some wanted ones depend on, down to
// the given ones, whose outputs sessions are told by RunOn. It serves networks under
// construction: of the layers that proof covers, which must hold the wanted ones, none is
// verified or proven again.
//
// Sessions have the Value and the Recording of wanted layers, which may be given ones, but
// no readout, and they neither trace nor count.
func Subnetwork(proof *snn.Proof, given, wanted []int) (*Plan, error) {
	net := *proof.Network()
	net.Layers, net.Host = net.Layers[:proof.Len()], nil
	if len(net.Layers) == 0 {
		return nil, fail("no layer of the network is proven (call Extend first)", nil)
	}
	net.Output = len(net.Layers) - 1
	p, err := partOf(&net, given, wanted)
	if err != nil {
		return nil, err
	}
	return prepare(&net, p, proof.Ranges(), nil, options{})
}

// Recording is the output of a layer in all steps of a run. It fits every Subnetwork of
// the network that it comes from, also when later layers have changed.
type Recording struct {
	// In H, W, C order, step by step; a single step where all are alike.
	levels []uint8 // of an integer network, where all levels fit into bytes: counted from the lowest
	ints   []int32 // of an integer network, where they do not
	floats []float32
}

// Size returns the bytes of memory that a recording takes.
func (r Recording) Size() int { return len(r.levels) + 4*len(r.ints) + 4*len(r.floats) }

// RecordingSize returns the bytes of memory that a recording of a layer takes.
func (p *Plan) RecordingSize(layer int) int {
	l := &p.net.Layers[layer]
	steps := p.net.Steps
	if p.net.Constant()[layer] {
		steps = 1
	}
	if p.lean != nil && !p.lean.stores[layer].wide {
		return steps * l.Shape.Len()
	}
	return 4 * steps * l.Shape.Len()
}

// RunOn is Run for a session of a Subnetwork: given holds recordings of its given layers,
// in their order. The sample may be nil where no layer runs that needs it.
func (s *Session) RunOn(ctx context.Context, in []float32, given []Recording) error {
	if len(given) != len(s.plan.part.given) {
		return fail(strconv.Itoa(len(given))+" recordings are given, the subnetwork takes "+strconv.Itoa(len(s.plan.part.given)), nil)
	}
	if s.plan.part.runs[0] {
		if err := s.load(in); err != nil {
			return err
		}
	}
	for k, layer := range s.plan.part.given {
		if !s.machine.give(layer, given[k]) {
			return fail("the recording given for layer "+strconv.Quote(s.plan.net.Layers[layer].Name)+" is that of another one", nil)
		}
	}
	return s.machine.run(ctx)
}

// Recording returns the output of a wanted layer of a Subnetwork in the last run.
func (s *Session) Recording(layer int) Recording {
	s.tells(layer)
	return s.machine.emissionOf(layer)
}

func (e *engine[S]) give(layer int, from Recording) bool {
	out, ok := any(e.cells[layer].out).([]float32)
	return ok && len(from.floats) == len(out) && copy(out, from.floats) == len(out)
}

func (e *engine[S]) emissionOf(layer int) Recording {
	out, _ := any(e.cells[layer].out).([]float32)
	return Recording{floats: slices.Clone(out)}
}

func (e *engine8) give(layer int, from Recording) bool {
	s := &e.stores[layer]
	size := s.shape.Len()
	if s.wide {
		if len(from.ints) != s.steps*size {
			return false
		}
		for step := range s.steps {
			e.gather(layer, step, from.ints[step*size:][:size])
		}
		return true
	}
	if len(from.levels) != s.steps*size {
		return false
	}
	h := e.haloOf(layer)
	h.clear()
	e.eachRun(layer, func(at int, run []uint8) { copy(run, from.levels[at:]) })
	return true
}

func (e *engine8) emissionOf(layer int) (to Recording) {
	s := &e.stores[layer]
	size := s.shape.Len()
	if s.wide {
		to.ints = make([]int32, s.steps*size)
		for step := range s.steps {
			e.spread(to.ints[step*size:][:size], layer, step)
		}
		return to
	}
	to.levels = make([]uint8, s.steps*size)
	e.eachRun(layer, func(at int, run []uint8) { copy(to.levels[at:], run) })
	return to
}

// eachRun calls f for the bytes of a layer that lie in one piece in its store, with where
// they are in its emission.
func (e *engine8) eachRun(layer int, f func(at int, run []uint8)) {
	s := &e.stores[layer]
	m, maps, at := &s.levels, e.levels(layer), 0
	length, runs := s.shape.W*s.shape.C, 1
	if m.Pixel() != s.shape.C { // a part of a wider map
		length, runs = s.shape.C, s.shape.W
	}
	for step := range s.steps {
		for y := range s.shape.H {
			for x := range runs {
				f(at, maps[step*m.Len()+m.Offset(y, x):][:length])
				at += length
			}
		}
	}
}
