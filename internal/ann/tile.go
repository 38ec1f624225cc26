package ann

import (
	"errors"
	"slices"

	"ann2snn/ir"
)

func buildTile(_ ir.Tile, n *node) (step, error) {
	repeats := n.in[1].constant
	if repeats == nil {
		return nil, errors.New("the repeats are not constant")
	}
	p := newPick(n.in[0].shape)
	for i, r := range repeats.I {
		p.axes[i] = slices.Repeat(p.axes[i], int(r))
	}
	return p.step(n.out[0], n.in[0]), nil
}
