package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"ann2snn/internal/budget"
)

// The NPY format is NumPy Enhancement Proposal 1: a magic string, a version, the length
// of a header, the header (a Python dictionary), the elements. sbinet/npyio is not used
// because it panics on some broken headers, trusts their lengths and sizes, and knows
// neither float16 nor version 3 nor Fortran order beyond matrices.

const (
	npyMagic     = "\x93NUMPY"
	maxNPYHeader = 1 << 16
)

var (
	npyDescr   = regexp.MustCompile(`['"]descr['"]\s*:\s*['"]([^'"]*)['"]`)
	npyFortran = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`['"]shape['"]\s*:\s*\(([^()]*)\)`)
)

// array is a NumPy array in a file.
type array struct {
	data    io.ReaderAt
	start   int64 // of the elements
	dtype   dtype
	shape   []int
	fortran bool // the first axis varies fastest, not the last
	budget  *budget.Budget
}

// newArray reads the header of the array of size bytes at r and checks that it agrees
// with the size.
func newArray(r io.ReaderAt, size int64) (*array, error) {
	header, start, err := npyHeader(r, size)
	if err != nil {
		return nil, err
	}
	a := &array{data: r, start: start}
	if err := a.parse(header); err != nil {
		return nil, fmt.Errorf("npy header: %w", err)
	}
	n, err := product(a.shape, size)
	if err != nil {
		return nil, fmt.Errorf("npy header: %w", err)
	}
	if want := n * int64(a.dtype.size); want != size-start {
		return nil, fmt.Errorf("npy header promises %v = %d bytes, there are %d", a.shape, want, size-start)
	}
	return a, nil
}

// npyHeader returns the dictionary's text and where the elements start.
func npyHeader(r io.ReaderAt, size int64) (header string, start int64, err error) {
	head := make([]byte, min(12, size))
	if err := fill(r, head, 0); err != nil {
		return "", 0, err
	}
	if len(head) < 12 || string(head[:6]) != npyMagic {
		return "", 0, errors.New("no npy header")
	}
	length := int64(binary.LittleEndian.Uint16(head[8:]))
	start = 10
	switch head[6] {
	case 1:
	case 2, 3:
		length = int64(binary.LittleEndian.Uint32(head[8:]))
		start = 12
	default:
		return "", 0, fmt.Errorf("npy version %d is not supported (1 to 3 are)", head[6])
	}
	if length > maxNPYHeader || start+length > size {
		return "", 0, fmt.Errorf("npy header of %d bytes in a file of %d", length, size)
	}
	text := make([]byte, length)
	if err := fill(r, text, start); err != nil {
		return "", 0, err
	}
	return string(text), start + length, nil
}

func (a *array) parse(header string) error {
	descr := npyDescr.FindStringSubmatch(header)
	fortran := npyFortran.FindStringSubmatch(header)
	shape := npyShape.FindStringSubmatch(header)
	if descr == nil || fortran == nil || shape == nil {
		return fmt.Errorf("%.80q lacks a simple descr, fortran_order or shape", strings.TrimSpace(header))
	}
	var err error
	if a.dtype, err = parseDtype(descr[1]); err != nil {
		return err
	}
	a.fortran = fortran[1] == "True"
	a.shape, err = parseShape(shape[1])
	return err
}

// parseShape reads "3, 4" or "3,"; empty is a scalar. Python 2 wrote "3L".
func parseShape(text string) ([]int, error) {
	shape := []int{}
	for field := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(text), ","), ",") {
		field = strings.TrimSuffix(strings.TrimSpace(field), "L")
		if field == "" && len(shape) == 0 {
			continue
		}
		d, err := strconv.ParseUint(field, 10, 31)
		if err != nil {
			return nil, fmt.Errorf("shape (%s)", text)
		}
		shape = append(shape, int(d))
	}
	return shape, nil
}

// product multiplies the dimensions; more than limit is an error.
func product(shape []int, limit int64) (int64, error) {
	n := int64(1)
	for _, d := range shape {
		if d == 0 || n > limit/int64(d) {
			return 0, fmt.Errorf("shape %v in %d bytes", shape, limit)
		}
		n *= int64(d)
	}
	return n, nil
}

// dtype is an element type.
type dtype struct {
	name   string // as NumPy calls it
	size   int
	decode func([]byte) float64
}

// parseDtype reads NumPy's short form: byte order, kind, size.
func parseDtype(descr string) (dtype, error) {
	if len(descr) == 3 {
		if decode := decoder(descr[1:], byteOrder(descr[0])); decode != nil {
			size := int(descr[2] - '0')
			name := map[byte]string{'i': "int", 'u': "uint", 'f': "float"}[descr[1]] + strconv.Itoa(8*size)
			if descr[1] == 'b' {
				name = "bool"
			}
			return dtype{name, size, decode}, nil
		}
	}
	return dtype{}, fmt.Errorf("element type %q is not supported (bool, int, uint and float of 8 to 64 bits are)", descr)
}

func byteOrder(mark byte) binary.ByteOrder {
	if mark == '>' {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// decoder returns the conversion of an element to float64, nil for an unknown type.
// Integers beyond 2^53 are rounded.
func decoder(kind string, order binary.ByteOrder) func([]byte) float64 {
	switch kind {
	case "b1", "u1":
		return func(b []byte) float64 { return float64(b[0]) }
	case "i1":
		return func(b []byte) float64 { return float64(int8(b[0])) }
	case "u2":
		return func(b []byte) float64 { return float64(order.Uint16(b)) }
	case "i2":
		return func(b []byte) float64 { return float64(int16(order.Uint16(b))) }
	case "u4":
		return func(b []byte) float64 { return float64(order.Uint32(b)) }
	case "i4":
		return func(b []byte) float64 { return float64(int32(order.Uint32(b))) }
	case "u8":
		return func(b []byte) float64 { return float64(order.Uint64(b)) }
	case "i8":
		return func(b []byte) float64 { return float64(int64(order.Uint64(b))) }
	case "f2":
		return func(b []byte) float64 { return halfFloat(order.Uint16(b)) }
	case "f4":
		return func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) }
	case "f8":
		return func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) }
	}
	return nil
}

// halfFloat converts IEEE 754 binary16.
func halfFloat(h uint16) float64 {
	sign := 1.0
	if h&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 0x1f:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}
