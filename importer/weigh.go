package importer

import (
	"errors"
	"reflect"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"ann2snn/internal/pb"
)

// maxDepth bounds how deep messages lie in one another, as decoding does.
const maxDepth = protowire.DefaultRecursionLimit

var errDepth = errors.New("messages lie too deep in one another")

// scales weighs what messages take when they are decoded: one of two bytes becomes a struct of
// some hundred.
type scales map[protoreflect.FullName]int64 // of the struct alone

// weigh returns about how many bytes the decoded form of an encoded message takes. What is
// malformed weighs nothing: decoding will say so.
func (s scales) weigh(message []byte, kind protoreflect.MessageDescriptor, depth int) (int64, error) {
	if depth > maxDepth {
		return 0, errDepth
	}
	total := s.structOf(kind)
	fields := kind.Fields()
	for len(message) > 0 {
		number, wire, tag := protowire.ConsumeTag(message)
		if tag < 0 {
			return total, nil
		}
		size := protowire.ConsumeFieldValue(number, wire, message[tag:])
		if size < 0 {
			return total, nil
		}
		field := fields.ByNumber(number)
		switch {
		case field == nil: // is not kept
		case number == tensorRawData && kind.Name() == "TensorProto": // stays where it is, see cut
		case wire == protowire.BytesType && field.Message() != nil:
			value, _ := protowire.ConsumeBytes(message[tag:])
			inner, err := s.weigh(value, field.Message(), depth+1)
			if err != nil {
				return 0, err
			}
			total += 2*pointer + inner // lists grow by doubling
		case wire == protowire.BytesType && field.IsList() && field.Kind() != protoreflect.StringKind && field.Kind() != protoreflect.BytesKind:
			total += 2 * pointer * int64(size) // packed numbers, of a byte each at least
		default:
			total += 6*pointer + int64(size)
		}
		message = message[tag+size:]
	}
	return total, nil
}

// pointer is the size of one.
const pointer = 8

// structOf returns the size of a message's struct.
func (s scales) structOf(kind protoreflect.MessageDescriptor) int64 {
	size, ok := s[kind.FullName()]
	if !ok {
		if t, err := protoregistry.GlobalTypes.FindMessageByName(kind.FullName()); err == nil {
			size = int64(reflect.TypeOf(t.Zero().Interface()).Elem().Size())
		}
		s[kind.FullName()] = size
	}
	return size
}

// weighModel weighs an encoded model.
func weighModel(file []byte) (int64, error) {
	return make(scales).weigh(file, proto.Message(new(pb.ModelProto)).ProtoReflect().Descriptor(), 0)
}
