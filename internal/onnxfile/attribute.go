package onnxfile

import (
	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
)

// Int returns an attribute that is an integer.
func Int(name string, value int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), Type: pb.AttributeProto_INT.Enum(), I: proto.Int64(value)}
}

// Ints returns an attribute that is a list of integers.
func Ints(name string, values ...int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), Type: pb.AttributeProto_INTS.Enum(), Ints: values}
}

// Type returns an attribute that names an element type.
func Type(name string, t pb.TensorProto_DataType) *pb.AttributeProto { return Int(name, int64(t)) }
