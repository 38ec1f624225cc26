package importer

import (
	"slices"

	"ann2snn/ir"
)

var opResize = operator{name: "Resize", note: "without antialias", forms: []form{
	{since: []int{10}, inputs: arity{2, 2}, decode: decodeResize10},
	{since: []int{11, 13}, inputs: arity{1, 4}, decode: func(n *node) ir.Op { return n.resize11() }},
	{since: []int{18, 19}, inputs: arity{1, 4}, decode: decodeResize18},
}}

var opUpsample = operator{name: "Upsample", becomes: ir.Resize{}, note: "ONNX has Resize from opset 10 on", forms: []form{
	{since: []int{7}, inputs: arity{1, 1}, decode: func(n *node) ir.Op {
		n.required("scales")
		scales, _ := attribute[[]float32](n, "scales")
		n.setInput(1, "scales", ir.Floats(scales, len(scales)))
		return decodeResize10(n)
	}},
	{since: []int{9}, inputs: arity{2, 2}, decode: decodeResize10},
}}

// decodeResize10 reads the operator of opset 10, whose scales are input 1.
func decodeResize10(n *node) ir.Op {
	n.in = slices.Insert(n.in, 1, ir.None)
	return ir.Resize{Mode: n.text("mode", "nearest"), Coordinates: "asymmetric", Nearest: "simple", CubicA: -0.75, Aspect: "stretch"}
}

func (n *node) resize11() ir.Resize {
	return ir.Resize{
		Mode:           n.text("mode", "nearest"),
		Coordinates:    n.text("coordinate_transformation_mode", "half_pixel"),
		Nearest:        n.text("nearest_mode", "round_prefer_floor"),
		CubicA:         n.float("cubic_coeff_a", -0.75),
		ExcludeOutside: n.flag("exclude_outside", false),
		Extrapolation:  n.float("extrapolation_value", 0),
		Aspect:         "stretch",
	}
}

func decodeResize18(n *node) ir.Op {
	op := n.resize11()
	op.Axes = n.ints("axes", -maxRank, maxRank)
	op.Aspect = n.text("keep_aspect_ratio_policy", "stretch")
	if n.flag("antialias", false) && op.Mode != "nearest" {
		n.reject("antialias=1 is not supported (export the model without it)")
	}
	return op
}

// text reads a STRING that the operator checks.
func (n *node) text(name, missing string) string {
	s, ok := attribute[string](n, name)
	if !ok {
		return missing
	}
	return s
}
