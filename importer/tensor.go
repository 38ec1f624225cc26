package importer

import (
	"errors"
	"fmt"

	"ann2snn/importer/internal/onnxgo"
	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// maxRank bounds the number of a tensor's axes; no operator needs as many.
const maxRank = 64

// decodeTensor reads the elements of p, which must be as many as its dimensions say, and
// widens them to float32, int64 or bool.
func decodeTensor(p *pb.TensorProto, external *externalData) (*ir.Tensor, error) {
	t, err := elemTypeOf(p.GetDataType())
	if err != nil {
		return nil, err
	}
	shape, n, err := checkDims(p.Dims)
	if err != nil {
		return nil, err
	}
	if p.Segment != nil {
		return nil, errors.New("tensors in segments are not supported")
	}
	elems, err := decodeElems(p, t, n, external)
	if err != nil {
		return nil, err
	}
	if halves, ok := elems.([]int64); ok && t.size == 0 && len(halves) == n+1 {
		elems = halves[:n] // the last byte is half empty
	}
	if have := length(elems); have != n {
		return nil, fmt.Errorf("has %d elements of data, but its shape is %v", have, shape)
	}
	c, err := onnxgo.Tensor(shape, elems)
	if err != nil {
		return nil, err
	}
	c.Stored = t.stored()
	return c, nil
}

// decodeElems returns the elements of p wherever they are; raw ones are read only if
// they are as many bytes as n elements take.
func decodeElems(p *pb.TensorProto, t elemType, n int, external *externalData) (any, error) {
	raw, size := p.RawData, t.bytesOf(n)
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
	if err := external.ask(int64(n) * heldBytes[t.dtype]); err != nil {
		return nil, err
	}
	return t.raw(raw), nil
}

// heldBytes is the size of an element as the IR holds it.
var heldBytes = map[ir.DType]int64{ir.Float32: 4, ir.Int64: 8, ir.Bool: 1}

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
