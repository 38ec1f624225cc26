package nettest

import (
	"context"

	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// RunTrained runs the trained network, with some values replaced. It returns all values by
// name, and the output.
func RunTrained(t T, g *ir.Graph, replace map[ir.ValueID]func([]float32), in []float32) (map[string][]float32, []float32) {
	t.Helper()
	program, err := ann.Compile(context.Background(), g, ann.Options{Replace: replace})
	if err != nil {
		t.Fatal(err)
	}
	values := make(map[string][]float32)
	out, err := program.Run(context.Background(), in, func(id ir.ValueID, v []float32) {
		values[g.Value(id).Name] = append([]float32(nil), v...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return values, out
}

// RunSpiking runs a spiking network in a session that keeps, and returns its output, too.
func RunSpiking(t T, n *snn.Network, in []float32) (*runtime.Session, []float32) {
	t.Helper()
	p, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	s := p.NewSession(runtime.SessionOptions{Trace: true})
	out := make([]float32, p.OutLen())
	if _, err := s.Run(context.Background(), out, in); err != nil {
		t.Fatal(err)
	}
	return s, out
}
