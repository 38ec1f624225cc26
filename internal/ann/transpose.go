package ann

import "ann2snn/ir"

func buildTranspose(op ir.Transpose, n *node) (step, error) {
	in := n.in[0]
	perm, err := op.Permutation(len(in.shape))
	if err != nil {
		return nil, err
	}
	from, to := newPick(in.shape), newPick(in.shape)
	for i, p := range perm {
		to.axes[i] = from.axes[p]
	}
	return to.step(n.out[0], in), nil
}
