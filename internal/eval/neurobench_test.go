package eval_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"ann2snn/convert"
	"ann2snn/internal/eval"
	"ann2snn/snn"
)

// TestNeuroBench: the names are those of NeuroBench, and the numbers those of the result.
func TestNeuroBench(t *testing.T) {
	var names struct {
		Static, Workload   []string
		SynapticOperations []string
	}
	list, err := os.ReadFile("testdata/neurobench.json")
	if err == nil {
		err = json.Unmarshal(list, &names)
	}
	if err != nil {
		t.Fatal(err)
	}
	g := graph(t)
	for _, bits := range []uint8{1, 3} {
		o := convert.Options{Format: snn.Format{M: bits}, Steps: 2}
		net := network(t, g, o)
		r := compare(t, eval.Options{Graph: g, Network: net, Source: newSamples(300)})
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			NeuroBench map[string]any `json:"neurobench"`
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		for name := range doc.NeuroBench {
			if name != "note" && !slices.Contains(names.Static, name) && !slices.Contains(names.Workload, name) {
				t.Errorf("NeuroBench has no metric %s", name)
			}
		}
		ops, ok := doc.NeuroBench["SynapticOperations"].(map[string]any)
		if !ok || len(ops) != len(names.SynapticOperations) {
			t.Errorf("synaptic operations %v", ops)
		}
		for name := range ops {
			if !slices.Contains(names.SynapticOperations, name) {
				t.Errorf("NeuroBench has no synaptic operations %s", name)
			}
		}
		b := r.NeuroBench
		if bits == 1 && (b.SynapticOperations.ACs != r.Ops.SNNSOPs || b.SynapticOperations.MACs != r.Ops.SNNMACs) ||
			bits == 3 && (b.SynapticOperations.ACs != 0 || b.SynapticOperations.MACs != r.Ops.SNNMACs+r.Ops.SNNSOPs) {
			t.Errorf("%d bits: %+v of %+v", bits, b.SynapticOperations, r.Ops)
		}
		if b.SynapticOperations.Dense != 2*r.Ops.ANNMACs || b.Footprint != 4*b.ParameterCount || b.ParameterCount != 72+4+28+7 {
			t.Errorf("%d bits: %+v", bits, b)
		}
		if math.Abs(100**b.ClassificationAccuracy-float64(*r.SNN.Top1)) > 1e-9 || b.ActivationSparsity != r.Layers[0].Zero {
			t.Errorf("%d bits: %+v, top-1 %v, zeros %v", bits, b, *r.SNN.Top1, r.Layers[0].Zero)
		}
	}
}
