package ann

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildAveragePool(op ir.AveragePool, n *node) (step, error) {
	x := n.in[0]
	g, err := geometry(op.Window, op.Kernel, x, n.out[0])
	if err != nil {
		return nil, err
	}
	divisors, err := poolDivisors(op, g)
	if err != nil {
		return nil, err
	}
	if x.interleaved {
		return averageMap(g, divisors, n)
	}
	w, err := n.windows(g, 0)
	if err != nil {
		return nil, err
	}
	return w.eachChannel(n.out[0], func(dst, src []float32) {
		f32.SumPoolPlane(dst, src, w.Windows)
		for i, d := range divisors {
			dst[i] /= d
		}
	}), nil
}

// averageMap is buildAveragePool for a map with channels last.
func averageMap(g f32.Geometry, divisors []float32, n *node) (step, error) {
	w, err := n.mapWindow(g, 0)
	if err != nil {
		return nil, err
	}
	sum := f32.NewSumPool(n.packs.set, w.large, w.out.spatial(), w.shape)
	return func(m *memory) error {
		for i := range w.out.shape[0] {
			dst := pixelsOf(m, w.out, i, 0, w.small.C)
			sum.Run(m.worker, dst, w.sample(m, i), unlimited)
			for p, d := range divisors {
				for c := range dst.Data[p*w.small.C : (p+1)*w.small.C] {
					dst.Data[p*w.small.C+c] /= d
				}
			}
		}
		return nil
	}, nil
}

// poolDivisors counts the elements that each window averages: those of the map, and
// where padding counts, those of the padding that the node names, but none that rounding up adds.
func poolDivisors(op ir.AveragePool, g f32.Geometry) ([]float32, error) {
	none := make([]int, len(g.In))
	if !op.CountPad {
		return g.Divisors(none, none), nil
	}
	r, _, err := op.Window.Resolve(op.Kernel, g.In)
	if err != nil {
		return nil, err
	}
	return g.Divisors(g.Begin, r.Pads[len(g.In):]), nil
}
