package ann_test

import (
	"context"
	"testing"

	"ann2snn/importer"
	"ann2snn/internal/ann"
	"ann2snn/internal/testutil"
	"ann2snn/ir"
	"ann2snn/ir/passes"
)

// loadModel imports a model of the shared data and brings it to canonical form.
func loadModel(tb testing.TB, name string) *ir.Graph {
	tb.Helper()
	g, err := importer.Load(context.Background(), testutil.Data(tb, "models/"+name), importer.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	if err := passes.Run(tb.Context(), g, nil); err != nil {
		tb.Fatal(err)
	}
	return g
}

func BenchmarkRun(b *testing.B) {
	for _, name := range []string{"cifar10_resnet20_folded", "imagenet_squeezenet1.1", "mnist_cnn_baskov"} {
		b.Run("model="+name, func(b *testing.B) {
			p, err := ann.Compile(b.Context(), loadModel(b, name+".onnx"), ann.Options{})
			if err != nil {
				b.Fatal(err)
			}
			in := make([]float32, p.InLen())
			for i := range in {
				in[i] = float32(i%17) / 17
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Run(context.Background(), in, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
