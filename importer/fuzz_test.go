package importer

import (
	"testing"

	"ann2snn/internal/pb"
)

// FuzzParse checks that no bytes crash the importer, and that what it accepts is legal.
// Run it with -fuzzminimizetime 10x: what protobuf executes varies from run to run, and
// Go's minimiser would spend all the time on that.
func FuzzParse(f *testing.F) {
	for i, c := range opCases {
		if i%4 == 0 { // enough to know every form of attribute
			f.Add(marshal(f, c.file(c.first)))
		}
	}
	f.Add(marshal(f, with(opset(file(
		op("a = Conv(x, w)", attr("auto_pad", "SAME_UPPER"), attr("strides", []int64{2, 2})),
		op("b = Clip(a)", attr("min", 0.0), attr("max", 6.0)),
		op("c, d = Split(b)", attr("split", []int64{1, 2})),
		op("e = Sum(c, d, b)"),
		op("f = Constant()", attr("value", half)),
		op("y = If(e)", attr("then_branch", &pb.GraphProto{})),
	), 9), zeros("w", 4, 3, 3, 3), externalTensor(4, "location", "data.bin"))))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := Parse(t.Context(), b, "", Options{})
		if err != nil {
			return
		}
		if err := g.Verify(); err != nil {
			t.Errorf("the graph is illegal: %v", err)
		}
	})
}
