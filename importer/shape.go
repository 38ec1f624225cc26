package importer

import (
	"math"

	"ann2snn/ir"
)

var opShape = operator{name: "Shape", forms: []form{
	{since: []int{1, 13}, inputs: arity{1, 1}, decode: func(*node) ir.Op { return ir.ShapeOf{End: math.MaxInt} }},
	{since: []int{15, 19, 21, 23, 24, 25}, inputs: arity{1, 1}, decode: func(n *node) ir.Op {
		return ir.ShapeOf{
			Start: n.int("start", 0, math.MinInt, math.MaxInt),
			End:   n.int("end", math.MaxInt, math.MinInt, math.MaxInt),
		}
	}},
}}
