package importer

import (
	"encoding/binary"
	"fmt"
	"math"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// An elemType is an ONNX element type and how to widen its elements to the IR's: the
// functions return a []float32, []int64 or []bool, as dtype says.
type elemType struct {
	name  string
	dtype ir.DType
	size  int // bytes in raw data; 0: two elements in a byte
	raw   func(data []byte) any
	typed func(p *pb.TensorProto) any // of the field that holds elements outside raw data
}

var le = binary.LittleEndian

// elemTypes are the element types that can be read, by their number in ONNX.
var elemTypes = map[pb.TensorProto_DataType]elemType{
	pb.TensorProto_FLOAT: {
		"float32", ir.Float32, 4,
		unpackFloat32,
		func(p *pb.TensorProto) any { return p.FloatData },
	},
	pb.TensorProto_DOUBLE: {
		"float64", ir.Float32, 8,
		unpack(8, func(b []byte) float32 { return float32(math.Float64frombits(le.Uint64(b))) }),
		widen((*pb.TensorProto).GetDoubleData, func(v float64) float32 { return float32(v) }),
	},
	pb.TensorProto_FLOAT16: {
		"float16", ir.Float32, 2,
		unpack(2, func(b []byte) float32 { return float16(le.Uint16(b)) }),
		widen((*pb.TensorProto).GetInt32Data, func(v int32) float32 { return float16(uint16(v)) }),
	},
	pb.TensorProto_BFLOAT16: {
		"bfloat16", ir.Float32, 2,
		unpack(2, func(b []byte) float32 { return bfloat16(le.Uint16(b)) }),
		widen((*pb.TensorProto).GetInt32Data, func(v int32) float32 { return bfloat16(uint16(v)) }),
	},
	pb.TensorProto_INT4: {
		"int4", ir.Int64, 0,
		unpackHalves(signedHalf),
		widenHalves(signedHalf),
	},
	pb.TensorProto_UINT4: {
		"uint4", ir.Int64, 0,
		unpackHalves(unsignedHalf),
		widenHalves(unsignedHalf),
	},
	pb.TensorProto_INT8: {
		"int8", ir.Int64, 1,
		unpack(1, func(b []byte) int64 { return int64(int8(b[0])) }),
		widen((*pb.TensorProto).GetInt32Data, toInt64),
	},
	pb.TensorProto_INT16: {
		"int16", ir.Int64, 2,
		unpack(2, func(b []byte) int64 { return int64(int16(le.Uint16(b))) }),
		widen((*pb.TensorProto).GetInt32Data, toInt64),
	},
	pb.TensorProto_INT32: {
		"int32", ir.Int64, 4,
		unpack(4, func(b []byte) int64 { return int64(int32(le.Uint32(b))) }),
		widen((*pb.TensorProto).GetInt32Data, toInt64),
	},
	pb.TensorProto_INT64: {
		"int64", ir.Int64, 8,
		unpack(8, func(b []byte) int64 { return int64(le.Uint64(b)) }),
		func(p *pb.TensorProto) any { return p.Int64Data },
	},
	pb.TensorProto_UINT8: {
		"uint8", ir.Int64, 1,
		unpack(1, func(b []byte) int64 { return int64(b[0]) }),
		widen((*pb.TensorProto).GetInt32Data, toInt64),
	},
	pb.TensorProto_UINT16: {
		"uint16", ir.Int64, 2,
		unpack(2, func(b []byte) int64 { return int64(le.Uint16(b)) }),
		widen((*pb.TensorProto).GetInt32Data, toInt64),
	},
	pb.TensorProto_UINT32: {
		"uint32", ir.Int64, 4,
		unpack(4, func(b []byte) int64 { return int64(le.Uint32(b)) }),
		widen((*pb.TensorProto).GetUint64Data, saturate),
	},
	pb.TensorProto_UINT64: {
		"uint64", ir.Int64, 8,
		unpack(8, func(b []byte) int64 { return saturate(le.Uint64(b)) }),
		widen((*pb.TensorProto).GetUint64Data, saturate),
	},
	pb.TensorProto_BOOL: {
		"bool", ir.Bool, 1,
		unpack(1, func(b []byte) bool { return b[0] != 0 }),
		widen((*pb.TensorProto).GetInt32Data, func(v int32) bool { return v != 0 }),
	},
}

// elemTypeOf looks up an element type.
func elemTypeOf(number int32) (elemType, error) {
	t, ok := elemTypes[pb.TensorProto_DataType(number)]
	if !ok {
		return elemType{}, fmt.Errorf("elements of type %v are not supported", pb.TensorProto_DataType(number))
	}
	return t, nil
}

// stored is the type's name where the IR holds its elements in another type.
func (t elemType) stored() string {
	if t.name == t.dtype.String() {
		return ""
	}
	return t.name
}

// unpack returns a function that decodes elements of size bytes.
func unpack[E any](size int, decode func([]byte) E) func([]byte) any {
	return func(data []byte) any {
		out := make([]E, len(data)/size)
		for i := range out {
			out[i] = decode(data[i*size:])
		}
		return out
	}
}

// unpackFloat32 is unpack for what nearly all weights are, five times as fast.
func unpackFloat32(data []byte) any {
	out := make([]float32, len(data)/4)
	for i := range out {
		out[i] = math.Float32frombits(le.Uint32(data[4*i:]))
	}
	return out
}

// bytesOf returns how many bytes n elements take in raw data.
func (t elemType) bytesOf(n int) int {
	if t.size == 0 {
		return (n + 1) / 2
	}
	return n * t.size
}

// unpackHalves returns a function that decodes elements of 4 bits, of which the lower half of a
// byte holds the first.
func unpackHalves(half func(byte) int64) func([]byte) any {
	return func(data []byte) any {
		out := make([]int64, 0, 2*len(data))
		for _, b := range data {
			out = append(out, half(b&15), half(b>>4))
		}
		return out
	}
}

// widenHalves is unpackHalves for the field that holds a byte in an int32.
func widenHalves(half func(byte) int64) func(*pb.TensorProto) any {
	return func(p *pb.TensorProto) any {
		packed := make([]byte, len(p.Int32Data))
		for i, v := range p.Int32Data {
			packed[i] = byte(v)
		}
		return unpackHalves(half)(packed)
	}
}

func unsignedHalf(b byte) int64 { return int64(b) }

func signedHalf(b byte) int64 { return int64(int8(b<<4) >> 4) }

// widen returns a function that converts the elements of a tensor's field.
func widen[F, E any](field func(*pb.TensorProto) []F, convert func(F) E) func(*pb.TensorProto) any {
	return func(p *pb.TensorProto) any {
		from := field(p)
		out := make([]E, len(from))
		for i, v := range from {
			out[i] = convert(v)
		}
		return out
	}
}

func toInt64(v int32) int64 { return int64(v) }

// saturate keeps the largest uint64, which stands for "to the end", what it means.
func saturate(v uint64) int64 { return int64(min(v, math.MaxInt64)) }

// float16 converts the bits of an IEEE 754 binary16.
func float16(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, fraction := uint32(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // subnormal: a multiple of 2^-24
		magnitude := float32(fraction) / (1 << 24)
		return math.Float32frombits(sign | math.Float32bits(magnitude))
	case 31: // infinity or NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// bfloat16 converts the upper half of a float32's bits.
func bfloat16(h uint16) float32 { return math.Float32frombits(uint32(h) << 16) }
