package importer

import (
	"fmt"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// attribute takes an attribute of type T off the node; ok reports whether the node has it.
func attribute[T any](n *node, name string) (v T, ok bool) {
	a, ok := n.attributes[name]
	if !ok {
		return v, false
	}
	delete(n.attributes, name)
	v, ok = a.(T)
	if !ok {
		n.failf("attribute %s is %s, want %s", name, typeName(a), typeName(v))
	}
	return v, ok
}

// typeName is the name that ONNX has for an attribute's type.
func typeName(a any) string {
	switch a := a.(type) {
	case float32:
		return "a FLOAT"
	case int64:
		return "an INT"
	case string:
		return "a STRING"
	case []float32:
		return "FLOATS"
	case []int64:
		return "INTS"
	case []string:
		return "STRINGS"
	case *pb.AttributeProto:
		if a == nil { // not a value, but the type that is wanted
			return "a TENSOR"
		}
		return "of type " + a.GetType().String()
	}
	return fmt.Sprintf("a %T", a)
}

// has reports whether the node has an attribute that is not read yet.
func (n *node) has(name string) bool {
	_, ok := n.attributes[name]
	return ok
}

// float reads a FLOAT.
func (n *node) float(name string, missing float32) float32 {
	v, ok := attribute[float32](n, name)
	if !ok {
		return missing
	}
	if v != v {
		n.failf("attribute %s is not a number", name)
	}
	return v
}

// int reads an INT from least to most.
func (n *node) int(name string, missing, least, most int) int {
	v, ok := attribute[int64](n, name)
	if !ok {
		return missing
	}
	if v < int64(least) || v > int64(most) {
		n.failf("attribute %s is %d, want %d to %d", name, v, least, most)
	}
	return int(v)
}

// axis reads an INT that counts axes, from the back where it is negative.
func (n *node) axis(missing int) int { return n.int("axis", missing, -maxRank, maxRank) }

// flag reads an INT that is 0 or 1.
func (n *node) flag(name string, missing bool) bool {
	m := 0
	if missing {
		m = 1
	}
	return n.int(name, m, 0, 1) == 1
}

// ints reads INTS from least to most, at most twice as many as a tensor has axes.
func (n *node) ints(name string, least, most int) []int {
	list, _ := attribute[[]int64](n, name)
	if len(list) > 2*maxRank {
		n.failf("attribute %s has %d elements", name, len(list))
		return nil
	}
	out := make([]int, len(list))
	for i, v := range list {
		if v < int64(least) || v > int64(most) {
			n.failf("attribute %s is %d, want elements from %d to %d", name, list, least, most)
		}
		out[i] = int(v)
	}
	return out
}

// list reads INTS as a constant, nil where there are none.
func (n *node) list(name string) *ir.Tensor {
	v, ok := attribute[[]int64](n, name)
	if !ok {
		return nil
	}
	return ir.Ints(v, len(v))
}

// scalar reads a FLOAT as a constant, nil where there is none.
func (n *node) scalar(name string) *ir.Tensor {
	if !n.has(name) {
		return nil
	}
	return ir.Floats([]float32{n.float(name, 0)})
}

// choice reads a STRING, which must be a key of choices.
func choice[T any](n *node, name, missing string, choices map[string]T) T {
	s, ok := attribute[string](n, name)
	if !ok {
		s = missing
	}
	v, ok := choices[s]
	if !ok {
		n.failf("attribute %s is %q, which is unknown", name, s)
	}
	return v
}

// tensor reads a TENSOR, nil where there is none or it is wrong.
func (n *node) tensor(name string) *ir.Tensor {
	a, ok := attribute[*pb.AttributeProto](n, name)
	if !ok {
		return nil
	}
	if a.GetType() != pb.AttributeProto_TENSOR {
		n.failf("attribute %s is %s, want a TENSOR", name, typeName(a))
		return nil
	}
	if a.T == nil {
		n.failf("attribute %s is empty", name)
		return nil
	}
	c, err := decodeTensor(a.T, n.t.model.external)
	if err != nil {
		n.failf("attribute %s: %w", name, err)
		return nil
	}
	return c
}

// required notes it where an attribute that is about to be read is missing.
func (n *node) required(name string) {
	if !n.has(name) {
		n.failf("attribute %s is missing", name)
	}
}
