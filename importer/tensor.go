package importer

import (
	"errors"
	"fmt"
	"slices"

	// gorgonia's tensors panic when the program starts unless this package knows the
	// Go release; importing it keeps the version that does in go.mod. With another one
	// no test of this package would start.
	_ "go4.org/unsafe/assume-no-moving-gc"
	"gorgonia.org/tensor"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// maxRank bounds the number of a tensor's axes; no operator needs as many.
const maxRank = 64

// A weight is a tensor of the file with its elements widened to float32, int64 or bool.
type weight struct {
	*tensor.Dense
	stored string // element type in the file where that differs
}

// decodeTensor reads the elements of p, which must be as many as its dimensions say.
func decodeTensor(p *pb.TensorProto, external *externalData) (weight, error) {
	t, err := elemTypeOf(p.GetDataType())
	if err != nil {
		return weight{}, err
	}
	shape, n, err := checkDims(p.Dims)
	if err != nil {
		return weight{}, err
	}
	if p.Segment != nil {
		return weight{}, errors.New("tensors in segments are not supported")
	}
	elems, err := decodeElems(p, t, n, external)
	if err != nil {
		return weight{}, err
	}
	if have := length(elems); have != n {
		return weight{}, fmt.Errorf("has %d elements of data, but its shape is %v", have, shape)
	}
	return weight{tensor.New(tensor.WithShape(shape...), tensor.WithBacking(elems)), t.stored()}, nil
}

// decodeElems returns the elements of p wherever they are; raw ones are read only if
// they are as many bytes as n elements take.
func decodeElems(p *pb.TensorProto, t elemType, n int, external *externalData) (any, error) {
	raw, size := p.RawData, n*t.size
	if p.GetDataLocation() == pb.TensorProto_EXTERNAL {
		var err error
		if raw, err = external.read(p.ExternalData, size); err != nil {
			return nil, err
		}
	}
	if len(raw) == 0 {
		return t.typed(p), nil
	}
	if len(raw) != size {
		return nil, fmt.Errorf("has %d bytes of data, but %v elements of %s take %d", len(raw), p.Dims, t.name, size)
	}
	return t.raw(raw), nil
}

// checkDims returns the dimensions and the number of elements they make.
func checkDims(dims []int64) (shape []int, n int, err error) {
	if len(dims) > maxRank {
		return nil, 0, fmt.Errorf("has %d axes, at most %d are supported", len(dims), maxRank)
	}
	shape, n = make([]int, len(dims)), 1
	for i, d := range dims {
		switch {
		case d < 0:
			return nil, 0, fmt.Errorf("shape %v has a negative axis", dims)
		case d > ir.MaxElems || d > 0 && n > ir.MaxElems/int(d):
			return nil, 0, fmt.Errorf("shape %v has more than %d elements", dims, ir.MaxElems)
		}
		shape[i] = int(d)
		n *= shape[i]
	}
	return shape, n, nil
}

// length returns the number of elements that an elemType's functions returned.
func length(elems any) int {
	switch e := elems.(type) {
	case []float32:
		return len(e)
	case []int64:
		return len(e)
	default:
		return len(e.([]bool))
	}
}

// constant returns the weight as a constant of the IR, which shares its elements.
func (w weight) constant() *ir.Tensor {
	t := &ir.Tensor{Shape: slices.Clone(w.Shape()), Stored: w.stored}
	switch w.Dtype() {
	case tensor.Float32:
		t.DType, t.F = ir.Float32, w.Float32s()
	case tensor.Int64:
		t.DType, t.I = ir.Int64, w.Int64s()
	case tensor.Bool:
		t.DType, t.B = ir.Bool, w.Bools()
	}
	return t
}
