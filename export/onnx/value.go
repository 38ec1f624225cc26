package onnx

import (
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// value is what a layer puts out in a step, as one of two tensors or as both. A nil value
// is zero everywhere, which RestimRefine makes of the input in later steps.
type value struct {
	shape     snn.Shape
	low, high int64  // bounds of the levels; 0 is between them
	float     string // levels as float32; empty until asked for
	bytes     string // levels-low as uint8; empty unless the value fits and was asked for
}

// fits reports whether levels fit bytes.
func (v *value) fits() bool { return v.high-v.low <= 255 }

// zero is the byte of level 0.
func (v *value) zero() byte { return byte(-v.low) }

// sameBytes reports whether all values are there as bytes and mean the same by them.
func sameBytes(values []*value) bool {
	for _, v := range values {
		if v == nil || v.bytes == "" || v.low != values[0].low {
			return false
		}
	}
	return true
}

// float returns a value's tensor of float32; empty if it is zero.
func (w *writer) float(v *value) string {
	if v == nil {
		return ""
	}
	if v.float == "" {
		v.float = w.Node(v.bytes+"/float", "DequantizeLinear", []string{v.bytes, w.scalar(1), w.byteScalar(v.zero())})
	}
	return v.float
}

// bytes returns the tensor of bytes of a value that fits.
func (w *writer) bytes(v *value) string {
	if v.bytes == "" {
		v.bytes = w.Node(v.float+"/bytes", "QuantizeLinear", []string{v.float, w.scalar(1), w.byteScalar(v.zero())})
	}
	return v.bytes
}

// node adds a node named after the layer and step at work.
func (w *writer) node(name, op string, in []string, attributes ...*pb.AttributeProto) string {
	return w.Node(w.scope+"/"+name, op, in, attributes...)
}

// plus adds two tensors, of which an empty one is zero.
func (w *writer) plus(name, a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return w.node(name, "Add", []string{a, b})
}

// reshape gives a tensor another shape.
func (w *writer) reshape(name, x string, dims ...int64) string {
	return w.node(name, "Reshape", []string{x, w.dims(dims)})
}

// planar reorders a table of H, W, C order to C, H, W.
func planar[T any](values []T, s snn.Shape) []T {
	out := make([]T, len(values))
	pixels := s.H * s.W
	for i, x := range values {
		out[i%s.C*pixels+i/s.C] = x
	}
	return out
}

// spread returns the dimensions in which n numbers are broadcast over a map: one for all,
// one per channel or, in C, H, W order, one per element.
func spread(n int, s snn.Shape) []int64 {
	switch n {
	case 1:
		return nil
	case s.C:
		return []int64{int64(s.C), 1, 1}
	}
	return []int64{int64(s.C), int64(s.H), int64(s.W)}
}

// integers adds a constant of integers, which are one for all elements of a map, one per
// channel or one per element.
func (w *writer) integers(name string, values []int32, s snn.Shape) string {
	if len(values) == s.Len() {
		values = planar(values, s)
	}
	floats := make([]float32, len(values))
	for i, x := range values {
		floats[i] = float32(x)
	}
	return w.Constant(onnxfile.Floats(w.layerName+"/"+name, floats, spread(len(values), s)...))
}

// doubles adds a constant of float64, which is spread as that of integers.
func (w *writer) doubles(name string, values []float64, s snn.Shape) string {
	if len(values) == s.Len() {
		values = planar(values, s)
	}
	return w.Constant(onnxfile.Doubles(w.layerName+"/"+name, values, spread(len(values), s)...))
}
