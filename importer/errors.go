package importer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ann2snn/internal/pb"
)

// maxListed is how many nodes the text of an UnsupportedError lists.
const maxListed = 50

// ErrNotONNX says that bytes are no ONNX model.
var ErrNotONNX = errors.New("importer: not an ONNX model")

// UnsupportedError lists every node of a model that ann2snn cannot translate.
type UnsupportedError struct {
	Opset int // that the file declares
	Nodes []UnsupportedNode
}

// UnsupportedNode is a node that ann2snn cannot translate.
type UnsupportedNode struct {
	Name   string // the node's name, or its first output's where it has none
	Op     string // ONNX operator
	Domain string // operator set; "" is that of ONNX itself
	Reason string
}

// Error lists the nodes, one a line.
func (e *UnsupportedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "importer: %d of the model's nodes cannot be translated (opset %d):", len(e.Nodes), e.Opset)
	for _, n := range e.Nodes[:min(len(e.Nodes), maxListed)] {
		fmt.Fprintf(&b, "\n  %s %q: %s", n.operator(), n.Name, n.Reason)
	}
	if more := len(e.Nodes) - maxListed; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	return b.String()
}

// operator is the node's operator with its domain, where that is not ONNX's.
func (n UnsupportedNode) operator() string {
	if n.Domain == "" {
		return word(n.Op)
	}
	return word(n.Domain) + "." + word(n.Op)
}

// operatorName is the operator of a node of the file, as messages call it.
func operatorName(p *pb.NodeProto) string {
	return UnsupportedNode{Op: p.GetOpType(), Domain: p.GetDomain()}.operator()
}

// label is what messages call a node: its name, or its first output's where it has none.
func label(n *pb.NodeProto) string {
	if n.GetName() != "" {
		return n.GetName()
	}
	for _, o := range n.Output {
		if o != "" {
			return o
		}
	}
	return ""
}

// word is a name out of a file for messages: in quotes unless it is made of letters, digits and
// what names commonly hold besides.
func word(name string) string {
	special := func(c rune) bool {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		return !letter && (c < '0' || c > '9') && !strings.ContainsRune("_./:+-", c)
	}
	if strings.ContainsFunc(name, special) {
		return strconv.Quote(name)
	}
	return name
}

// nodeError says which node an error is about.
func nodeError(n *pb.NodeProto, err error) error {
	return fmt.Errorf("importer: %s %q: %w", word(n.GetOpType()), label(n), err)
}

func nodeErrorf(n *pb.NodeProto, format string, args ...any) error {
	return nodeError(n, fmt.Errorf(format, args...))
}
