package onnx

import (
	"strconv"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// value is the output of a layer in a step, as one tensor or several of the same numbers;
// their names are empty until they are asked for. A nil value is zero everywhere, which
// RestimRefine makes of the input in later steps.
type value struct {
	shape     snn.Shape
	low, high int64  // bounds of the levels; 0 is between them
	float     string // levels as float32
	wide      string // levels as float64; sums that may reach beyond float32's integers come so
	bytes     string // levels-low as uint8, of a value that fits
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
	switch {
	case v.float != "":
	case v.wide != "":
		if most := max(-v.low, v.high); most >= w.exact {
			w.lose("integers of up to "+strconv.FormatInt(most, 10)+" are read as float32, which holds them exactly below 2^24", "fewer bits or steps")
		}
		v.float = w.cast(v.wide+"/float", v.wide, pb.TensorProto_FLOAT)
	default:
		v.float = w.Node(v.bytes+"/float", "DequantizeLinear", []string{v.bytes, w.scalar(1), w.byteScalar(v.zero())})
	}
	return v.float
}

// wide returns a value's tensor of float64; empty if it is zero.
func (w *writer) wide(v *value) string {
	if v == nil {
		return ""
	}
	if v.wide == "" {
		x := w.float(v)
		v.wide = w.cast(x+"/double", x, pb.TensorProto_DOUBLE)
	}
	return v.wide
}

// carried returns a value's tensor of float64 or float32.
func (w *writer) carried(v *value, wide bool) string {
	if wide {
		return w.wide(v)
	}
	return w.float(v)
}

func (w *writer) cast(name, x string, to pb.TensorProto_DataType) string {
	return w.Node(name, "Cast", []string{x}, onnxfile.Type("to", to))
}

// bytes returns the tensor of bytes of a value that fits.
func (w *writer) bytes(v *value) string {
	if v.bytes == "" {
		x := w.float(v)
		v.bytes = w.Node(x+"/bytes", "QuantizeLinear", []string{x, w.scalar(1), w.byteScalar(v.zero())})
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
func (w *writer) reshape(x string, dims ...int64) string {
	return w.node("map", "Reshape", []string{x, w.dims(dims)})
}

// planar reorders a table of H, W, C order to C, H, W.
func planar[T any](values []T, s snn.Shape) []T {
	out := make([]T, len(values))
	for i, x := range values {
		out[s.ChannelsFirst(i)] = x
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
// channel or one per element, as float64 or float32.
func (w *writer) integers(name string, values []int32, s snn.Shape, wide bool) string {
	if wide {
		return w.doubles(name, widen[float64](values), s)
	}
	floats := widen[float32](values)
	if len(values) == s.Len() {
		floats = planar(floats, s)
	}
	return w.Constant(onnxfile.Floats(w.layerName+"/"+name, floats, spread(len(values), s)...))
}

func widen[T float32 | float64, S int32 | float32](values []S) []T {
	out := make([]T, len(values))
	for i, x := range values {
		out[i] = T(x)
	}
	return out
}

// doubles adds a constant of float64, which is spread as that of integers.
func (w *writer) doubles(name string, values []float64, s snn.Shape) string {
	if len(values) == s.Len() {
		values = planar(values, s)
	}
	return w.Constant(onnxfile.Doubles(w.layerName+"/"+name, values, spread(len(values), s)...))
}
