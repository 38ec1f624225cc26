package u8

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/kerneltest"
	"ann2snn/snn"
)

// convCase is a layer with data, and what the definition of snn.Conv makes of it.
type convCase struct {
	name    string
	in, out Map
	window  snn.Window
	groups  int
	weights []int8
	bias    []int32
	zero    uint8
	src     []uint8

	currents []int32 // by pixel and channel
}

// takeAllWays makes kernels take ways to compute that otherwise only large layers take.
func takeAllWays(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { blocksAlways = false })
	blocksAlways = true
}

func newConvCases(r *rand.Rand) []*convCase {
	var cases []*convCase
	for _, k := range kerneltest.Shapes() {
		window := snn.Window{Kernel: k.Kernel, Stride: k.Stride, Dilation: k.Dilation, Pad: k.Pad}
		high, wide := k.OutSize()
		c := &convCase{
			name:   k.String(),
			in:     Map{Shape: snn.Shape{H: k.H, W: k.W, C: k.In}, Halo: k.Pad, Top: k.Top},
			out:    Map{Shape: snn.Shape{H: high, W: wide, C: k.Out}, Halo: [4]int{1, 0, 2, 1}},
			window: window, groups: k.Groups,
			weights: make([]int8, k.Out*k.In/k.Groups*k.Kernel[0]*k.Kernel[1]),
			bias:    make([]int32, k.Out), zero: uint8(r.IntN(int(k.Top) + 1)),
		}
		if r.IntN(2) == 0 { // parts of wider maps
			c.in.Step, c.out.Step = k.In+r.IntN(40), k.Out+r.IntN(40)
		}
		for i := range c.weights {
			c.weights[i] = int8(r.IntN(256))
		}
		if r.IntN(3) == 0 { // the corner that 16-bit sums would not survive
			for i := range c.weights {
				c.weights[i] = -128
			}
		}
		for i := range c.bias {
			c.bias[i] = r.Int32N(20001) - 10000
		}
		c.src = c.fill(r)
		for pixel := range c.out.H * c.out.W {
			for o := range c.out.C {
				c.currents = append(c.currents, c.current(pixel/c.out.W, pixel%c.out.W, o))
			}
		}
		cases = append(cases, c)
	}
	return cases
}

// fill returns an input whose halo is zero, at an odd address.
func (c *convCase) fill(r *rand.Rand) []uint8 {
	src := make([]uint8, c.in.Len()+1)[1:]
	for i := range src {
		src[i] = c.zero
	}
	for y := range c.in.H {
		for x := range c.in.W {
			for i := range c.in.C {
				level := uint8(c.in.most())
				if r.IntN(4) > 0 {
					level = uint8(r.Int32N(c.in.most() + 1))
				}
				src[c.in.Offset(y, x)+i] = level
			}
		}
	}
	return src
}

// current computes a current as snn.Conv is defined.
func (c *convCase) current(y, x, o int) int32 {
	sum := c.bias[o]
	fanIn, fanOut := c.in.C/c.groups, c.out.C/c.groups
	fan := len(c.weights) / c.out.C
	w := c.weights[o*fan:]
	for ky := range c.window.Kernel[0] {
		for kx := range c.window.Kernel[1] {
			iy := y*c.window.Stride[0] - c.window.Pad[0] + ky*c.window.Dilation[0]
			ix := x*c.window.Stride[1] - c.window.Pad[1] + kx*c.window.Dilation[1]
			if iy < 0 || ix < 0 || iy >= c.in.H || ix >= c.in.W {
				continue
			}
			for i := range fanIn {
				level := int32(c.src[c.in.Offset(iy, ix)+o/fanOut*fanIn+i]) - int32(c.zero)
				sum += level * int32(w[(ky*c.window.Kernel[1]+kx)*fanIn+i])
			}
		}
	}
	return sum
}

// run computes the whole layer in three parts per panel.
func (c *convCase) run(w *Worker, call *Call) {
	conv := call.Conv
	for panel := range conv.Panels() {
		cuts := []int{0, conv.Pixels() / 3, conv.Pixels() / 3, conv.Pixels()}
		for i := range 3 {
			w.Conv(call, Part{Panel: panel, From: cuts[i], To: cuts[i+1]})
		}
	}
}

