package ann

import (
	"fmt"

	"ann2snn/ir"
)

func buildTrilu(op ir.Trilu, n *node) (step, error) {
	if n.in[0].dtype == ir.Int64 {
		return triluStep[int64](op, n), nil
	}
	return triluStep[float32](op, n), nil
}

// triluStep copies the elements of a triangle and clears the others.
func triluStep[T number](op ir.Trilu, n *node) step {
	x, out := n.in[0], n.out[0]
	rank := len(x.shape)
	rows, columns := x.shape[rank-2], x.shape[rank-1]
	return func(m *memory) error {
		k := 0
		if len(n.in) > 1 && n.in[1] != nil {
			diagonal := elements[int64](n.in[1], m)
			if len(diagonal) != 1 {
				return fmt.Errorf("the diagonal has %d elements, want 1", len(diagonal))
			}
			k = int(diagonal[0])
		}
		dst, src := elements[T](out, m), elements[T](x, m)
		for i, v := range src {
			row, column := i/columns%rows, i%columns
			if above := column - row - k; above != 0 && above > 0 != op.Upper {
				v = 0
			}
			dst[i] = v
		}
		return nil
	}
}
