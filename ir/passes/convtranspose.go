package passes

import (
	"fmt"
	"math"

	"ann2snn/ir"
)

// convTranspose makes a convolution that computes all outputs which lie between two inputs
// as channels of one position, and moves them to their places. An output then costs no
// multiplication by a zero. A convolution of the input with zeros between its elements would
// multiply Stride times as often per axis.
//
// With outputs numbered from the first that is not cut off by padding, output s*q+p of an
// axis is the sum over j of input q-j times tap s*j+p: a convolution with ceil(kernel/s)
// taps, whose channels are the phases p.
func (e *expansion) convTranspose(op ir.ConvTranspose) ir.ValueID {
	x, w := e.input(0), e.input(1)
	xs, ws := e.shapeOf(x), e.shapeOf(w)
	given, err := op.Resolve(ws[2:], xs[2:])
	if err != nil {
		e.fail(err)
		return ir.None
	}
	axes := make([]phasedAxis, len(given))
	window := ir.Window{Pads: make([]int, 2*len(axes))}
	for i, a := range given {
		axes[i] = newPhasedAxis(a, ws[2+i], xs[2+i])
		window.Pads[i], window.Pads[len(axes)+i] = axes[i].begin, axes[i].end
	}
	kernel, phases := e.phaseKernel(w, op.Group, axes)
	in := []ir.ValueID{x, kernel}
	channels := ws[1] * op.Group
	if bias := e.input(2); bias != ir.None {
		spread := e.add(ir.Expand{}, e.reshape(bias, channels, 1), e.ints(channels, phases))
		in = append(in, e.reshape(spread, channels*phases))
	}
	y := e.add(ir.Conv{Window: window, Group: op.Group}, in...)
	return e.interleave(y, xs[0], channels, axes)
}

// A phasedAxis is a spatial axis of a ConvTranspose as a convolution of its phases.
type phasedAxis struct {
	stride, dilation, kernel int
	taps                     int // of the convolution
	begin, end               int // its padding
	length                   int // of its output
	skip, out                int // outputs that are cut off in front, and those that stay
}

func newPhasedAxis(a ir.TransposedAxis, kernel, in int) phasedAxis {
	p := phasedAxis{stride: a.Stride, dilation: a.Dilation, kernel: kernel, out: a.Out}
	if in == 1 { // nothing lies between inputs
		p.stride = 1
	}
	reach := (kernel-1)*a.Dilation + 1
	p.taps = (reach + p.stride - 1) / p.stride
	p.begin = max(0, p.taps-1-a.Begin/p.stride)
	first := p.taps - 1 - p.begin // position of the convolution's first output
	last := (a.Begin + a.Out - 1) / p.stride
	p.end = max(0, last-first+1-in-p.begin+p.taps-1)
	p.length = in + p.begin + p.end - p.taps + 1
	p.skip = a.Begin - first*p.stride
	return p
}

// maxKernelGrowth bounds by how much strides may fill up a kernel with zeros.
const maxKernelGrowth = 64

// phaseKernel rearranges weights [C,M/group,kernel...] to [M*phases,C/group,taps...].
func (e *expansion) phaseKernel(w ir.ValueID, group int, axes []phasedAxis) (kernel ir.ValueID, phases int) {
	s := e.shapeOf(w)
	phases = 1
	size, least := float64(s[0]*s[1]), float64(s[0]*s[1])
	dilated, filled := s[:2:2], s[:2:2]       // shapes, with room behind every tap
	behind, after := []int{0, 0}, []int{0, 0} // padding behind every tap, and behind all
	split := []int{group, s[0] / group, s[1]} // then taps and phases per axis
	order, taps := []int{0, 2}, []int{1}      // axes: group, channel, phases..., input, taps...
	shape := []int{0, s[0] / group}           // of the kernel
	starts, ends, turned := []int{}, []int{}, []int{}
	for i, a := range axes {
		size, least = size*float64(a.stride*a.taps), least*float64(a.kernel)
		dilated, behind = append(dilated, a.kernel, 1), append(behind, 0, a.dilation-1)
		filled, after = append(filled, a.kernel*a.dilation), append(after, a.stride*a.taps-a.kernel*a.dilation)
		split = append(split, a.taps, a.stride)
		order, taps = append(order, 4+2*i), append(taps, 3+2*i)
		shape = append(shape, a.taps)
		starts, ends, turned = append(starts, -1), append(ends, math.MinInt32), append(turned, 2+i)
		phases *= a.stride
	}
	if size > max(spareElements, maxKernelGrowth*least) {
		e.fail(fmt.Errorf("its strides make %.0f weights of %.0f (export the model with smaller strides)", size, least))
		return ir.None, phases
	}
	w = e.padEnd(e.reshape(w, dilated...), behind)
	w = e.padEnd(e.reshape(w, filled...), after)
	w = e.transpose(e.reshape(w, split...), append(order, taps...)...)
	shape[0] = s[1] * group * phases
	w = e.reshape(w, shape...)
	steps := e.ints(starts...)
	return e.add(ir.Slice{}, w, steps, e.ints(ends...), e.ints(turned...), steps), phases
}

// padEnd adds zeros behind axes.
func (e *expansion) padEnd(x ir.ValueID, after []int) ir.ValueID {
	if all(after, 0) {
		return x
	}
	return e.add(ir.Pad{}, x, e.ints(append(make([]int, len(after)), after...)...))
}

// interleave moves the phases of [N,M*phases,positions...] to their places and cuts off what
// is not part of the output.
func (e *expansion) interleave(y ir.ValueID, batch, channels int, axes []phasedAxis) ir.ValueID {
	n := len(axes)
	split, order, joined := []int{batch, channels}, []int{0, 1}, []int{batch, channels}
	for i, a := range axes {
		split, order = append(split, a.stride), append(order, 2+n+i, 2+i)
		joined = append(joined, a.length*a.stride)
	}
	var starts, ends, cut []int
	for i, a := range axes {
		split = append(split, a.length)
		if a.out != a.length*a.stride {
			starts, ends, cut = append(starts, a.skip), append(ends, a.skip+a.out), append(cut, 2+i)
		}
	}
	if !all(split[2:2+n], 1) {
		y = e.reshape(e.transpose(e.reshape(y, split...), order...), joined...)
	}
	if cut == nil {
		return y
	}
	return e.add(ir.Slice{}, y, e.ints(starts...), e.ints(ends...), e.ints(cut...))
}
