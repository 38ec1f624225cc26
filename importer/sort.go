package importer

import (
	"fmt"

	"ann2snn/internal/pb"
)

// A sorter orders nodes so that producers come before their readers.
type sorter struct {
	nodes    []*pb.NodeProto
	producer map[string]int // of a value, by name
	state    []visit
	sorted   []*pb.NodeProto
}

type visit uint8

const (
	unvisited visit = iota
	open            // waits for the nodes that it reads
	done
)

// sortNodes returns the nodes in topological order, in the order of the file where that
// is one already.
func sortNodes(nodes []*pb.NodeProto) ([]*pb.NodeProto, error) {
	s := &sorter{
		nodes:    nodes,
		producer: make(map[string]int, len(nodes)),
		state:    make([]visit, len(nodes)),
		sorted:   make([]*pb.NodeProto, 0, len(nodes)),
	}
	for i, n := range nodes {
		for _, o := range n.Output {
			s.producer[o] = i
		}
	}
	delete(s.producer, "") // the absent output
	for i := range nodes {
		if err := s.place(i); err != nil {
			return nil, err
		}
	}
	return s.sorted, nil
}

// place puts node root after all nodes that it reads. It keeps its own stack: a chain
// in reverse order is as deep as the file is long.
func (s *sorter) place(root int) error {
	type frame struct{ node, next int } // next is the input to look at
	stack := []frame{{node: root}}
	for len(stack) > 0 && s.state[root] != done {
		top := &stack[len(stack)-1]
		n := s.nodes[top.node]
		s.state[top.node] = open
		if top.next == len(n.Input) {
			s.state[top.node] = done
			s.sorted = append(s.sorted, n)
			stack = stack[:len(stack)-1]
			continue
		}
		in := n.Input[top.next]
		top.next++
		before, ok := s.producer[in]
		switch {
		case !ok || s.state[before] == done:
		case s.state[before] == open:
			return nodeError(n, fmt.Errorf("input %q depends on the node's own output: the graph has a cycle", in))
		default:
			stack = append(stack, frame{node: before})
		}
	}
	return nil
}
