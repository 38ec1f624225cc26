package importer

import (
	"math"

	"ann2snn/ir"
)

var opCast = operator{name: "Cast", forms: []form{
	{since: []int{6, 9, 13}, inputs: arity{1, 1}, decode: decodeCast6},
	{since: []int{19, 21, 23}, inputs: arity{1, 1}, decode: decodeCast19},
	{since: []int{24, 25}, inputs: arity{1, 1}, decode: decodeCast24},
}}

func decodeCast6(n *node) ir.Op {
	n.required("to")
	t, err := elemTypeOf(int32(n.int("to", 0, 0, math.MaxInt32)))
	if err != nil && n.err == nil {
		n.reject(err.Error())
	}
	return ir.Cast{To: t.dtype, Stored: t.stored()}
}

func decodeCast19(n *node) ir.Op {
	n.flag("saturate", true) // concerns types of 8 bits only
	return decodeCast6(n)
}

func decodeCast24(n *node) ir.Op {
	choice(n, "round_mode", "up", map[string]bool{"up": true, "down": true, "nearest": true}) // concerns exponents of 8 bits only
	return decodeCast19(n)
}
