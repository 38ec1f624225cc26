package onnxfile

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

var le = binary.LittleEndian

// Tensor returns a tensor of any type; raw holds its elements in little-endian order.
func Tensor(name string, t pb.TensorProto_DataType, raw []byte, dims ...int64) *pb.TensorProto {
	return &pb.TensorProto{Name: proto.String(name), DataType: proto.Int32(int32(t)), Dims: dims, RawData: raw}
}

// Floats returns a tensor of float32.
func Floats(name string, values []float32, dims ...int64) *pb.TensorProto {
	raw := make([]byte, 0, 4*len(values))
	for _, x := range values {
		raw = le.AppendUint32(raw, math.Float32bits(x))
	}
	return Tensor(name, pb.TensorProto_FLOAT, raw, dims...)
}

// Doubles returns a tensor of float64.
func Doubles(name string, values []float64, dims ...int64) *pb.TensorProto {
	raw := make([]byte, 0, 8*len(values))
	for _, x := range values {
		raw = le.AppendUint64(raw, math.Float64bits(x))
	}
	return Tensor(name, pb.TensorProto_DOUBLE, raw, dims...)
}

// Int8s returns a tensor of int8.
func Int8s(name string, values []int8, dims ...int64) *pb.TensorProto {
	raw := make([]byte, len(values))
	for i, x := range values {
		raw[i] = byte(x)
	}
	return Tensor(name, pb.TensorProto_INT8, raw, dims...)
}

// Bytes returns a tensor of uint8.
func Bytes(name string, values []byte, dims ...int64) *pb.TensorProto {
	return Tensor(name, pb.TensorProto_UINT8, values, dims...)
}

// Int32s returns a tensor of int32.
func Int32s(name string, values []int32, dims ...int64) *pb.TensorProto {
	raw := make([]byte, 0, 4*len(values))
	for _, x := range values {
		raw = le.AppendUint32(raw, uint32(x))
	}
	return Tensor(name, pb.TensorProto_INT32, raw, dims...)
}

// Int64s returns a tensor of int64.
func Int64s(name string, values []int64, dims ...int64) *pb.TensorProto {
	raw := make([]byte, 0, 8*len(values))
	for _, x := range values {
		raw = le.AppendUint64(raw, uint64(x))
	}
	return Tensor(name, pb.TensorProto_INT64, raw, dims...)
}
