package ann

import "ann2snn/internal/kernels/f32"

// broadcast walks operands that broadcast to a common shape row by row; within a row
// every operand is either a run of elements or one element repeated.
type broadcast struct {
	starts  [][]int32 // per operand: where each row begins
	strides []int     // per operand: 1 for a run, 0 for a repeated element
	length  int       // of a row
}

// newBroadcast makes rows as long as the operands' shapes allow.
func newBroadcast(out []int, operands ...*value) *broadcast {
	b := &broadcast{length: 1, strides: make([]int, len(operands))}
	along := make([][]int, len(operands)) // strides along the axes of out
	for k, v := range operands {
		along[k] = broadcastStrides(v.shape, out)
	}
	axis := len(out)
	for axis > 0 && b.extends(out, along, axis-1) {
		axis--
		b.length *= out[axis]
	}
	for _, s := range along {
		b.starts = append(b.starts, f32.Lattice(out[:axis], s[:axis]))
	}
	return b
}

// extends reports whether rows can go on along the next outer axis: it is trivial, or
// every operand is treated as in the axes inside it. The first axis that is not
// trivial decides that.
func (b *broadcast) extends(out []int, along [][]int, axis int) bool {
	if out[axis] == 1 {
		return true
	}
	for k, s := range along {
		stride := min(s[axis], 1)
		if b.length == 1 {
			b.strides[k] = stride
		}
		if b.strides[k] != stride {
			return false
		}
	}
	return true
}

// broadcastStrides returns the strides of an operand along the axes of out: 0 where it
// is repeated.
func broadcastStrides(shape, out []int) []int {
	strides := make([]int, len(out))
	step, lead := 1, len(out)-len(shape)
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] != 1 {
			strides[lead+i] = step
		}
		step *= shape[i]
	}
	return strides
}
