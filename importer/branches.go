package importer

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// takeBranches puts the nodes of the branch that is taken in the place of every If whose condition
// is a constant of the file, as scripted modules leave them.
func (m *model) takeBranches(g *pb.GraphProto) error {
	b := &branches{model: m, taken: make(map[string]bool), conditions: make(map[string]*ir.Tensor)}
	for _, c := range m.initializers {
		b.conditions[c.name] = c.value
	}
	for name := range m.names {
		b.taken[name] = true
	}
	b.reserve(g.Node)
	nodes, err := b.flatten(g.Node, nil)
	if err != nil {
		return err
	}
	g.Node = nodes
	return nil
}

// branches takes branches.
type branches struct {
	*model
	taken      map[string]bool       // names of values so far
	conditions map[string]*ir.Tensor // constants so far that may be conditions
}

func (b *branches) reserve(nodes []*pb.NodeProto) {
	for _, n := range nodes {
		for _, o := range n.Output {
			b.taken[o] = true
		}
	}
}

// flatten returns nodes with branches in the place of Ifs. Values are called otherwise where
// renamed says so.
func (b *branches) flatten(nodes []*pb.NodeProto, renamed map[string]string) ([]*pb.NodeProto, error) {
	flat := make([]*pb.NodeProto, 0, len(nodes))
	for _, n := range nodes {
		if len(renamed) > 0 {
			n = rename(n, renamed)
		}
		b.note(n)
		yes, known := false, false
		if n.GetOpType() == "If" && isONNX(n.GetDomain()) && len(n.Input) == 1 {
			yes, known = truth(b.conditions[n.Input[0]])
		}
		branch := branchOf(n, yes)
		if !known || branch == nil || len(branch.Output) != len(n.Output) {
			flat = append(flat, n)
			continue
		}
		inner, err := b.inline(n, branch, renamed)
		if err != nil {
			return nil, err
		}
		flat = append(flat, inner...)
	}
	return flat, nil
}

// inline returns the nodes of a branch, and one more for each of its outputs. Names that others
// have already are changed.
func (b *branches) inline(n *pb.NodeProto, branch *pb.GraphProto, outer map[string]string) ([]*pb.NodeProto, error) {
	renamed := make(map[string]string, len(outer))
	for from, to := range outer {
		renamed[from] = to
	}
	own := func(name string) string {
		free := name
		for i := 2; b.taken[free] && free != ""; i++ {
			free = fmt.Sprintf("%s_%d", name, i)
		}
		b.taken[free] = true
		delete(renamed, name)
		if free != name {
			renamed[name] = free
		}
		return free
	}
	for _, p := range branch.Initializer {
		value, err := decodeTensor(p, b.external)
		name := own(p.GetName())
		if err == nil {
			err = b.names.define(name)
		}
		if err != nil {
			return nil, nodeErrorf(n, "initializer %q: %w", p.GetName(), err)
		}
		b.initializers = append(b.initializers, initializer{name, value})
	}
	for _, inner := range branch.Node {
		for _, o := range inner.Output {
			own(o)
		}
	}
	nodes, err := b.flatten(branch.Node, renamed)
	for k, o := range branch.Output {
		name := o.GetName()
		if to, ok := renamed[name]; ok {
			name = to
		}
		nodes = append(nodes, &pb.NodeProto{
			OpType: proto.String("Identity"), Name: n.Name, Input: []string{name}, Output: []string{n.Output[k]},
		})
	}
	return nodes, err
}

// branchOf returns the branch of an If for a condition.
func branchOf(n *pb.NodeProto, yes bool) *pb.GraphProto {
	name := map[bool]string{true: "then_branch", false: "else_branch"}[yes]
	for _, a := range n.Attribute {
		if a.GetName() == name {
			return a.G
		}
	}
	return nil
}

// note keeps a constant that may be a condition.
func (b *branches) note(n *pb.NodeProto) {
	if n.GetOpType() != "Constant" || len(n.Output) != 1 || len(n.Attribute) != 1 || n.Attribute[0].T.GetDataType() != int32(pb.TensorProto_BOOL) {
		return
	}
	if value, err := decodeTensor(n.Attribute[0].T, b.external); err == nil {
		b.conditions[n.Output[0]] = value
	}
}

// truth is the only element of a constant.
func truth(t *ir.Tensor) (yes, known bool) {
	if t == nil || t.DType != ir.Bool || len(t.B) != 1 {
		return false, false
	}
	return t.B[0], true
}

// rename returns a node that calls values otherwise.
func rename(n *pb.NodeProto, renamed map[string]string) *pb.NodeProto {
	to := func(names []string) []string {
		list := make([]string, len(names))
		for i, name := range names {
			list[i] = name
			if other, ok := renamed[name]; ok {
				list[i] = other
			}
		}
		return list
	}
	return &pb.NodeProto{
		OpType: n.OpType, Domain: n.Domain, Name: n.Name, Attribute: n.Attribute, Input: to(n.Input), Output: to(n.Output),
	}
}
