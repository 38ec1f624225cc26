package ann

import "ann2snn/ir"

func buildFlatten(_ ir.Flatten, n *node) (step, error) { return n.view() }
