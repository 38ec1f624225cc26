package ir

import (
	"fmt"
	"math"
	"slices"
)

// Fault is a parameter with which a node cannot compute: NaN, an infinity, or a variance that
// is negative.
type Fault struct {
	Node      string // that reads the parameter, by its operator and name
	Parameter string // its name in the ONNX file
	What      string // is wrong, such as "element 3 is NaN"
}

func (f Fault) String() string {
	return fmt.Sprintf("parameter %q of %s: %s", f.Parameter, f.Node, f.What)
}

// Faults lists the faults of parameters, in the order of the nodes. Infinities are none where
// they mean something, as in bounds, paddings and masks.
func (g *Graph) Faults() []Fault {
	var faults []Fault
	for i := range g.Nodes {
		n := &g.Nodes[i]
		for k, id := range n.In {
			if id == None || g.Type(id).Const == nil {
				continue
			}
			if what := faultOf(n.Op, k, g.Type(id).Const.F); what != "" {
				faults = append(faults, Fault{fmt.Sprintf("%s %q", n.Op.Kind(), g.Label(i)), g.Value(id).Name, what})
			}
		}
	}
	return faults
}

// varianceInput is which input of a BatchNorm the variances are.
const varianceInput = 4

// faultOf says what is wrong with the constant that is input k of an operator.
func faultOf(op Op, k int, values []float32) string {
	switch op.(type) {
	case Conv, ConvTranspose, Gemm, MatMul, BatchNorm, Add, Binary, PRelu:
	default:
		return ""
	}
	for i, x := range values {
		if x-x != 0 { // neither NaN nor an infinity is equal to itself after that
			return fmt.Sprintf("element %d is %v", i, x)
		}
	}
	if bn, ok := op.(BatchNorm); ok && k == varianceInput {
		i := slices.IndexFunc(values, func(x float32) bool { return !(x+bn.Epsilon > 0) || math.IsNaN(float64(x)) })
		if i >= 0 {
			return fmt.Sprintf("element %d, a variance, is %v", i, values[i])
		}
	}
	return ""
}
