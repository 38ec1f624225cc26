package importer

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
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

// FuzzExternal says of a parameter that its numbers lie in another file. What is accepted has as
// many as it says, all of them from a file in the model's folder.
func FuzzExternal(f *testing.F) {
	dir := externalFolder(f)
	secret := []byte{0xaa, 0xbb, 0xcc, 0x42}
	if err := os.WriteFile(filepath.Join(dir, "..", "secret.bin"), bytes.Repeat(secret, 4), 0o600); err != nil {
		f.Fatal(err)
	}
	f.Add("data.bin", "4", "8", int64(2), []byte("1, 2"))
	f.Add("sub/../data.bin", "", "", int64(4), []byte{})
	f.Add("../secret.bin", "0", "16", int64(4), []byte("written over"))
	f.Add("escape.bin", "", "", int64(1), []byte{})
	f.Add("inside.bin", "18446744073709551615", "-1", int64(1)<<62, []byte{})
	f.Fuzz(func(t *testing.T, location, offset, length string, elements int64, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, "sub", "data.bin"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		entries := []string{"location", location}
		if offset != "" {
			entries = append(entries, "offset", offset)
		}
		if length != "" {
			entries = append(entries, "length", length)
		}
		file := marshal(t, with(file(op("y = Add(x, w)")), externalTensor(elements, entries...)))
		g, err := Parse(t.Context(), file, dir, Options{})
		if err != nil {
			return
		}
		w := g.Value(g.Nodes[0].In[1]).Type.Const
		if int64(len(w.F)) != elements {
			t.Errorf("%d elements, want %d", len(w.F), elements)
		}
		for _, x := range w.F {
			if math.Float32bits(x) == 0x42ccbbaa && !bytes.Contains(data, secret) { // the secret's bytes
				t.Errorf("%q leads to a file outside the model's folder", location)
			}
		}
	})
}
