package ann

import "ann2snn/ir"

func buildSigmoid(_ ir.Sigmoid, n *node) (step, error) { return n.mapDouble(sigmoid) }