func TestConvSums(t *testing.T) {
	takeAllWays(t)
	for _, set := range cpu.Sets() {
		w, r := NewWorker(set), rand.New(rand.NewPCG(1, 2))
		for _, c := range newConvCases(r) {
			conv := NewConv(c.in, c.out, c.window, c.groups, c.weights)
			conv.Pack(c.weights)
			sums := make([]int32, conv.Pixels()*conv.Lanes())
			call := &Call{Conv: conv, Src: c.src, Bias: conv.PackBias(c.bias, c.zero), Sums: sums}
			call.mixAtRandom(r)
			c.run(w, call)
			for lane, channel := range conv.LaneChannels() {
				if channel < 0 {
					continue
				}
				for pixel := range conv.Pixels() {
					at := pixel*conv.Lanes() + lane
					got, want := sums[at], call.mixed(c.currents[pixel*c.out.C+int(channel)], lane, at)
					if got != want {
						t.Fatalf("%s: %s: pixel %d channel %d: current %d, want %d", set.Name, c.name, pixel, channel, got, want)
					}
				}
			}
		}
	}
}

// mixAtRandom sets some of Mult, Offset, Plus and PlusMult.
func (call *Call) mixAtRandom(r *rand.Rand) {
	lanes := call.Conv.Lanes()
	for _, field := range []struct {
		values *[]int32
		n      int
	}{
		{&call.Mult, lanes}, {&call.Offset, lanes}, {&call.PlusMult, lanes}, {&call.Plus, call.Time.Inputs() * call.Conv.Pixels() * lanes},
	} {
		if r.IntN(2) > 0 {
			continue
		}
		*field.values = make([]int32, field.n)
		for i := range *field.values {
			(*field.values)[i] = r.Int32N(20001) - 10000
		}
	}
}

// clearGaps sets to 0 what lanes without a channel get.
func (call *Call) clearGaps() {
	lanes := call.Conv.LaneChannels()
	for _, values := range [][]int32{call.Offset, call.Plus} {
		for i := range values {
			if lanes[i%len(lanes)] < 0 {
				values[i] = 0
			}
		}
	}
}

// mixed returns the current that a sum gives, where at is its place in Plus.
func (call *Call) mixed(sum int32, lane, at int) int32 {
	if call.Mult != nil {
		sum *= call.Mult[lane]
	}
	if call.Offset != nil && (call.Mult != nil || call.Plus != nil) {
		sum += call.Offset[lane]
	}
	switch {
	case call.Plus == nil:
		return sum
	case call.PlusMult == nil:
		return sum + call.Plus[at]
	}
	return sum + call.Plus[at]*call.PlusMult[lane]
}

// neuronCases cover thresholds that reciprocals serve and that they do not.
func neuronCases(r *rand.Rand, channels int) []Neuron {
	var cases []Neuron
	for _, levels := range [][2]int32{{0, 1}, {0, 15}, {0, 255}, {-15, 15}, {-127, 127}, {-1, 0}} {
		for _, theta := range []int32{1, 2, 3, 97, 1000, 4096, 60000, 1 << 22} {
			n := Neuron{Theta: make([]int32, channels), Mult: make([]int32, channels), Lo: levels[0], Hi: levels[1]}
			for i := range channels {
				n.Theta[i], n.Mult[i] = theta+r.Int32N(theta), r.Int32N(2*theta+1)-theta
			}
			cases = append(cases, n)
		}
	}
	return cases
}

// TestConvFires holds every set to the definition of the neurons, over three steps, with
// and without residual, state and totals, and to writing nothing else.
func TestConvFires(t *testing.T) {
	takeAllWays(t)
	draws := 8
	if testing.Short() { // the race detector makes this slow and finds nothing in assembly
		draws = 1
	}
	for _, set := range cpu.Sets() {
		t.Run(set.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(3, 4))
			w := NewWorker(set)
			for _, c := range newConvCases(r) {
				neurons := neuronCases(r, c.out.C)
				for range draws {
					c.testFires(t, w, neurons[r.IntN(len(neurons))], r)
				}
			}
		})
	}
}

