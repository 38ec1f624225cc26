package ir_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/ir"
)

// TestFaults finds parameters that spoil what is computed, and leaves alone what bounds and
// paddings need.
func TestFaults(t *testing.T) {
	inf, nan := float32(math.Inf(-1)), float32(math.NaN())
	floats := func(name string, values ...float32) ir.Value {
		return ir.Value{Name: name, Type: ir.Floats(values, len(values)).Type()}
	}
	g := &ir.Graph{
		Values: []ir.Value{
			{Name: "x"},
			floats("w", 1, nan), floats("b", inf), floats("lowest", inf), floats("ones", 1, 1),
			floats("variance", 0.5, -1e-3), floats("zero", 0, 0),
			{Name: "y"},
		},
		Nodes: []ir.Node{
			{Name: "fc", Op: ir.Gemm{}, In: []ir.ValueID{0, 1, 2}, Out: []ir.ValueID{7}},
			{Name: "bound", Op: ir.Clip{}, In: []ir.ValueID{7, 3, ir.None}, Out: []ir.ValueID{7}},
			{Name: "bn", Op: ir.BatchNorm{Epsilon: 1e-5}, In: []ir.ValueID{7, 4, 6, 6, 5}, Out: []ir.ValueID{7}},
			{Name: "fine", Op: ir.BatchNorm{Epsilon: 1e-5}, In: []ir.ValueID{7, 4, 6, 6, 6}, Out: []ir.ValueID{7}},
		},
	}
	var got []string
	for _, f := range g.Faults() {
		got = append(got, f.String())
	}
	want := []string{
		`parameter "w" of Gemm "fc": element 1 is NaN`,
		`parameter "b" of Gemm "fc": element 0 is -Inf`,
		`parameter "variance" of BatchNormalization "bn": element 1, a variance, is -0.001`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
