package ann

import "ann2snn/ir"

func buildWhere(_ ir.Where, n *node) (step, error) {
	n.allowOverwrite(1)
	n.allowOverwrite(2)
	return forElement(n.in[1].dtype, whereStep[float32], whereStep[int64], whereStep[bool])(n), nil
}

func whereStep[T element](n *node) step {
	cond, yes, no, out := n.in[0], n.in[1], n.in[2], n.out[0]
	walk := newBroadcast(out.shape, cond, yes, no)
	return func(m *memory) error {
		c, a, b, dst := elements[bool](cond, m), elements[T](yes, m), elements[T](no, m), elements[T](out, m)
		for r := range walk.starts[0] {
			i, j, k := walk.starts[0][r], walk.starts[1][r], walk.starts[2][r]
			row := dst[r*walk.length:][:walk.length]
			for at := range row {
				if c[int(i)+at*walk.strides[0]] {
					row[at] = a[int(j)+at*walk.strides[1]]
				} else {
					row[at] = b[int(k)+at*walk.strides[2]]
				}
			}
		}
		return nil
	}
}
