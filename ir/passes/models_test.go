package passes

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/importer"
	"ann2snn/internal/testutil"
	"ann2snn/ir"
)

// TestModels brings real networks to canonical form and counts what is left.
func TestModels(t *testing.T) {
	// BatchNormalization is gone, and so is the arithmetic of the shortcuts' padding.
	resnet20 := map[string]int{
		"Add": 9, "Conv": 19, "Gemm": 1, "GlobalAveragePool": 1, "Pad": 2, "Relu": 19, "Reshape": 1, "Slice": 4,
	}
	tests := []struct {
		file string
		want map[string]int
	}{
		{"cifar10_resnet20_bn.onnx", resnet20},
		{"cifar10_resnet20_folded.onnx", resnet20},
		{"imagenet_squeezenet1.1.onnx", map[string]int{
			"Concat": 8, "Conv": 26, "Flatten": 1, "GlobalAveragePool": 1, "MaxPool": 3, "Relu": 26,
		}},
		{"mnist_cnn_baskov.onnx", map[string]int{"Conv": 2, "Gemm": 2, "MaxPool": 2, "Relu": 3, "Reshape": 1}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			g, err := importer.Load(context.Background(), testutil.Data(t, "models/"+test.file), importer.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range pipeline[:6] { // what gives every value a static type
				if _, err := p.run(g); err != nil {
					t.Fatal(err)
				}
			}
			before, scale := run(t, g)
			if err := Run(t.Context(), g, nil); err != nil {
				t.Fatal(err)
			}
			after, _ := run(t, g)
			if diff := difference(before[0], after[0], 1e-5*scale); diff != "" {
				t.Errorf("%s (scale %g)", diff, scale)
			}
			if diff := cmp.Diff(test.want, kinds(g)); diff != "" {
				t.Errorf("operators (-want +got):\n%s", diff)
			}
		})
	}
}

// kinds counts the nodes by operator.
func kinds(g *ir.Graph) map[string]int {
	count := map[string]int{}
	for _, n := range g.Nodes {
		count[n.Op.Kind()]++
	}
	return count
}
