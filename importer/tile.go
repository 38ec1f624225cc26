package importer

import "ann2snn/ir"

var opTile = operator{name: "Tile", becomes: ir.Tile{}, forms: []form{{
	since: []int{6, 13}, inputs: arity{2, 2},
	decode: func(*node) ir.Op { return ir.Tile{} },
}}}
