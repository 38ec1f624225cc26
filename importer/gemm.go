package importer

import "ann2snn/ir"

var opGemm = operator{name: "Gemm", forms: []form{
	{since: []int{7, 9}, inputs: arity{3, 3}, decode: decodeGemm},
	{since: []int{11, 13}, inputs: arity{2, 3}, decode: decodeGemm},
}}

func decodeGemm(n *node) ir.Op {
	return ir.Gemm{
		Alpha: n.float("alpha", 1), Beta: n.float("beta", 1),
		TransA: n.flag("transA", false), TransB: n.flag("transB", false),
	}
}
