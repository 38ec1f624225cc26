package ann

import "ann2snn/ir"

func buildConcat(op ir.Concat, n *node) (step, error) {
	axis, err := ir.Axis(op.Axis, len(n.out[0].shape))
	if err != nil {
		return nil, err
	}
	return forElement(n.out[0].dtype, concatStep[float32], concatStep[int64], concatStep[bool])(n, axis), nil
}

func concatStep[T element](n *node, axis int) step {
	in, out := n.in, n.out[0]
	outer, width := product(out.shape[:axis]), product(out.shape[axis:])
	return func(m *memory) error {
		dst := elements[T](out, m)
		at := 0
		for _, v := range in {
			src, part := elements[T](v, m), product(v.shape[axis:])
			for o := range outer {
				copy(dst[o*width+at:], src[o*part:(o+1)*part])
			}
			at += part
		}
		return nil
	}
}
