package ann

import "ann2snn/ir"

func buildUnsqueeze(_ ir.Unsqueeze, n *node) (step, error) { return n.view() }
