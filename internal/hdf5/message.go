package hdf5

// The messages of object headers that a dataset or a group needs.
const (
	messageDataspace   = 0x01
	messageDatatype    = 0x03
	messageFill        = 0x05
	messageLayout      = 0x08
	messageSymbolTable = 0x11
)

type message struct {
	kind uint16
	body []byte
}

var (
	// int64Type: fixed-point, little-endian, signed; 64 bits from bit 0.
	int64Type = datatype(0, [3]byte{0x08}, 8, 0, 0, 64, 0)
	// float32Type: little-endian with an implied leading 1, sign at bit 31; 32 bits from
	// bit 0, exponent 8 bits from bit 23, mantissa 23 bits from bit 0, bias 127.
	float32Type = datatype(1, [3]byte{0x20, 31}, 4, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0)
)

// stringType is a string of a fixed number of bytes, filled up with zeros, in UTF-8.
func stringType(size int) []byte { return datatype(3, [3]byte{0x11}, uint32(size)) }

func datatype(class byte, bits [3]byte, size uint32, properties ...byte) []byte {
	const version = 1
	b := []byte{version<<4 | class, bits[0], bits[1], bits[2]}
	return append(le.AppendUint32(b, size), properties...)
}

// dataspace gives the dimensions of an array, none for a scalar.
func dataspace(dims []int) message {
	b := []byte{1, byte(len(dims)), 0, 0, 0, 0, 0, 0}
	for _, d := range dims {
		b = le.AppendUint64(b, uint64(d))
	}
	return message{messageDataspace, b}
}

// contiguous says that the elements lie in one piece.
func contiguous(address, size uint64) message {
	b := le.AppendUint64([]byte{3, 1}, address)
	return message{messageLayout, le.AppendUint64(b, size)}
}

// noFill says that there is no fill value, and that space is taken late.
var noFill = message{messageFill, []byte{2, 2, 2, 0}}

func symbolTable(tree, heap uint64) message {
	return message{messageSymbolTable, le.AppendUint64(le.AppendUint64(nil, tree), heap)}
}

// header writes an object header, version 1, and returns its address.
func (w *writer) header(messages ...message) uint64 {
	var body []byte
	for _, m := range messages {
		padded := append(m.body[:len(m.body):len(m.body)], make([]byte, -len(m.body)&7)...)
		body = le.AppendUint16(body, m.kind)
		body = le.AppendUint16(body, uint16(len(padded)))
		body = append(body, 0, 0, 0, 0)
		body = append(body, padded...)
	}
	b := []byte{1, 0}
	b = le.AppendUint16(b, uint16(len(messages)))
	b = le.AppendUint32(b, 1) // references
	b = le.AppendUint32(b, uint32(len(body)))
	b = append(b, 0, 0, 0, 0)
	return w.append(append(b, body...), 8)
}
