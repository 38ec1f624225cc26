package ann

import "ann2snn/ir"

func buildSqueeze(_ ir.Squeeze, n *node) (step, error) { return n.view() }
