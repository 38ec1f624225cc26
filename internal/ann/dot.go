package ann

import "ann2snn/internal/kernels"

// dot is a convolution with one output position and constant weights: a product of
// vectors and matrices. Panels of the transposed weights have no columns to spare,
// which patches of a single position would have.
type dot struct {
	*conv
	panels []float32 // of all groups
	patch  *value    // scratch
}

func newDot(c *conv, n *node) *dot {
	c.taps = c.groupTaps(c.weight.shape[1])
	d := &dot{conv: c, patch: n.temporary(len(c.taps))}
	rows, depth := d.size()
	size := kernels.PanelsLen(depth, rows)
	d.panels = make([]float32, c.groups*size)
	for g := range c.groups {
		kernels.PackPanels(d.panels[g*size:(g+1)*size], c.weight.konst.F[g*rows*depth:], depth, rows, 1, depth)
	}
	return d
}

// size returns the output channels of a group and the products that each adds up.
func (d *dot) size() (rows, depth int) { return d.weight.shape[0] / d.groups, len(d.taps) }

func (d *dot) step() step {
	return d.run(func(m *memory, dst, src []float32) {
		rows, depth := d.size()
		size := kernels.PanelsLen(depth, rows)
		patch := d.patch.floats(m)
		for g := range d.groups {
			x := src[g*d.weight.shape[1]*d.Plane:]
			for t, at := range d.taps {
				patch[t] = x[at]
			}
			kernels.Gemm(dst[g*rows:(g+1)*rows], rows, patch, d.panels[g*size:(g+1)*size], 1, depth, rows)
		}
	})
}