func (c *convCase) testFires(t *testing.T, w *Worker, n Neuron, r *rand.Rand) {
	t.Helper()
	conv := NewConv(c.in, c.out, c.window, c.groups, c.weights)
	conv.Pack(c.weights)
	for _, time := range []Time{
		{},
		{Steps: 3, Rho: 1},
		{Steps: 2, Rho: 4, Totals: true},
		{Rho: 3, State: &State{}},
		{Steps: 2, Rho: 1, Totals: true, State: &State{}},
		{Steps: 3, Rho: 1, Input: Held},
		{Steps: 3, Rho: 2, Totals: true, Input: FirstStep},
		{Steps: 2, Rho: 1, Input: FirstStep, State: &State{}},
		{Steps: 2, Rho: 2, Totals: true, Input: Held, State: &State{}},
	} {
		n.Caps = nil
		if time.Totals && r.IntN(2) == 0 {
			n.Caps = capsAtRandom(r, 2*time.steps(), c.out.C)
		}
		if time.State != nil {
			time.State.V, time.State.N = make([]int32, conv.Pixels()*conv.Lanes()), make([]int32, conv.Pixels()*conv.Lanes())
		}
		res := Map{Shape: c.out.Shape, Halo: [4]int{0, 2, 0, 0}}
		call := Call{
			Conv: conv, Src: slices.Repeat(c.src, time.Inputs()), Bias: conv.PackBias(c.bias, c.zero), Later: conv.PackBias(make([]int32, c.out.C), c.zero),
			Dst: make([]uint8, time.steps()*c.out.Len()), Fire: NewFire(n, conv.LaneChannels()),
			ResOff: res.Offsets(), ResLen: res.Len(), Time: time,
		}
		if r.IntN(2) == 0 {
			call.Res = make([]uint8, time.steps()*res.Len())
			for i := range call.Res {
				call.Res[i] = uint8(r.IntN(256))
			}
		}
		if r.IntN(2) == 0 {
			call.mixAtRandom(r)
		}
		if r.IntN(2) == 0 {
			call.Cut = new(atomic.Int64)
			call.clearGaps()
		}
		want := newDefinition(c, n, &call)
		for i := range call.Dst {
			call.Dst[i] = 0xa5
		}
		for range 2 { // calls
			want.run()
			c.run(w, &call)
			if i := differs(call.Dst, want.dst); i >= 0 {
				t.Fatalf("%s: theta %d, levels %d..%d, time %+v, residual %v, mult %v, plus %v, exact %v: byte %d is %d, want %d", c.name,
					n.Theta[0], n.Lo, n.Hi, time, call.Res != nil, call.Mult != nil, call.Plus != nil, call.Fire.Exact(), i, call.Dst[i], want.dst[i])
			}
			if call.Cut != nil && max(call.Cut.Load()-want.cut, want.cut-call.Cut.Load()) > want.wrapped {
				t.Fatalf("%s: theta %d, levels %d..%d, time %+v, caps %v, exact %v: %d levels cut, want %d", c.name,
					n.Theta[0], n.Lo, n.Hi, time, n.Caps != nil, call.Fire.Exact(), call.Cut.Load(), want.cut)
			}
			if time.State == nil {
				cut, wrapped := want.cut, want.wrapped
				want = newDefinition(c, n, &call)
				want.cut, want.wrapped = cut, wrapped
			} else {
				call.Time.Past += time.steps()
			}
		}
	}
}

// capsAtRandom returns limits of totals, tight and wide ones.
func capsAtRandom(r *rand.Rand, steps, channels int) [][]int32 {
	caps := make([][]int32, steps)
	for i := range caps {
		caps[i] = make([]int32, channels)
		for c := range channels {
			caps[i][c] = r.Int32N(1 << r.IntN(10))
		}
	}
	return caps
}

func differs(a, b []uint8) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

// definition is Neuron's comment as code.
type definition struct {
	*convCase
	n    Neuron
	call *Call
	dst  []uint8
	v, k []int32 // membranes and totals by pixel and channel
	lane []int   // by channel

	cut, wrapped int64 // levels, and membranes when they lost what was fired
}

func newDefinition(c *convCase, n Neuron, call *Call) *definition {
	d := &definition{convCase: c, n: n, call: call, dst: make([]uint8, len(call.Dst))}
	for i := range d.dst {
		d.dst[i] = 0xa5
	}
	d.lane = make([]int, c.out.C)
	for lane, channel := range call.Conv.LaneChannels() {
		if channel >= 0 {
			d.lane[channel] = lane
		}
	}
	d.v, d.k = make([]int32, len(c.currents)), make([]int32, len(c.currents))
	return d
}

