package importer

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

var opDequantizeLinear = operator{name: "DequantizeLinear", forms: []form{
	{since: []int{10, 13, 19, 21}, inputs: arity{2, 3}, decode: func(n *node) ir.Op { return ir.DequantizeLinear{Scaling: n.scaling()} }},
	{since: []int{23, 24, 25}, inputs: arity{2, 3}, decode: decodeDequantizeLinear23},
}}

var opQuantizeLinear = operator{name: "QuantizeLinear", note: "to integers of at most 16 bits; with a DequantizeLinear behind it, neurons", forms: []form{
	{since: []int{10, 13, 19, 21, 23, 24, 25}, inputs: arity{2, 3}, decode: decodeQuantizeLinear},
}}

// scaling reads the attributes that DequantizeLinear and QuantizeLinear share.
func (n *node) scaling() ir.Scaling {
	return ir.Scaling{Axis: n.axis(1), Block: n.int("block_size", 0, 0, ir.MaxElems)}
}

// decodeDequantizeLinear23 takes the type of the output too, which was that of the scale before.
func decodeDequantizeLinear23(n *node) ir.Op {
	n.float32Type("output_dtype")
	return ir.DequantizeLinear{Scaling: n.scaling()}
}

// float32Type reads an attribute that says in which type of floats to compute: 0 where the
// scale says it. Only float32 is computed in.
func (n *node) float32Type(name string) {
	if v := n.int(name, 0, 0, math.MaxInt32); v != 0 && v != int(pb.TensorProto_FLOAT) && n.unsupported == "" {
		n.reject(fmt.Sprintf("attribute %s asks for %v, only float32 is supported", name, pb.TensorProto_DataType(v)))
	}
}

// integerRange is what an element type of a quantised tensor holds.
type integerRange struct{ low, high int }

// integerRanges holds the types that values are quantised to.
var integerRanges = map[string]integerRange{
	"int4": {-8, 7}, "uint4": {0, 15},
	"int8": {-128, 127}, "uint8": {0, 255},
	"int16": {-1 << 15, 1<<15 - 1}, "uint16": {0, 1<<16 - 1},
}

func decodeQuantizeLinear(n *node) ir.Op {
	op := ir.QuantizeLinear{Scaling: n.scaling()}
	n.flag("saturate", true) // concerns floats of 8 bits only
	n.float32Type("precision")
	stored := "uint8"
	if asked := n.int("output_dtype", 0, 0, 1<<16); asked != 0 {
		t, err := elemTypeOf(int32(asked))
		if err != nil {
			n.reject(err.Error())
			return op
		}
		stored = t.name
	}
	if n.hasInput(2) {
		op.Low, op.High = n.quantisedRange(2)
		return op
	}
	r, ok := integerRanges[stored]
	if !ok {
		n.rejectRange(stored)
	}
	op.Low, op.High = r.low, r.high
	return op
}

// quantisedRange is the range of the type of input i, a zero point; of uint8 where there is none.
func (n *node) quantisedRange(i int) (low, high int) {
	stored := "uint8"
	if n.hasInput(i) {
		zero := n.constant(i)
		if zero == nil {
			n.reject("its zero point is not constant, so the type that it quantises to is not known")
			return 0, math.MaxUint8
		}
		stored = zero.Stored
	}
	r, ok := integerRanges[stored]
	if !ok {
		n.rejectRange(stored)
	}
	return r.low, r.high
}

func (n *node) rejectRange(stored string) {
	n.reject(fmt.Sprintf("it quantises to elements of type %s, not to one of %s", stored, strings.Join(slices.Sorted(maps.Keys(integerRanges)), ", ")))
}
