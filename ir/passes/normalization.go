package passes

import (
	"slices"

	"ann2snn/ir"
)

// instanceNorm normalises over the positions.
func (e *expansion) instanceNorm(op ir.InstanceNorm) ir.ValueID {
	x := e.input(0)
	y := e.standardised(x, axesFrom(2, len(e.shapeOf(x))), op.Epsilon)
	return e.scaled(y, e.perChannelOf(1), e.perChannelOf(2))
}

// groupNorm normalises over the channels of a group and the positions, as one axis.
func (e *expansion) groupNorm(op ir.GroupNorm) ir.ValueID {
	x := e.input(0)
	dims := e.shapeOf(x)
	grouped := e.reshape(x, dims[0], op.Groups, product(dims[1:])/op.Groups)
	y := e.standardised(grouped, []int{2}, op.Epsilon)
	if op.PerGroup {
		ones := []int{op.Groups, 1}
		return e.reshape(e.scaled(y, e.reshape(e.input(1), ones...), e.reshape(e.input(2), ones...)), dims...)
	}
	return e.scaled(e.reshape(y, dims...), e.perChannelOf(1), e.perChannelOf(2))
}

// layerNorm normalises over the last axes.
func (e *expansion) layerNorm(op ir.LayerNorm) ir.ValueID {
	x := e.input(0)
	rank := len(e.shapeOf(x))
	axis, err := ir.Axis(op.Axis, rank)
	if err != nil {
		e.fail(err)
		return ir.None
	}
	return e.scaled(e.standardised(x, axesFrom(axis, rank), op.Epsilon), e.input(1), e.input(2))
}

// standardised is x less its mean over axes, by its deviation.
func (e *expansion) standardised(x ir.ValueID, axes []int, epsilon float32) ir.ValueID {
	mean := func(v ir.ValueID) ir.ValueID { return e.add(ir.Reduce{KeepDims: true}, v, e.ints(axes...)) }
	d := e.add(ir.Binary{Fn: ir.Sub}, x, mean(x))
	variance := mean(e.add(ir.Binary{Fn: ir.Mul}, d, d))
	shifted := e.add(ir.Add{}, variance, e.constant(ir.Floats([]float32{epsilon})))
	return e.add(ir.Binary{Fn: ir.Div}, d, e.add(ir.Unary{Fn: ir.Sqrt}, shifted))
}

// scaled is x by a scale and, unless it is absent, with a bias.
func (e *expansion) scaled(x, scale, bias ir.ValueID) ir.ValueID {
	x = e.add(ir.Binary{Fn: ir.Mul}, x, scale)
	if bias == ir.None {
		return x
	}
	return e.add(ir.Add{}, x, bias)
}

// perChannelOf is input j, a list with an element for each channel, as it meets the node's input.
func (e *expansion) perChannelOf(j int) ir.ValueID {
	dims := slices.Repeat([]int{1}, len(e.shapeOf(e.input(0)))-1)
	dims[0] = -1
	return e.reshape(e.input(j), dims...)
}

// axesFrom lists the axes from a first one on.
func axesFrom(first, rank int) []int {
	var axes []int
	for a := first; a < rank; a++ {
		axes = append(axes, a)
	}
	return axes
}

func product(dims []int) int {
	p := 1
	for _, d := range dims {
		p *= d
	}
	return p
}
