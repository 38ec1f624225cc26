package passes

import "ann2snn/ir"

// celu is the Elu of x over alpha, times alpha.
func (e *expansion) celu(op ir.Celu) ir.ValueID {
	alpha := e.constant(ir.Floats([]float32{op.Alpha}))
	part := e.add(ir.Binary{Fn: ir.Div}, e.input(0), alpha)
	return e.add(ir.Binary{Fn: ir.Mul}, e.add(ir.Elu{Alpha: 1}, part), alpha)
}
