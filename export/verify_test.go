package export

import (
	"strings"
	"testing"

	"ann2snn/export/target"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestVerifyComparesBothWays: an export is held to what the specification says and to what
// programs run. Plans of two networks stand for a fault of the fast way.
func TestVerifyComparesBothWays(t *testing.T) {
	network := func(bias int32) *runtime.Plan {
		one := []float32{1}
		plan, err := runtime.Compile(t.Context(), &snn.Network{
			Steps: 1, Rho: 1, Integer: true, Output: 1,
			Layers: []snn.Layer{
				{Name: "x", Op: snn.Input{Levels: 10}, Shape: snn.Shape{H: 1, W: 1, C: 1}, Scale: one},
				{Name: "y", Op: snn.Dense{W: snn.Weights{Q: []int8{2}, IntBias: []int32{bias}}}, In: []int{0}, Shape: snn.Shape{H: 1, W: 1, C: 1}, Unit: one},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		return plan
	}
	right := network(1)
	job := &target.Job{Net: right.Network(), Inputs: [][]float32{{3}}}
	if err := newReferee(t.Context(), job, right, right).compareOutput(0, []float64{7}); err != nil {
		t.Error(err)
	}
	err := newReferee(t.Context(), job, right, network(0)).compareOutput(0, []float64{7})
	if err == nil || !strings.Contains(err.Error(), "output 0 after step 1 is 6 as runtime runs the network, and 7 as it is specified") {
		t.Errorf("the fast way differs: %v", err)
	}
}
