package onnx_test

import (
	"os"
	"slices"
	"testing"

	"ann2snn/export/onnx"
	"ann2snn/importer"
	"ann2snn/internal/ann"
	"ann2snn/internal/snntest"
	"ann2snn/ir/passes"
	"ann2snn/snn"
)

// TestRoundTrip reads exports by our own importer and runs them by the reference
// executor, which needs no tools. It has no Max, which the neurons of other modes take.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	modes := []snn.Restim{snn.RestimNone, snn.RestimWaiting}
	for _, c := range randomTrials(t, 200, func(s *snntest.Spec) {
		s.Restim, s.Rho = modes[s.Steps%2], 1
	}) {
		file, err := os.ReadFile(c.model(t, onnx.Float))
		if err != nil {
			t.Fatal(err)
		}
		g, err := importer.Parse(t.Context(), file, "", importer.Options{})
		if err != nil {
			t.Fatalf("network %s: %v", c.name, err)
		}
		if err := passes.Run(t.Context(), g, nil); err != nil {
			t.Fatalf("network %s: %v", c.name, err)
		}
		g.Outputs = g.Outputs[1:] // the levels: the executor would round the answer's float64
		program, err := ann.Compile(t.Context(), g, ann.Options{})
		if err != nil {
			t.Fatalf("network %s: %v", c.name, err)
		}
		for k, in := range c.inputs {
			got, err := program.Run(t.Context(), in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(got, c.totals[k], func(a float32, b float64) bool { return float64(a) == b }) {
				t.Errorf("network %s, sample %d: %v, want %v", c.name, k, got, c.totals[k])
			}
		}
	}
}
