package runtime

import (
	"math"
	"slices"

	"ann2snn/internal/arena"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// plan8 is an integer network laid out for kernels that hold levels in bytes. It is
// immutable. Layers become stages; what passes between them lies in stores.
type plan8 struct {
	net      *snn.Network
	set      *cpu.Set
	constant []bool
	stores   []store // of the layers, then what passes between the stages of a layer
	stages   []stage
	layerOf  []int  // of each stage
	weights  []int8 // of all convolutions, one after the other
	bytes    int    // length of a session's buffer of levels
	words    int    // length of its buffer of integers
	part     *part
}

// stage is one pass over the output of a layer.
type stage interface {
	// bind prepares the stage for the buffers of a session.
	bind(e *engine8) job
}

// planner8 makes a plan8.
type planner8 struct {
	*plan8
	source  *snn.Network // net with its weights, which the plan holds packed only
	options options
	trial   *u8.Worker // for choosing kernels; nil until it is needed
	ranges  []snn.Range
	readers [][]int // of each layer, among those that run
	fused   []int   // the Sum that computes a convolution's current as part of its own, or -1
	sums    map[int]terms
}

// compile8 lays out a verified network whose ranges are proven. The plan refers to net,
// which may lack weights: these are read from n. See CompileLean for read.
func compile8(net, n *snn.Network, run *part, ranges []snn.Range, set *cpu.Set, o options, read func()) *plan8 {
	p := &planner8{plan8: &plan8{net: net, part: run, set: set, constant: n.Constant()}, source: n, options: o, ranges: ranges, sums: map[int]terms{}}
	p.readers = make([][]int, len(n.Layers))
	p.fused = make([]int, len(n.Layers))
	for i := range n.Layers {
		p.fused[i] = -1
		p.stores = append(p.stores, p.storeOf(i))
	}
	layers := run.layers()
	for _, i := range layers {
		for _, from := range n.Layers[i].In {
			p.readers[from] = append(p.readers[from], i)
		}
	}
	for _, i := range layers {
		p.fuse(i)
	}
	for _, i := range slices.Backward(layers) { // the widest of nested concatenations first
		p.joinParts(i)
	}
	for _, i := range layers {
		p.addHalos(i)
	}
	p.settleParts()
	for _, i := range run.given {
		p.stores[i].place.Use(0)
	}
	for _, i := range layers {
		p.addStages(i)
	}
	for _, i := range run.wanted { // as the readout, which comes last
		p.stores[i].place.Use(len(p.stages))
	}
	for i := range p.stores {
		if s := &p.stores[i]; s.parent >= 0 {
			p.stores[s.parent].place.Use(s.place.First)
			p.stores[s.parent].place.Use(s.place.Last)
		}
	}
	p.bytes, p.words = place(p.stores, false), place(p.stores, true)
	p.packWeights(read)
	return p.plan8
}

// storeOf decides how the output of a layer is held.
func (p *planner8) storeOf(i int) store {
	l := &p.net.Layers[i]
	s := store{shape: l.Shape, steps: p.net.Steps, parent: -1, place: arena.Buffer{First: arena.Never}}
	if p.constant[i] {
		s.steps = 1
	}
	low, high := p.levelsOf(i)
	if p.isCurrent(i) || high-low > math.MaxUint8 {
		s.wide, s.stride = true, l.Shape.C
		return s
	}
	s.zero = int32(-low)
	s.levels = u8.Map{Shape: l.Shape, Top: uint8(high - low)}
	return s
}

// isCurrent reports whether a layer puts out what the kernels make: sums of 32 bits.
func (p *planner8) isCurrent(i int) bool {
	l := &p.net.Layers[i]
	switch l.Op.(type) {
	case snn.Conv, snn.Dense, snn.Sum, snn.SumPool:
		return l.Neuron == nil
	}
	return false
}

// levelsOf returns the range of what a layer puts out, which includes 0.
func (p *planner8) levelsOf(i int) (low, high int64) {
	l := &p.net.Layers[i]
	most := p.ranges[i].Output
	if l.Neuron != nil {
		if l.Neuron.Signed || p.takesBack() || !l.Neuron.Act.Fn.Integrates() {
			return -most, most
		}
		return 0, most
	}
	switch l.Op.(type) {
	case snn.MaxPool, snn.Gather, snn.Concat:
		for _, from := range l.In {
			a, b := p.levelsOf(from)
			low, high = min(low, a), max(high, b)
		}
		return low, high
	}
	return -most, most
}

// joinParts lets the inputs of a Concat be written where they are joined.
func (p *planner8) joinParts(i int) {
	to := &p.stores[i]
	if _, ok := p.net.Layers[i].Op.(snn.Concat); !ok || to.wide {
		return
	}
	offset := 0
	for _, from := range p.net.Layers[i].In {
		s := &p.stores[from]
		if !s.wide && s.parent < 0 && s.steps == to.steps && s.zero == to.zero && from != 0 {
			s.parent, s.offset = i, offset
		}
		offset += s.shape.C
	}
}

// settleParts gives the parts of a map the geometry of the whole.
func (p *planner8) settleParts() {
	for i := len(p.net.Layers) - 1; i >= 0; i-- {
		for s := &p.stores[i]; s.parent >= 0; {
			whole := &p.stores[s.parent]
			whole.needHalo(s.levels.Halo)
			if whole.parent < 0 {
				break
			}
			s.parent, s.offset = whole.parent, s.offset+whole.offset
		}
	}
	for i := range p.net.Layers {
		if s := &p.stores[i]; s.parent >= 0 {
			whole := &p.stores[s.parent].levels
			s.levels.Halo, s.levels.Step = whole.Halo, whole.C
		}
	}
}

// addHalos makes room around the map that the windows of layer i read.
func (p *planner8) addHalos(i int) {
	if l := &p.net.Layers[i]; len(l.In) > 0 && !p.stores[l.In[0]].wide {
		p.stores[l.In[0]].needHalo(p.haloBefore(i))
	}
}

// haloBefore is the border that the windows of layer i reach into.
func (p *planner8) haloBefore(i int) [4]int {
	l := &p.net.Layers[i]
	switch op := l.Op.(type) {
	case snn.Conv:
		in := p.net.Layers[l.In[0]].Shape
		halo := haloOf(in, l.Shape, &op.Window)
		if p.mayUseWinograd(i) {
			halo = wholeTiles(halo, in, l.Shape, &op.Window)
		}
		return halo
	case snn.SumPool:
		return haloOf(p.net.Layers[l.In[0]].Shape, l.Shape, &op.Window)
	case snn.MaxPool:
		return haloOf(p.net.Layers[l.In[0]].Shape, l.Shape, &op.Window)
	}
	return [4]int{}
}

// addStages adds what computes a layer.
func (p *planner8) addStages(i int) {
	if p.fused[i] >= 0 {
		return
	}
	l := &p.net.Layers[i]
	switch op := l.Op.(type) {
	case snn.Input:
		p.add(i, inputStage{}, nil, i)
	case snn.Conv, snn.Dense, snn.SumPool:
		p.addWeighted(i)
	case snn.Sum:
		if _, ok := p.sums[i]; ok {
			p.addFusedSum(i, op)
			return
		}
		p.addGeneric(i)
	case snn.MaxPool:
		p.addMaxPool(i, op)
	case snn.Concat:
		p.addConcat(i)
	case snn.Gather:
		p.addGather(i, op)
	}
}

// add appends a stage of a layer, with the stores that it reads and writes.
func (p *planner8) add(layer int, s stage, reads []int, writes int) {
	for _, r := range reads {
		p.stores[r].place.Use(len(p.stages))
	}
	p.stores[writes].place.Use(len(p.stages))
	p.stages, p.layerOf = append(p.stages, s), append(p.layerOf, layer)
}

// between adds a store for what passes between stages of a layer.
func (p *planner8) between(s store) int {
	s.parent, s.place.First = -1, arena.Never
	p.stores = append(p.stores, s)
	return len(p.stores) - 1
}

// takesBack reports whether later spikes may correct earlier ones.
func (p *plan8) takesBack() bool {
	return p.net.Steps > 1 && (p.net.Restim == snn.RestimSigned || p.net.Restim == snn.RestimRefine)
}

// later reports whether steps after the first differ from it: with refinement, biases
// and the input belong to the first one.
func (p *plan8) later() bool { return p.net.Restim == snn.RestimRefine && p.net.Steps > 1 }
