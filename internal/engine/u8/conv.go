package u8

import (
	"sync/atomic"

	"ann2snn/internal/engine/spec"
	"ann2snn/internal/facts"
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// conv is a convolution over a map of levels, or a layer that equals one: the window of a
// Dense layer is as large as its map; a SumPool has weights of 1 and a group per channel.
type conv struct {
	*u8.Conv
	layer int
	in    int // the store it reads
	bias  biases
	macs  int // of one step

	sparse *u8.Sparse // where few groups of the input's levels are not zero
}

// addWeighted adds the stages of a Conv, Dense or SumPool.
func (p *planner) addWeighted(i int) {
	l := &p.Layers[i]
	from := l.In[0]
	if l.Neuron != nil && p.firesInKernel(i, from) {
		p.addFire(p.newConv(i, from, extra{}), i, terms{})
		return
	}
	c := p.newConv(i, p.digits(i, from), extra{})
	sums := i
	if l.Neuron != nil {
		sums = p.between(store{shape: l.Shape, wide: true, steps: p.stores[from].steps})
	}
	p.stores[sums].stride, p.stores[sums].lanes = c.Lanes(), positions(c.Conv, l.Shape.C)
	if c.in == from {
		p.add(i, &sumsStage{conv: c, out: sums}, []int{c.in}, sums)
	} else {
		p.addDigitSums(i, c, sums)
	}
	if l.Neuron != nil {
		p.addNeurons(i, sums)
	}
}

// extra is what joins the bias of a convolution, by channel; nil means nothing.
type extra struct {
	bias  []int32
	every []int32 // in every step, also where biases belong to the first
}

// newConv lays out the convolution of layer i, which reads store in.
func (p *planner) newConv(i, in int, more extra) *conv {
	l, from := &p.Layers[i], &p.stores[in]
	window := snn.Window{Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}}
	groups := 1
	switch op := l.Op.(type) {
	case snn.Conv:
		window, groups = op.Window, op.Groups
	case snn.Dense:
		window.Kernel = [2]int{from.shape.H, from.shape.W}
	case snn.SumPool:
		window, groups = op.Window, l.Shape.C
	}
	out := p.stores[i].levels
	if to := p.fused[i]; to >= 0 {
		out = p.stores[to].levels
	}
	out.Shape = l.Shape
	w := p.weightsOf(i)
	c := &conv{Conv: u8.NewConv(from.levels, out, window, groups, w.Q), layer: i, in: in}
	every := added(l.Shape.C, more.every)
	c.bias.first = c.PackBias(added(l.Shape.C, w.IntBias, more.bias, every), uint8(from.zero))
	if p.Refines() {
		c.bias.later = c.PackBias(every, uint8(from.zero))
	}
	c.macs = c.Pixels() * len(w.Q)
	c.sparse = p.sparseOf(c, w.Q)
	return c
}

// biases are what currents begin with, by lane.
type biases struct {
	first []int32
	later []int32 // in steps after the first; nil where all are alike
}

// at returns the biases of a step, from 0.
func (b *biases) at(step int) []int32 {
	if step > 0 && b.later != nil {
		return b.later
	}
	return b.first
}

// added returns the sum of vectors of n elements or none.
func added(n int, vectors ...[]int32) []int32 {
	sum := make([]int32, n)
	for _, v := range vectors {
		for i, x := range v {
			sum[i] += x
		}
	}
	return sum
}

// positions lists the lanes of channels, or returns nil where they are in order.
func positions(c *u8.Conv, channels int) []int {
	at := make([]int, channels)
	inOrder := true
	for lane, channel := range c.LaneChannels() {
		if channel >= 0 {
			at[channel] = lane
			inOrder = inOrder && lane == int(channel)
		}
	}
	if inOrder {
		return nil
	}
	return at
}

// timeOf returns how the neurons of layer i go through time on currents of a store.
func (p *planner) timeOf(i, in int) u8.Time {
	t := u8.Time{Steps: p.Steps, Rho: int32(p.Rho)}
	if p.Steps == 1 {
		return t
	}
	t.Totals = p.Facts[i].Rule.Totals() && !p.Layers[i].Neuron.Signed
	if p.stores[in].steps == 1 {
		t.Input = u8.Held
		if p.Refines() {
			t.Input = u8.FirstStep
		}
	}
	return t
}

// addFire adds the stage that fires the neurons of layer i on the current of c, which
// other terms of a sum may join.
func (p *planner) addFire(c *conv, i int, t terms) {
	n := p.Layers[i].Neuron
	s := &fireStage{conv: c, out: i, time: p.timeOf(i, c.in), terms: t}
	neuron := u8.Neuron{Theta: n.IntThreshold, Lo: -p.stores[i].zero, Hi: int32(n.Format.Max()), Most: int32(p.Facts[i].Membrane)}
	if p.Facts[i].Rule == facts.Capped {
		neuron.Caps = spec.Caps(p.Network.Network, &p.Layers[i])
	}
	reads := []int{c.in}
	if t.residual != nil {
		neuron.Mult = t.residual.mult
		reads = append(reads, t.residual.from)
	}
	if t.plus != nil {
		s.plusMult = c.multipliers(t.plus.mult)
		reads = append(reads, t.plus.from)
	}
	if t.second != nil {
		reads = append(reads, t.second.in)
	}
	s.mult = c.multipliers(t.mult)
	if t.offset != nil {
		s.offset = c.laneValues(t.offset)
	}
	s.fire = u8.NewFire(neuron, c.LaneChannels())
	if t.second == nil {
		s.winograd = p.winogradOf(c.layer, c)
	}
	p.add(i, s, reads, i)
}

