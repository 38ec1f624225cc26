package importer

import "google.golang.org/protobuf/encoding/protowire"

// The fields on the way from a model to the bytes of its weights.
const (
	modelGraph       protowire.Number = 7
	graphInitializer protowire.Number = 5
	tensorRawData    protowire.Number = 9
)

// cut returns file with the raw data of the graph's initializers emptied, and that raw
// data as slices of file, one per initializer in order, nil where there is none.
func cut(file []byte) (skeleton []byte, raws [][]byte, err error) {
	skeleton, err = rewrite(file, modelGraph, func(graph []byte) ([]byte, error) {
		return rewrite(graph, graphInitializer, func(tensor []byte) ([]byte, error) {
			var raw []byte
			rest, err := rewrite(tensor, tensorRawData, func(data []byte) ([]byte, error) {
				raw = data
				return nil, nil
			})
			raws = append(raws, raw)
			return rest, err
		})
	})
	return skeleton, raws, err
}

// rewrite copies an encoded message, with what f makes of every occurrence of a
// length-delimited field in its place.
func rewrite(message []byte, field protowire.Number, f func([]byte) ([]byte, error)) ([]byte, error) {
	var out []byte
	for len(message) > 0 {
		number, kind, tag := protowire.ConsumeTag(message)
		if tag < 0 {
			return nil, protowire.ParseError(tag)
		}
		size := protowire.ConsumeFieldValue(number, kind, message[tag:])
		if size < 0 {
			return nil, protowire.ParseError(size)
		}
		if number == field && kind == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(message[tag:])
			replaced, err := f(value)
			if err != nil {
				return nil, err
			}
			out = protowire.AppendTag(out, field, protowire.BytesType)
			out = protowire.AppendBytes(out, replaced)
		} else {
			out = append(out, message[:tag+size]...)
		}
		message = message[tag+size:]
	}
	return out, nil
}
