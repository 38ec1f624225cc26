package passes

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/internal/ann"
	"ann2snn/ir"
)

// TestPassesKeepResults runs random graphs before and after all passes, and after all
// passes again.
func TestPassesKeepResults(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		before := g.String()
		want, scale := run(t, g)
		for range 2 {
			if err := Run(t.Context(), g, nil); err != nil {
				t.Fatalf("%v\n%s", err, before)
			}
			got, _ := run(t, g)
			for k := range want {
				if diff := difference(want[k], got[k], 1e-5*scale); diff != "" {
					t.Fatalf("output %d: %s (scale %g)\nbefore\n%s\nafter\n%s", k, diff, scale, before, g)
				}
			}
			if problem := notCanonical(g); problem != "" {
				t.Fatalf("%s\nbefore\n%s\nafter\n%s", problem, before, g)
			}
		}
	})
}

// notCanonical says what is left in g that the passes should have rewritten.
func notCanonical(g *ir.Graph) string {
	r := newRewriter(g)
	for i, n := range g.Nodes {
		problem := ""
		switch op := n.Op.(type) {
		case ir.Conv:
			problem = notExplicit(op.Window)
		case ir.MaxPool:
			problem = notExplicit(op.Window)
		case ir.AveragePool:
			problem = notExplicit(op.Window)
		case ir.MatMul:
			if w := r.constant(n.In[1]); w != nil && len(w.Shape) == 2 && len(r.Type(n.In[0]).Shape) == 2 {
				problem = "is no Gemm"
			}
		case ir.Gemm:
			if !r.isCanonical(i, op) {
				problem = "is not canonical"
			}
		case ir.Transpose:
			if _, _, ok := r.transposeOf(n.In[0]); ok {
				problem = "follows another"
			}
		}
		if v, ok := r.unchanged(i); ok && r.producer[v] >= 0 && !r.isOutput(v) {
			problem = "does nothing"
		}
		if problem != "" {
			return fmt.Sprintf("%s %q %s", n.Op.Kind(), n.Name, problem)
		}
	}
	return ""
}

func notExplicit(w ir.Window) string {
	if w.AutoPad != ir.Explicit || w.Strides == nil || w.Dilations == nil || w.Pads == nil {
		return fmt.Sprintf("has the window %+v", w)
	}
	return ""
}

// difference says how two tensors differ by more than tolerance.
func difference(want, got *ir.Tensor, tolerance float64) string {
	if !slices.Equal(want.Shape, got.Shape) {
		return fmt.Sprintf("shape %v, was %v", got.Shape, want.Shape)
	}
	for i := range want.F {
		if d := math.Abs(float64(want.F[i]) - float64(got.F[i])); d > tolerance || math.IsNaN(d) {
			return fmt.Sprintf("element %d is %g, was %g", i, got.F[i], want.F[i])
		}
	}
	return ""
}

// run returns the outputs of g for fixed inputs and the largest value on the way.
func run(t rapid.TB, g *ir.Graph) (out []*ir.Tensor, scale float64) {
	p, err := ann.Compile(context.Background(), g, ann.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, g)
	}
	var in []*ir.Tensor
	for k, id := range g.Inputs {
		in = append(in, ir.Floats(noise(uint64(k), g.Type(id).Elems()), g.Type(id).Shape.Ints()...))
	}
	scale = 1
	out, err = p.RunInputs(context.Background(), in, func(_ ir.ValueID, v []float32) {
		for _, f := range v {
			scale = max(scale, math.Abs(float64(f)))
		}
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, g)
	}
	if math.IsNaN(scale) || scale > 1e6 {
		t.Skip("the graph overflows")
	}
	return out, scale
}

// noise returns n numbers between -2 and 2.
func noise(seed uint64, n int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]float32, n)
	for i := range out {
		out[i] = 4*r.Float32() - 2
	}
	return out
}