// multipliers returns multipliers by lane, or nil where all are 1.
func (c *conv) multipliers(values []int32) []int32 {
	if allOnes(values) {
		return nil
	}
	return c.laneValues(values)
}

// laneValues returns values by lane.
func (c *conv) laneValues(values []int32) []int32 {
	lanes := make([]int32, c.Lanes())
	for i, channel := range c.LaneChannels() {
		if channel >= 0 {
			lanes[i] = values[channel]
		}
	}
	return lanes
}

// sumsStage stores currents.
type sumsStage struct {
	conv *conv
	out  int
}

func (s *sumsStage) bind(e *session) job {
	c := s.conv
	call := &u8.Call{
		Conv: c.Conv, Src: e.levels(c.in), Bias: c.bias.first, Later: c.bias.later,
		Sums: e.integers(s.out), Time: u8.Time{Steps: e.stores[c.in].steps},
	}
	return newConvJob(e, c, call)
}

// fireStage fires neurons on currents as they are computed.
type fireStage struct {
	conv  *conv
	out   int
	fire  *u8.Fire
	time  u8.Time
	terms terms

	mult, offset, plusMult []int32 // by lane

	winograd *u8.Winograd // the method of choice, or nil
}

func (s *fireStage) bind(e *session) job {
	c := s.conv
	call := &u8.Call{
		Conv: c.Conv, Src: e.levels(c.in), Bias: c.bias.first, Later: c.bias.later, Mult: s.mult, Offset: s.offset,
		Dst: e.levels(s.out), Fire: s.fire, Time: s.time,
	}
	if e.counter != nil {
		call.Cut = new(atomic.Int64)
	}
	if s.terms.plus != nil {
		call.Plus, call.PlusMult = e.integers(s.terms.plus.from), s.plusMult
	}
	if r := s.terms.residual; r != nil {
		m := e.stores[r.from].levels
		call.Res, call.ResOff, call.ResLen = e.levels(r.from), m.Offsets(), m.Len()
	}
	if s.winograd != nil {
		return newWinogradJob(e, s.winograd, call, c.macs, e.haloOf(s.out))
	}
	j := newConvJob(e, c, call)
	if b := s.terms.second; b != nil {
		j.before = &u8.Call{
			Conv: b.Conv, Src: e.levels(b.in), Bias: b.bias.first, Later: b.bias.later,
			Sums: call.Plus, Time: u8.Time{Steps: e.stores[b.in].steps},
		}
		j.divide(secondPixels)
	}
	j.halo = e.haloOf(s.out)
	return j
}

// convJob is a convolution in parts.
type convJob struct {
	before *u8.Call // what gives call.Plus, part by part while it is in the cache; nil for none
	call   *u8.Call
	pieces []u8.Part
	halo   halo
	lists  *spikeLists // nil where the map is read as it is
}

const (
	// pieceMACs is about how much one worker does before another may take over: enough
	// to make taking turns cheap, and below the time after which Go wants to interrupt
	// a goroutine, which it cannot do in assembly.
	pieceMACs = 1 << 26
	// sharedMACs is the same where workers share a layer, and turns how often each takes
	// over at most: parts of the same panel fetch the same weights.
	sharedMACs = 1 << 22
	turns      = 4
	// secondPixels is about how many pixels of two convolutions are computed in turn.
	secondPixels = 256
)

func newConvJob(e *session, c *conv, call *u8.Call) *convJob {
	const most = 1 << 16 // a list of more takes memory, and no layer of a real network needs as many
	j := &convJob{call: call}
	macs := c.macs * call.Time.Steps / c.Panels()
	parts := min(macs/pieceMACs, most)
	if e.threads > 1 {
		parts = max(parts, min(macs/sharedMACs, (turns*e.threads+c.Panels()-1)/c.Panels()))
	}
	j.divide(max(1, c.Pixels()/max(1, parts)))
	if c.sparse != nil {
		j.lists = newSpikeLists(c.sparse, call, e.stores[c.in].levels.Len())
	}
	return j
}

// divide makes parts of about so many pixels of a panel.
func (j *convJob) divide(size int) {
	j.pieces = nil
	pixels := j.call.Conv.Pixels()
	cuts := (pixels + size - 1) / size
	for panel := range j.call.Conv.Panels() {
		for i := range cuts {
			j.pieces = append(j.pieces, u8.Part{Panel: panel, From: j.call.Conv.Cut(i, cuts), To: j.call.Conv.Cut(i+1, cuts)})
		}
	}
}

func (j *convJob) parts() int { return len(j.pieces) }

func (j *convJob) begin() {
	j.halo.clear()
	resetCut(j.call)
	if j.lists != nil {
		j.lists.fill(j.call)
	}
}

func (j *convJob) run(w *u8.Worker, part int) {
	if j.before != nil {
		w.Conv(j.before, j.pieces[part])
	}
	w.Conv(j.call, j.pieces[part])
}

func (j *convJob) saturated() int64 { return cutBy(j.call) }

// resetCut makes a call count from 0.
func resetCut(call *u8.Call) {
	if call.Cut != nil {
		call.Cut.Store(0)
	}
}

// cutBy returns how many levels a call has cut.
func cutBy(call *u8.Call) int64 {
	if call.Cut == nil {
		return 0
	}
	return call.Cut.Load()
}
