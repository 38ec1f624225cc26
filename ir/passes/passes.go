package passes

import (
	"context"
	"fmt"

	"ann2snn/ir"
)

// A pass rewrites a graph in place and returns how many rewrites it made.
type pass struct {
	name string
	run  func(g *ir.Graph) (changed int, err error)
}

// pipeline holds the passes in the order in which they run.
var pipeline = []pass{
	// What no output needs may be unsupported, or have an unknown shape.
	{"dead-code", deadCode},
	{"scores", scores},
	{"float-input", floatInput},
	// From here on every shape is known.
	{"bind-batch", bindBatch},
	{"one-sample", oneSample},
	{"fold-constants", foldConstants},
	// Weights are constants now; what is left of integers are activations.
	{"fuse-quantisation", fuseQuantisation},
	// Everything below knows the operators of the core only.
	{"decompose", decompose},
	{"inner-softmax", innerSoftmax},
	{"extremes", extremes},
	// Every later pass may rely on windows with all fields filled in.
	{"explicit-padding", explicitPadding},
	{"remove-no-ops", removeNoOps},
	// Before affine operators disappear: x*Sigmoid(x) must not look like a scaling.
	{"fuse-activations", fuseActivations},
	// After curves are known: x/(1+|x|) is one, and no quotient of signals.
	{"powers", powers},
	{"constant-right", constantRight},
	// The weight of a canonical Gemm can absorb a transposition, so this comes first.
	{"canonical-gemm", canonicalGemm},
	// Brings together what transposes separated; everything below knows one layout only.
	{"canonical-layout", canonicalLayout},
	{"global-pools", globalPools},
	{"merge-views", mergeViews},
	{"remove-no-ops", removeNoOps},
	{"merge-padding", mergePadding},
	// Needs canonical Gemms, and nothing left between a layer and its normalisation.
	{"fold-affine", foldAffine},
	{"activation-before-max", activationBeforeMax},
	{"remove-no-ops", removeNoOps},
}

// Run applies all passes to g and verifies it after each. Where dump is not nil, it is
// called with the graph as it was given (step 0, "import") and after each pass.
func Run(ctx context.Context, g *ir.Graph, dump func(step int, name string, g *ir.Graph) error) error {
	if dump == nil {
		dump = func(int, string, *ir.Graph) error { return nil }
	}
	if err := step(g, 0, "import", dump); err != nil {
		return err
	}
	for i, p := range pipeline {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("passes: %w", err)
		}
		if _, err := p.run(g); err != nil {
			return fmt.Errorf("passes: %s: %w", p.name, err)
		}
		if err := step(g, i+1, p.name, dump); err != nil {
			return err
		}
	}
	return nil
}

// step writes the graph, be it legal or not, and verifies it.
func step(g *ir.Graph, i int, name string, dump func(int, string, *ir.Graph) error) error {
	if err := dump(i, name, g); err != nil {
		return fmt.Errorf("passes: cannot write the graph after %s: %w", name, err)
	}
	if err := g.Verify(); err != nil {
		return fmt.Errorf("passes: illegal graph after %s: %w", name, err)
	}
	return nil
}
