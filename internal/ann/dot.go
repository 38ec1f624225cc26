package ann

import "ann2snn/internal/kernels"

// dot is a convolution with one output position and constant weights: a product of
// vectors and matrices. Panels of the transposed weights have no columns to spare,
// which a panel with a single window would have.
type dot struct {
	*conv
	filters []*kernels.PackedF32 // by group
	patch   *value               // scratch
}

func newDot(c *conv, n *node) *dot {
	d := &dot{conv: c, patch: n.temporary(len(c.taps)), filters: make([]*kernels.PackedF32, c.groups)}
	for g := range d.filters {
		d.filters[g] = kernels.PackF32(n.set, c.filters(c.weight.konst.F, g).T())
	}
	return d
}

func (d *dot) compute(m *memory, dst, src []float32) {
	rows, patch := len(dst)/d.groups, d.patch.floats(m)
	for g, filters := range d.filters {
		x := src[g*d.weight.shape[1]*d.Plane:]
		for t, at := range d.taps {
			patch[t] = x[at]
		}
		m.gemm.MulPacked(kernels.RowMajor(dst[g*rows:(g+1)*rows], rows), kernels.RowMajor(patch, len(patch)), filters)
	}
	if d.bias != nil {
		for i, b := range d.bias.floats(m) {
			dst[i] += b
		}
	}
}
