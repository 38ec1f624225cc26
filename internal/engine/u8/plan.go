package u8

import (
	"context"
	"slices"
	"strconv"

	"ann2snn/internal/arena"
	"ann2snn/internal/budget"
	"ann2snn/internal/engine"
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// Plan is an integer network laid out for kernels that hold levels in bytes. It is
// immutable. Layers become stages; what passes between them lies in stores.
type Plan struct {
	*facts.Network
	set     *cpu.Set
	subnet  *engine.Subnet
	stores  []store // of the layers, then what passes between the stages of a layer
	stages  []stage
	layerOf []int  // of each stage
	weights []int8 // of all convolutions, one after the other
	bytes   int    // length of a session's buffer of levels
	words   int    // length of its buffer of integers
}

// stage is one pass over the output of a layer.
type stage interface {
	// bind prepares the stage for the buffers of a session.
	bind(e *session) job
}

// Options choose among ways to the same answers.
type Options struct {
	Kernels          *cpu.Set
	Winograd, Sparse Choice

	// Read is called now and then while the weights are packed, if it is not nil: what was
	// read of the network up to then is hardly needed again.
	Read func()
}

// Choice says whether a way to compute is taken.
type Choice uint8

// The choices.
const (
	Auto   Choice = iota // where a trial on this machine finds it faster
	Always               // wherever it applies
	Never
)

// planner makes a Plan.
type planner struct {
	*Plan
	withWeights *snn.Network // the network with its weights, of which the plan has packed ones only
	options     Options
	trial       *u8.Worker // for choosing kernels; nil until it is needed
	fused       []int      // the Sum that computes a convolution's current as part of its own, or -1
	sums        map[int]terms
}

// Compile lays out a part of a verified network whose ranges are proven. The plan refers to
// the network of f, which may lack weights: these are read from source. The context is
// checked before each layer.
func Compile(ctx context.Context, f *facts.Network, source *snn.Network, subnet *engine.Subnet, o Options) (*Plan, error) {
	p := &planner{Plan: &Plan{Network: f, subnet: subnet, set: o.Kernels}, withWeights: source, options: o, sums: map[int]terms{}}
	p.fused = make([]int, len(f.Layers))
	for i := range f.Layers {
		p.fused[i] = -1
		p.stores = append(p.stores, p.storeOf(i))
	}
	layers := subnet.Layers()
	for _, i := range layers {
		p.fuse(i)
	}
	for _, i := range slices.Backward(layers) { // the widest of nested concatenations first
		p.shareMaps(i)
	}
	for _, i := range layers {
		p.addHalos(i)
	}
	p.resolveShared()
	for _, i := range subnet.Given {
		p.stores[i].place.Use(0)
	}
	for _, i := range layers {
		if err := ctx.Err(); err != nil {
			return nil, engine.Stopped(&f.Layers[i], err)
		}
		if budget.Asks {
			if err := budget.Ask(ctx, p.tableBytes(i), "laying out layer "+strconv.Quote(f.Layers[i].Name)); err != nil {
				return nil, err
			}
		}
		p.addStages(i)
	}
	for _, i := range subnet.Wanted { // as the readout, which comes last
		p.stores[i].place.Use(len(p.stages))
	}
	for i := range p.stores {
		if s := &p.stores[i]; s.parent >= 0 {
			p.stores[s.parent].place.Use(s.place.First)
			p.stores[s.parent].place.Use(s.place.Last)
		}
	}
	p.bytes, p.words = place(p.stores, false), place(p.stores, true)
	if err := p.packWeights(ctx); err != nil {
		return nil, err
	}
	return p.Plan, nil
}

// tableBytes is about what the tables of a layer take: where every output pixel and its window
// are. A trial takes as much again and its maps.
func (p *planner) tableBytes(i int) int64 {
	const perPixel, perElement = 16, 6
	l := &p.Layers[i]
	pixels, elements := l.Shape.H*l.Shape.W, l.Shape.Len()
	switch l.Op.(type) {
	case snn.Conv, snn.Dense, snn.SumPool, snn.MaxPool:
		return budget.Times(pixels, perPixel) + budget.Times(elements, perElement)
	}
	return budget.Times(elements, perElement)
}

// Kernels returns the set of kernels that sessions use.
func (p *Plan) Kernels() *cpu.Set { return p.set }

// Memory returns the bytes that packed weights take, once for all sessions, and the
// outputs of layers in a session, as far as they are in use at the same time.
func (p *Plan) Memory() (weights, outputs int) {
	return p.weightBytes(), p.bytes + p.slack() + 4*p.words
}

// Wide reports whether the output of a layer is held in integers of 32 bits, not in bytes.
func (p *Plan) Wide(layer int) bool { return p.stores[layer].wide }

// storeOf decides how the output of a layer is held.
func (p *planner) storeOf(i int) store {
	l := &p.Layers[i]
	s := store{shape: l.Shape, steps: p.Steps, parent: -1, place: arena.Buffer{First: arena.Never}}
	if p.Facts[i].Constant {
		s.steps = 1
	}
	low, high := p.Facts[i].Low, p.Facts[i].High
	if !p.inBytes(i) {
		s.wide, s.stride = true, l.Shape.C
		return s
	}
	s.zero = int32(-low)
	s.levels = u8.Map{Shape: l.Shape, Top: uint8(high - low)}
	return s
}

// isCurrent reports whether the output of a layer is what the kernels make: sums of 32
// bits.
func (p *planner) isCurrent(i int) bool {
	l := &p.Layers[i]
	switch l.Op.(type) {
	case snn.Conv, snn.Dense, snn.Sum, snn.Product, snn.SumPool:
		return l.Neuron == nil
	}
	return false
}

// shareMaps lets the inputs of a Concat be written where they are joined.
func (p *planner) shareMaps(i int) {
	to := &p.stores[i]
	if _, ok := p.Layers[i].Op.(snn.Concat); !ok || to.wide {
		return
	}
	offset := 0
	for _, from := range p.Layers[i].In {
		s := &p.stores[from]
		if p.inPlace(i, from) {
			s.parent, s.offset = i, offset
		}
		offset += s.shape.C
	}
}

// resolveShared gives maps that lie in wider ones the geometry of these.
func (p *planner) resolveShared() {
	for i := len(p.Layers) - 1; i >= 0; i-- {
		for s := &p.stores[i]; s.parent >= 0; {
			whole := &p.stores[s.parent]
			whole.needHalo(s.levels.Halo)
			if whole.parent < 0 {
				break
			}
			s.parent, s.offset = whole.parent, s.offset+whole.offset
		}
	}
	for i := range p.Layers {
		if s := &p.stores[i]; s.parent >= 0 {
			whole := &p.stores[s.parent].levels
			s.levels.Halo, s.levels.Step = whole.Halo, whole.C
		}
	}
}

// addHalos makes room around the map that the windows of layer i read.
func (p *planner) addHalos(i int) {
	if l := &p.Layers[i]; len(l.In) > 0 && !p.stores[l.In[0]].wide && p.bordered(i) {
		p.stores[l.In[0]].needHalo(p.haloBefore(i))
	}
}

// haloBefore is the border that the windows of layer i reach into.
func (p *planner) haloBefore(i int) [4]int {
	window := p.windowOf(i)
	if window == nil {
		return [4]int{}
	}
	l := &p.Layers[i]
	in := p.Layers[l.In[0]].Shape
	halo := haloOf(in, l.Shape, window)
	if p.mayUseWinograd(i) {
		halo = wholeTiles(halo, in, l.Shape, window)
	}
	return halo
}

// addStages adds what computes a layer.
func (p *planner) addStages(i int) {
	if p.fused[i] >= 0 {
		return
	}
	if !p.bordered(i) {
		p.addGeneric(i)
		return
	}
	l := &p.Layers[i]
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
	case snn.Product:
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
func (p *planner) add(layer int, s stage, reads []int, writes int) {
	for _, r := range reads {
		p.stores[r].place.Use(len(p.stages))
	}
	p.stores[writes].place.Use(len(p.stages))
	p.stages, p.layerOf = append(p.stages, s), append(p.layerOf, layer)
}

// between adds a store for what passes between stages of a layer.
func (p *planner) between(s store) int {
	s.parent, s.place.First = -1, arena.Never
	p.stores = append(p.stores, s)
	return len(p.stores) - 1
}
