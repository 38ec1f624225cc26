package ir

import (
	"errors"
	"fmt"
	"slices"
)

// maxProblems bounds how many problems Verify reports.
const maxProblems = 20

// Verify checks that g is legal and returns everything that is not, joined: ids exist,
// value names are unique, every value has one source (graph input, constant or node)
// that stands before its readers, constants and types are consistent, and the types of
// nodes' outputs, where set, are those that the operators infer.
func (g *Graph) Verify() error {
	v := &verifier{g: g, source: make([]string, len(g.Values))}
	v.ids()
	if v.problems != nil {
		return errors.Join(v.problems...)
	}
	v.values()
	v.inputs()
	for i := range g.Nodes {
		v.node(i)
	}
	v.outputs()
	return errors.Join(v.problems...)
}

// A verifier collects problems; source says per value where it comes from, "" before that is known.
type verifier struct {
	g        *Graph
	source   []string
	problems []error
}

func (v *verifier) report(err error) {
	if err != nil && len(v.problems) < maxProblems {
		v.problems = append(v.problems, err)
	}
}

func (v *verifier) reportf(format string, args ...any) {
	v.report(fmt.Errorf("ir: "+format, args...))
}

// ids checks that everything that the other checks follow exists.
func (v *verifier) ids() {
	missing := func(id ValueID) bool { return id < 0 || int(id) >= len(v.g.Values) }
	absent := func(id ValueID) bool { return id != None && missing(id) }
	if slices.ContainsFunc(v.g.Inputs, missing) || slices.ContainsFunc(v.g.Outputs, missing) {
		v.reportf("graph inputs %v or outputs %v name a value that does not exist", v.g.Inputs, v.g.Outputs)
	}
	for i, n := range v.g.Nodes {
		switch {
		case n.Op == nil:
			v.reportf("node %d %q has no operator", i, n.Name)
		case slices.ContainsFunc(n.In, absent) || slices.ContainsFunc(n.Out, absent):
			v.reportf("%s %q: inputs %v or outputs %v name a value that does not exist", n.Op.Kind(), n.Name, n.In, n.Out)
		}
	}
}

// values checks names and constants.
func (v *verifier) values() {
	first := make(map[string]int, len(v.g.Values))
	for i, val := range v.g.Values {
		if j, ok := first[val.Name]; ok {
			v.reportf("values %d and %d are both called %q", j, i, val.Name)
		}
		first[val.Name] = i
		if val.Name == "" {
			v.reportf("value %d has no name", i)
		}
		if c := val.Type.Const; c != nil {
			v.source[i] = "a constant"
			v.constant(val.Name, val.Type)
		}
	}
}

func (v *verifier) constant(name string, t Type) {
	if err := t.Const.check(); err != nil {
		v.reportf("constant %q: %w", name, err)
		return
	}
	if c := t.Const.Type(); !sameType(c, t) {
		v.reportf("constant %q of type %v holds %v", name, t, c)
	}
}

func sameType(a, b Type) bool {
	same := func(a, b Dim) bool { return a.N == b.N }
	return a.DType == b.DType && a.Ranked == b.Ranked && slices.EqualFunc(a.Shape, b.Shape, same)
}

// assign records where a value comes from.
func (v *verifier) assign(id ValueID, source string) {
	if old := v.source[id]; old != "" {
		v.reportf("value %q is %s and also %s", v.g.Values[id].Name, old, source)
	}
	v.source[id] = source
}

func (v *verifier) inputs() {
	for _, id := range v.g.Inputs {
		v.assign(id, "a graph input")
		if t := v.g.Type(id); !t.present() {
			v.reportf("graph input %q has no type", v.g.Values[id].Name)
		}
	}
}

// node checks that node i reads what exists and that its outputs have the types set.
func (v *verifier) node(i int) {
	n := v.g.Nodes[i]
	typed := true
	for _, id := range n.In {
		if id == None {
			continue
		}
		if v.source[id] == "" {
			v.report(v.g.nodeError(i, fmt.Errorf("reads %q before it is computed", v.g.Values[id].Name)))
		}
		typed = typed && v.g.Type(id).present()
	}
	for _, id := range n.Out {
		if id != None {
			v.assign(id, fmt.Sprintf("an output of %s %q", n.Op.Kind(), v.g.Label(i)))
			typed = typed && v.g.Type(id).present()
		}
	}
	if typed {
		v.types(i)
	}
}

func (v *verifier) types(i int) {
	types, err := v.g.NodeTypes(i)
	if err != nil {
		v.report(err)
		return
	}
	for j, id := range v.g.Nodes[i].Out {
		if id != None && !sameType(types[j], v.g.Type(id)) {
			v.report(v.g.nodeError(i, fmt.Errorf("output %q is said to be %v, but is %v",
				v.g.Values[id].Name, v.g.Type(id), types[j])))
		}
	}
}

func (v *verifier) outputs() {
	if len(v.g.Outputs) == 0 {
		v.reportf("the graph has no outputs")
	}
	listed := make(map[ValueID]bool, len(v.g.Outputs))
	for _, id := range v.g.Outputs {
		if v.source[id] == "" {
			v.reportf("graph output %q is not computed", v.g.Values[id].Name)
		}
		if listed[id] {
			v.reportf("graph output %q is listed twice", v.g.Values[id].Name)
		}
		listed[id] = true
	}
}
