package importer

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// A graphInput is a graph input and what is wrong with its shape, unless the user gives
// another.
type graphInput struct {
	ir.Value
	problem error
	elem    elemType
}

// readInputs takes over the graph inputs. One that is also an initializer is a default
// value, or a habit of IR versions below 4: it is a constant here.
func (m *model) readInputs(g *pb.GraphProto, o Options) error {
	constants := maps.Clone(m.names)
	for _, p := range g.Input {
		if constants[p.GetName()] {
			continue
		}
		in, err := readInput(p)
		if err := cmp.Or(m.names.define(p.GetName()), err); err != nil {
			return fmt.Errorf("importer: graph input %q: %w", p.GetName(), err)
		}
		m.inputs = append(m.inputs, in)
	}
	m.batch = m.fileBatch()
	if err := m.fixInputs(o.InputShape); err != nil {
		return err
	}
	if len(m.inputs) == 1 && len(o.InputShape[m.inputs[0].Name]) > 0 && o.InputShape[m.inputs[0].Name][0] != 1 {
		m.batch = 0 // the user wants it so
	}
	for _, in := range m.inputs {
		if in.problem != nil {
			return fmt.Errorf("importer: graph input %q: %w (try the input's shape as %s=1,3,224,224)", in.Name, in.problem, word(in.Name))
		}
	}
	return nil
}

// fileBatch returns the length of the only input's first axis, where others follow, if it is a
// number above 1.
func (m *model) fileBatch() int {
	if len(m.inputs) != 1 || len(m.inputs[0].Type.Shape) < 2 || m.inputs[0].Type.Shape[0].N < 2 {
		return 0
	}
	return m.inputs[0].Type.Shape[0].N
}

// readInput reads name, type and shape of a graph input.
func readInput(p *pb.ValueInfoProto) (graphInput, error) {
	tensor := p.GetType().GetTensorType()
	if tensor == nil {
		return graphInput{}, errors.New("is not a tensor")
	}
	elem, err := elemTypeOf(tensor.GetElemType())
	if err != nil {
		return graphInput{}, err
	}
	in := graphInput{elem: elem, Value: ir.Value{Name: p.GetName(), Type: ir.Type{DType: elem.dtype, Ranked: tensor.Shape != nil}}}
	in.Type.Shape, in.problem = readShape(tensor.GetShape())
	return in, nil
}

// readShape returns the axis lengths and what is wrong with them. Symbolic axes count 1
// towards the number of elements.
func readShape(p *pb.TensorShapeProto) (shape ir.Shape, problem error) {
	known := []int64{}
	for i, d := range p.GetDim() {
		v, ok := d.GetValue().(*pb.TensorShapeProto_Dimension_DimValue)
		switch {
		case !ok:
			shape = append(shape, ir.Dim{N: -1, Sym: d.GetDimParam()})
		case v.DimValue < 1:
			shape = append(shape, ir.Dim{N: -1})
			problem = cmp.Or(problem, fmt.Errorf("axis %d has length %d", i, v.DimValue))
		default:
			shape = append(shape, ir.Dim{N: int(v.DimValue)})
			known = append(known, v.DimValue)
		}
	}
	_, _, err := checkDims(known)
	return shape, cmp.Or(problem, err)
}

// fixInputs replaces the shapes of the inputs that shapes names.
func (m *model) fixInputs(shapes map[string][]int) error {
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		dims := shapes[name]
		i := slices.IndexFunc(m.inputs, func(in graphInput) bool { return in.Name == name })
		if i < 0 {
			return fmt.Errorf("importer: input shape for %q, but the graph inputs are %s", name, m.listInputs())
		}
		in := &m.inputs[i]
		if in.Type.Ranked && len(dims) != len(in.Type.Shape) {
			return fmt.Errorf("importer: input shape %v for %q has the wrong number of axes, the graph inputs are %s", dims, name, m.listInputs())
		}
		in.Type.Ranked = true
		in.Type.Shape, in.problem = fixedShape(dims)
	}
	return nil
}

// fixedShape is readShape for a shape that the user gives.
func fixedShape(dims []int) (ir.Shape, error) {
	known := make([]int64, len(dims))
	for i, d := range dims {
		if d < 1 {
			return nil, fmt.Errorf("axis %d has length %d", i, d)
		}
		known[i] = int64(d)
	}
	_, _, err := checkDims(known)
	return ir.Fixed(dims...), err
}

// listInputs describes the graph inputs for messages.
func (m *model) listInputs() string {
	list := make([]string, len(m.inputs))
	for i, in := range m.inputs {
		list[i] = fmt.Sprintf("%s %v", word(in.Name), in.Type)
	}
	return strings.Join(list, ", ")
}
