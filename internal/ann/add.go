package ann

import (
	"slices"

	"ann2snn/ir"
)

func buildAdd(_ ir.Add, n *node) (step, error) {
	if n.out[0].dtype != ir.Float32 || !slices.Equal(n.in[0].shape, n.in[1].shape) {
		return overNumbers(n, addRow[float32], addRow[int64])
	}
	n.alike()
	n.allowOverwrite(0)
	n.allowOverwrite(1)
	a, b, out := n.in[0], n.in[1], n.out[0]
	e := n.newEpilogue(false)
	return func(m *memory) error {
		m.worker.Add(out.floats(m), a.floats(m), b.floats(m), e.bounds(m))
		return nil
	}, nil
}

func addRow[T number](dst, a, b []T, stepA, stepB int) error {
	i, j := 0, 0
	for k := range dst {
		dst[k] = a[i] + b[j]
		i += stepA
		j += stepB
	}
	return nil
}
