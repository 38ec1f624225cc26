package ann2snn

import (
	"slices"
	"strings"

	"ann2snn/ir"
)

// Outputs lists the names of the model's outputs: first the one that is converted, which
// [LoadOptions] may name, then those that are left out, with all that only they need.
func (m *Model) Outputs() []string {
	g := m.graph
	return append([]string{g.Value(g.Outputs[0]).Name}, g.LeftOut...)
}

// takeOutput leaves one output in a graph: the one of the given name, or the first.
func takeOutput(g *ir.Graph, name string) error {
	var names []string
	for _, id := range g.Outputs {
		names = append(names, g.Value(id).Name)
	}
	at := slices.Index(names, name)
	if name == "" {
		at = 0
	}
	if at < 0 {
		return failf(ErrOutput, "the model has no output %q, it has: %s", name, strings.Join(names, ", "))
	}
	g.Outputs, g.LeftOut = []ir.ValueID{g.Outputs[at]}, slices.Delete(names, at, at+1)
	if len(g.LeftOut) == 0 {
		g.LeftOut = nil
	}
	return nil
}
