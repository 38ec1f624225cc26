package ann

import (
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

func buildSlice(op ir.Slice, n *node) (step, error) {
	in := n.in[0]
	box, err := op.Box(n.types())
	if err != nil {
		return nil, err
	}
	return pickRanges(in.shape, box).step(n.out[0], in), nil
}

// pickRanges picks a range of every axis.
func pickRanges(shape []int, box []ir.Range) pick {
	p := pick{axes: make([][]int32, len(shape))} // no larger than what is picked, as a value may be cut into many
	strides := rowMajor(shape)
	for i, r := range box {
		p.axes[i] = f32.Lattice([]int{r.Len}, []int{r.Step * strides[i]})
		for j := range p.axes[i] {
			p.axes[i][j] += int32(r.Start * strides[i])
		}
	}
	return p
}
