package ann

import "ann2snn/ir"

func buildPRelu(_ ir.PRelu, n *node) (step, error) {
	return pairwise(n, preluRow), nil
}

func preluRow(dst, x, slope []float32, stepX, stepSlope int) error {
	i, j := 0, 0
	for k := range dst {
		v := x[i]
		if v < 0 {
			v *= slope[j]
		}
		dst[k] = v
		i += stepX
		j += stepSlope
	}
	return nil
}
