package ann

import (
	"slices"

	"ann2snn/ir"
)

func buildConcat(op ir.Concat, n *node) (step, error) {
	axis, err := ir.Axis(op.Axis, len(n.out[0].shape))
	if err != nil {
		return nil, err
	}
	last := func(v *value) bool { return v.interleaved }
	if axis == 1 && slices.ContainsFunc(n.in, last) {
		return n.concatMaps(), nil
	}
	n.toONNXOrder()
	return forElement(n.out[0].dtype, concatStep[float32], concatStep[int64], concatStep[bool])(n, axis), nil
}

// concatMaps makes the step that joins maps with channels last. An input that
// only this step reads is written to its place by the step that computes it.
func (n *node) concatMaps() step {
	out := n.out[0]
	out.interleave(true)
	placed := make([]bool, len(n.in))
	from := 0
	for i, v := range n.in {
		n.in[i] = n.reordered(v, true)
		if e := v.epilogue; e != nil && e.pixels && e.into == nil && v.soleReader() {
			e.into, e.from, placed[i] = out, from, true
			e.node.scratch = append(e.node.scratch, out)
		}
		from += v.shape[1]
	}
	in := n.in
	return func(m *memory) error {
		from := 0
		for i, v := range in {
			if !placed[i] || m.watched {
				joinPixels(m, out, v, from)
			}
			from += v.shape[1]
		}
		return nil
	}
}

// joinPixels copies the channels of a map to those of a wider one, from a channel on.
func joinPixels(m *memory, out, in *value, from int) {
	for s := range out.shape[0] {
		dst, src := pixelsOf(m, out, s, from, out.shape[1]), pixelsOf(m, in, s, 0, in.shape[1])
		for p := range product(out.shape[2:]) {
			copy(dst.Data[p*dst.Stride:], src.Data[p*src.Stride:][:src.Stride])
		}
	}
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