func (d *definition) run() {
	for step := range d.call.Time.steps() {
		for i := range d.currents {
			pixel, o := i/d.out.C, i%d.out.C
			current := d.input(step, i)
			if d.call.Res != nil {
				current += int32(d.call.Res[step*d.call.ResLen+int(d.call.ResOff[pixel])+o]) * d.n.Mult[o]
			}
			k := d.fire(step, i, o, current)
			d.dst[step*d.out.Len()+d.out.Offset(pixel/d.out.W, pixel%d.out.W)+o] = uint8(k - int64(d.n.Lo))
		}
	}
}

// input returns the current of neuron i before the residual joins it.
func (d *definition) input(step, i int) int32 {
	pixel, o := i/d.out.C, i%d.out.C
	current, time := d.currents[i], &d.call.Time
	switch {
	case step+time.Past == 0:
	case time.Input == FirstStep:
		return 0
	case time.Input == Held:
		step = 0
	default:
		current -= d.bias[o] // Call.Later has none
	}
	return d.call.mixed(current, d.lane[o], (step*d.call.Conv.Pixels()+pixel)*d.call.Conv.Lanes()+d.lane[o])
}

func (d *definition) fire(step, i, o int, current int32) int64 {
	time, theta := &d.call.Time, int64(d.n.Theta[o])
	v := time.Rho*d.v[i] + current
	wanted := int64(math.Floor(float64(2*int64(v)+theta) / float64(2*theta))) // of integers below 2^53: exact
	k := min(max(wanted, int64(d.n.Lo)), int64(d.n.Hi))
	total := time.Rho * d.k[i]
	if time.Totals {
		k = max(k, -int64(total))
	}
	if d.n.Caps != nil {
		k = max(min(k, int64(d.n.Caps[time.Past+step][o]-total)), int64(d.n.Lo))
	}
	d.count(wanted, int64(total), step, o)
	d.k[i] = total + int32(k)
	d.v[i] = v - int32(k)*int32(theta)
	if int64(d.v[i]) != int64(v)-k*theta {
		d.wrapped++
	}
	return k
}

// count is Neuron's comment on cut levels as code.
func (d *definition) count(wanted, total int64, step, o int) {
	lo, hi := int64(d.n.Lo), int64(d.n.Hi)
	below := lo < 0
	switch {
	case d.n.Caps != nil:
		wanted, below = max(-total, min(wanted, int64(d.n.Caps[d.call.Time.Past+step][o])-total)), true
	case d.call.Time.Totals:
		below = below && total >= -lo
	}
	if wanted > hi || below && wanted < lo {
		d.cut++
	}
}

// TestFireProof tries the function that assembly computes, as the fire kernels of every
// set, at every step of every level and at the ends.
func TestFireProof(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	exact := map[bool]int{}
	for range 3000 {
		theta := 1 + r.Int32N(1<<(1+r.IntN(24)))
		n := Neuron{Theta: []int32{theta}, Lo: -r.Int32N(128), Hi: r.Int32N(128)}
		f := NewFire(n, []int32{0})
		exact[f.Exact()]++
		for stored := range int64(f.hi-f.lo) + 1 {
			for _, v := range []int64{-2, -1, 0, 1, int64(theta) / 2, math.MaxInt32, math.MinInt32} {
				v = min(max(v+int64(theta)*(stored+int64(f.lo))-int64(theta/2), math.MinInt32), math.MaxInt32)
				y := float32(math.FMA(float64(float32(v)), float64(f.mul[0]), float64(f.add[0])))
				got := int32(min(max(math.Trunc(float64(y)), 0), float64(f.hi-f.lo))) + f.lo
				if want := f.level(int32(v), 0); f.Exact() && got != want {
					t.Fatalf("theta %d, levels %d..%d, v %d: level %d, want %d", theta, f.lo, f.hi, v, got, want)
				}
			}
		}
	}
	if exact[true] < 1000 || exact[false] < 100 {
		t.Errorf("%d neurons proven exact, %d not: not a test of both", exact[true], exact[false])
	}
}
