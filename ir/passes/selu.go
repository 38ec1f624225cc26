package passes

import "ann2snn/ir"

// selu is an Elu, scaled.
func (e *expansion) selu(op ir.Selu) ir.ValueID {
	gamma := e.constant(ir.Floats([]float32{op.Gamma}))
	return e.add(ir.Binary{Fn: ir.Mul}, e.add(ir.Elu{Alpha: op.Alpha}, e.input(0)), gamma)
}
