package importer

import (
	"encoding/hex"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/proto"

	"ann2snn/internal/pb"
	"ann2snn/ir"
)

// TestDecodeTensor reads every element type from raw data and from its typed field.
func TestDecodeTensor(t *testing.T) {
	inf := float32(math.Inf(1))
	floats := func(stored string, v ...float32) *ir.Tensor {
		return &ir.Tensor{DType: ir.Float32, Shape: []int{len(v)}, F: v, Stored: stored}
	}
	ints := func(stored string, v ...int64) *ir.Tensor {
		return &ir.Tensor{DType: ir.Int64, Shape: []int{len(v)}, I: v, Stored: stored}
	}
	tests := []struct {
		elem  pb.TensorProto_DataType
		raw   string // little-endian, in hex
		typed *pb.TensorProto
		want  *ir.Tensor
	}{
		{pb.TensorProto_FLOAT, "0000803f 000000c0 01000000", &pb.TensorProto{FloatData: []float32{1, -2, math.SmallestNonzeroFloat32}}, floats("", 1, -2, math.SmallestNonzeroFloat32)},
		{pb.TensorProto_DOUBLE, "000000000000f83f 000000000000f07f 9c7500883ce4377e", &pb.TensorProto{DoubleData: []float64{1.5, math.Inf(1), 1e300}}, floats("float64", 1.5, inf, inf)},
		{pb.TensorProto_FLOAT16, "003c 00c2 ff7b 007c 0100", &pb.TensorProto{Int32Data: []int32{0x3c00, 0xc200, 0x7bff, 0x7c00, 1}}, floats("float16", 1, -3, 65504, inf, 1.0/(1<<24))},
		{pb.TensorProto_BFLOAT16, "803f 00c0 807f", &pb.TensorProto{Int32Data: []int32{0x3f80, 0xc000, 0x7f80}}, floats("bfloat16", 1, -2, inf)},
		{pb.TensorProto_INT4, "81 0f", &pb.TensorProto{Int32Data: []int32{0x81, 0x0f}}, ints("int4", 1, -8, -1)},
		{pb.TensorProto_UINT4, "81 0f", &pb.TensorProto{Int32Data: []int32{0x81, 0x0f}}, ints("uint4", 1, 8, 15)},
		{pb.TensorProto_INT8, "01 80 ff", &pb.TensorProto{Int32Data: []int32{1, -128, -1}}, ints("int8", 1, -128, -1)},
		{pb.TensorProto_UINT8, "01 80 ff", &pb.TensorProto{Int32Data: []int32{1, 128, 255}}, ints("uint8", 1, 128, 255)},
		{pb.TensorProto_INT16, "0100 0080", &pb.TensorProto{Int32Data: []int32{1, -32768}}, ints("int16", 1, -32768)},
		{pb.TensorProto_UINT16, "0100 0080", &pb.TensorProto{Int32Data: []int32{1, 32768}}, ints("uint16", 1, 32768)},
		{pb.TensorProto_INT32, "01000000 00000080", &pb.TensorProto{Int32Data: []int32{1, math.MinInt32}}, ints("int32", 1, math.MinInt32)},
		{pb.TensorProto_UINT32, "01000000 00000080", &pb.TensorProto{Uint64Data: []uint64{1, 1 << 31}}, ints("uint32", 1, 1<<31)},
		{pb.TensorProto_INT64, "ffffffffffffffff 0000000000000080", &pb.TensorProto{Int64Data: []int64{-1, math.MinInt64}}, ints("", -1, math.MinInt64)},
		{pb.TensorProto_UINT64, "0100000000000000 ffffffffffffffff", &pb.TensorProto{Uint64Data: []uint64{1, math.MaxUint64}}, ints("uint64", 1, math.MaxInt64)},
		{pb.TensorProto_BOOL, "00 01 02", &pb.TensorProto{Int32Data: []int32{0, 1, 2}}, &ir.Tensor{DType: ir.Bool, Shape: []int{3}, B: []bool{false, true, true}}},
	}
	for _, test := range tests {
		t.Run(test.elem.String(), func(t *testing.T) {
			raw, err := hex.DecodeString(stripSpaces(test.raw))
			if err != nil {
				t.Fatal(err)
			}
			n := int64(test.want.Len())
			test.typed.Dims, test.typed.DataType = []int64{n}, proto.Int32(int32(test.elem))
			for _, p := range []*pb.TensorProto{rawTensor("", test.elem, raw, n), test.typed} {
				got, err := decodeTensor(p, nil)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	if len(tests) != len(elemTypes) {
		t.Errorf("%d element types are tested, there are %d", len(tests), len(elemTypes))
	}
}

func stripSpaces(s string) string {
	out := make([]byte, 0, len(s))
	for _, c := range []byte(s) {
		if c != ' ' {
			out = append(out, c)
		}
	}
	return string(out)
}

// TestDecodeTensorShapes reads tensors without elements and without axes, which
// gorgonia's tensors treat specially, in every type of the IR.
func TestDecodeTensorShapes(t *testing.T) {
	for elem, size := range map[pb.TensorProto_DataType]int{pb.TensorProto_FLOAT: 4, pb.TensorProto_INT64: 8, pb.TensorProto_BOOL: 1} {
		for _, dims := range [][]int64{{}, {1}, {1, 1}, {0}, {0, 3}, {3, 0, 2}, {2, 3}, {3, 1}} {
			n := 1
			shape := []int{}
			for _, d := range dims {
				n *= int(d)
				shape = append(shape, int(d))
			}
			got, err := decodeTensor(rawTensor("", elem, make([]byte, n*size), dims...), nil)
			if err != nil {
				t.Fatalf("%v %v: %v", elem, dims, err)
			}
			if diff := cmp.Diff(shape, got.Shape, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%v: shape %s", elem, diff)
			}
			if have := len(got.F) + len(got.I) + len(got.B); have != n {
				t.Errorf("%v %v: %d elements, want %d", elem, dims, have, n)
			}
		}
	}
}

// TestFloat16 compares all values with the definition in IEEE 754, section 3.4.
func TestFloat16(t *testing.T) {
	for bits := range 1 << 16 {
		sign := 1 - 2*float64(bits>>15)
		exponent, fraction := bits>>10&31, float64(bits&1023)
		want := sign * math.Ldexp(1024+fraction, exponent-25)
		switch {
		case exponent == 0:
			want = math.Copysign(math.Ldexp(fraction, -24), sign)
		case exponent == 31 && fraction == 0:
			want = math.Inf(int(sign))
		case exponent == 31:
			want = math.NaN()
		}
		got := float64(float16(uint16(bits)))
		same := got == want && math.Signbit(got) == math.Signbit(want)
		if !same && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%#04x is %v, want %v", bits, got, want)
		}
	}
}
