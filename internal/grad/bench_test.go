package grad_test

import (
	"testing"

	"ann2snn/internal/demonet"
	"ann2snn/internal/grad"
	"ann2snn/internal/kernels/cpu"
	"ann2snn/snn"
)

// BenchmarkSample is an answer and its gradients.
func BenchmarkSample(b *testing.B) {
	n := demonet.Network(b, 2, 1, snn.RestimNone)
	g, err := grad.New(n, grad.Options{Set: cpu.Default()})
	if err != nil {
		b.Fatal(err)
	}
	s, in := g.NewSession(), demonet.Samples(b, 1)[0]
	dout := make([]float32, n.Layers[n.Output].Shape.Len())
	dout[0] = 1
	for b.Loop() {
		if _, err := s.Forward(in); err != nil {
			b.Fatal(err)
		}
		s.Backward(dout)
	}
}
