package importer

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// branch is an attribute that holds a graph of nodes, whose output is that of the last one.
func branch(name string, constants []*pb.TensorProto, nodes ...*pb.NodeProto) *pb.AttributeProto {
	last := nodes[len(nodes)-1].Output[0]
	return &pb.AttributeProto{
		Name: proto.String(name), Type: pb.AttributeProto_GRAPH.Enum(),
		G: &pb.GraphProto{Node: nodes, Initializer: constants, Output: []*pb.ValueInfoProto{{Name: &last}}},
	}
}

// TestBranches: of an If whose condition is a constant, the branch that is taken is read; branches
// of the same names do not meet, and lie in one another.
func TestBranches(t *testing.T) {
	inner := op("z = If(f)", branch("then_branch", nil, op("q = Tanh(x)")), branch("else_branch", nil, op("q = Sigmoid(a)")))
	m := with(file(
		op("f = Constant()", attr("value", rawTensor("", pb.TensorProto_BOOL, []byte{0}))),
		op("b = If(t)", branch("then_branch", []*pb.TensorProto{zeros("c", 3)}, op("a = Add(x, c)"), inner), branch("else_branch", nil, op("a = Relu(x)"))),
		op("a = If(f)", branch("then_branch", nil, op("n = Tanh(x)")), branch("else_branch", []*pb.TensorProto{zeros("c", 1)}, op("n = Mul(b, c)"))),
	), rawTensor("t", pb.TensorProto_BOOL, []byte{1}))
	want := `const %t bool[] = {true}
const %c float32[3] = {0, 0, 0}
const %c_2 float32[1] = {0}
const %f bool[] = {false}
%a_2 = Add(%x, %c) "A"
%q = Sigmoid(%a_2) "Q"
%z = Identity(%q) "Z"
%b = Identity(%z) "B"
%n = Binary(%b, %c_2) "N" {fn=mul}
%a = Identity(%n) "A"`
	if got := body(mustParse(t, m)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestBranchesRefused: conditions that are not known, and branches that do not give what the If
// gives.
func TestBranchesRefused(t *testing.T) {
	then := branch("then_branch", nil, op("a = Relu(x)"))
	for _, n := range []*pb.NodeProto{
		op("y = If(x)", then, branch("else_branch", nil, op("a = Tanh(x)"))),
		op("y, z = If(t)", then, branch("else_branch", nil, op("a = Tanh(x)"))),
		op("y = If(two)", then, branch("else_branch", nil, op("a = Tanh(x)"))),
	} {
		m := with(file(n), rawTensor("t", pb.TensorProto_BOOL, []byte{1}), rawTensor("two", pb.TensorProto_BOOL, []byte{1, 1}, 2))
		_, err := Parse(t.Context(), marshal(t, m), "", Options{})
		wantError(t, err, `If "Y": attribute then_branch holds a graph: control flow is not supported`)
	}
}
