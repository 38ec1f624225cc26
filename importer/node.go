package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// A node is a node of the file while it is translated. Its methods note what is wrong
// instead of returning it, so that decoders read like the operators' definitions.
type node struct {
	t           *translation
	proto       *pb.NodeProto
	attributes  map[string]any // not yet read, by name; *pb.AttributeProto where it is of a type that onnx-go does not decode
	in          []ir.ValueID
	out         []ir.ValueID
	err         error  // what is wrong with the node
	unsupported string // why it cannot be translated
}

// node translates p and appends it to the graph, or to the unsupported nodes.
func (t *translation) node(p *pb.NodeProto, attributes map[string]any) error {
	n := &node{t: t, proto: p, attributes: attributes}
	for _, in := range p.Input {
		n.in = append(n.in, t.lookup(in))
	}
	for _, out := range p.Output {
		n.out = append(n.out, t.declare(out))
	}
	op, err := n.decode()
	if err != nil && t.keep {
		n.unsupported = err.Error()
	} else if err != nil {
		return err
	}
	switch {
	case n.unsupported != "" && t.keep:
		n.append(ir.Foreign{Op: operatorName(p), Reason: n.unsupported, Outputs: len(n.out)}, n.in, n.out)
	case n.unsupported != "":
		t.unsupported = append(t.unsupported, UnsupportedNode{
			Name: label(p), Op: p.GetOpType(), Domain: p.GetDomain(), Reason: n.unsupported,
		})
	case op != nil:
		n.append(op, trim(n.in), trim(n.out))
	}
	return nil
}

// decode returns what the node means.
func (n *node) decode() (ir.Op, error) {
	f, unsupported := n.t.model.formOf(n.proto)
	if unsupported != "" {
		n.unsupported = unsupported
		return nil, nil
	}
	if err := f.checkArity(n.proto); err != nil {
		return nil, err
	}
	op := f.decode(n)
	if left := slices.Sorted(maps.Keys(n.attributes)); len(left) > 0 && n.unsupported == "" {
		for i := range left {
			left[i] = word(left[i])
		}
		n.failf("opset %d has no attribute %s", n.t.model.opset, strings.Join(left, ", "))
	}
	return op, n.err
}

// lookup returns the id of a value that a node reads.
func (t *translation) lookup(name string) ir.ValueID {
	if name == "" {
		return ir.None
	}
	return t.ids[name]
}

// declare adds an output of a node.
func (t *translation) declare(name string) ir.ValueID {
	if name == "" {
		return ir.None
	}
	return t.add(ir.Value{Name: name})
}

// fresh returns a name like base that no value has. It goes on where it stopped for that base:
// a node may ask for thousands.
func (t *translation) fresh(base string) string {
	name, i := base, max(1, t.taken[base])
	for t.model.names[name] {
		i++
		name = fmt.Sprintf("%s_%d", base, i)
	}
	t.model.names[name], t.taken[base] = true, i
	return name
}

// trim drops absent values from the end.
func trim(ids []ir.ValueID) []ir.ValueID {
	for len(ids) > 0 && ids[len(ids)-1] == ir.None {
		ids = ids[:len(ids)-1]
	}
	return ids
}

func (n *node) append(op ir.Op, in, out []ir.ValueID) {
	n.t.graph.Nodes = append(n.t.graph.Nodes, ir.Node{Name: n.proto.GetName(), Op: op, In: in, Out: out})
}

// emit adds an operator in front of the node's own and returns its output.
func (n *node) emit(op ir.Op, in ...ir.ValueID) ir.ValueID {
	out := n.t.declare(n.t.fresh(label(n.proto) + "/" + op.Kind()))
	n.append(op, in, []ir.ValueID{out})
	return out
}

// setInput makes c, where there is one, the node's input i: ONNX turned attributes into
// inputs, and the IR knows only the latter.
func (n *node) setInput(i int, what string, c *ir.Tensor) {
	if c == nil {
		return
	}
	for len(n.in) <= i {
		n.in = append(n.in, ir.None)
	}
	n.in[i] = n.t.graph.AddConst(n.t.fresh(label(n.proto)+"/"+what), c)
}

// constant returns input i if it is there and constant, else nil.
func (n *node) constant(i int) *ir.Tensor {
	if i >= len(n.in) {
		return nil
	}
	return n.t.graph.Type(n.in[i]).Const
}

// hasInput reports whether input i is there.
func (n *node) hasInput(i int) bool { return i < len(n.in) && n.in[i] != ir.None }

// reads reports whether output i exists and something reads it.
func (n *node) reads(i int) bool { return i < len(n.out) && n.t.read[n.proto.Output[i]] }

// failf notes what is wrong with the node, if it is the first thing.
func (n *node) failf(format string, args ...any) {
	if n.err == nil {
		n.err = fmt.Errorf(format, args...)
	}
}

// reject notes why the node cannot be translated.
func (n *node) reject(reason string) { n.unsupported = reason }
