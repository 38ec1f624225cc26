package passes

import "ann2snn/ir"

// depthToSpace moves elements only, as Reshape, Transpose and Reshape.
func (e *expansion) depthToSpace(op ir.DepthToSpace) ir.ValueID {
	x, b := e.input(0), op.Block
	s := e.shapeOf(x)
	n, c, h, w := s[0], s[1]/(b*b), s[2], s[3]
	if op.CRD {
		x = e.transpose(e.reshape(x, n, c, b, b, h, w), 0, 1, 4, 2, 5, 3)
	} else {
		x = e.transpose(e.reshape(x, n, b, b, c, h, w), 0, 3, 4, 1, 5, 2)
	}
	return e.reshape(x, n, c, h*b, w*b)
}

// spaceToDepth is the way back.
func (e *expansion) spaceToDepth(op ir.SpaceToDepth) ir.ValueID {
	x, b := e.input(0), op.Block
	s := e.shapeOf(x)
	n, c, h, w := s[0], s[1], s[2]/b, s[3]/b
	x = e.transpose(e.reshape(x, n, c, h, b, w, b), 0, 3, 5, 1, 2, 4)
	return e.reshape(x, n, b*b*c, h, w)
}
