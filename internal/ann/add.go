package ann

import "ann2snn/ir"

func buildAdd(_ ir.Add, n *node) (step, error) {
	return overNumbers(n, addRow[float32], addRow[int64])
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
