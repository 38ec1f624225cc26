package passes

import (
	"errors"
	"fmt"
	"strings"

	"ann2snn/ir"
)

// bindBatch makes a network that takes any number of samples take one: an unknown first
// axis of a graph input gets length 1. Other unknown axes are an error.
func bindBatch(g *ir.Graph) (int, error) {
	changed := 0
	var problems []error
	for _, id := range g.Inputs {
		v := g.Value(id)
		if v.Type.Ranked && len(v.Type.Shape) > 0 && v.Type.Shape[0].N < 0 {
			shape := append(ir.Fixed(1), v.Type.Shape[1:]...)
			v.Type.Shape = shape
			changed++
		}
		if !v.Type.Static() {
			problems = append(problems, fmt.Errorf("input %q is %v, and every axis length must be known (try the input's shape as %s)", v.Name, v.Type, shapeHint(v)))
		}
	}
	return changed, errors.Join(problems...)
}

// shapeHint says how to give the lengths that are not known.
func shapeHint(v *ir.Value) string {
	dims := []string{"1", "..."}
	if v.Type.Ranked {
		dims = dims[:0]
		for _, d := range v.Type.Shape {
			dims = append(dims, d.String())
		}
	}
	return fmt.Sprintf("%s=%s with numbers", v.Name, strings.Join(dims, ","))
}
