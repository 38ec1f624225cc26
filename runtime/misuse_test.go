package runtime_test

import (
	"context"
	"errors"
	"testing"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestMisuse: what a session cannot do is an error, whatever it is asked.
func TestMisuse(t *testing.T) {
	ctx := context.Background()
	n := resnet20(2, true)
	plan := must(runtime.Compile(context.Background(), n))
	detached := must(runtime.CompileDetached(context.Background(), n, nil))
	in, out := make([]float32, plan.InLen()), make([]float32, plan.OutLen())
	first := make([]float32, n.Layers[1].Shape.Len())
	bytes, traced := plan.NewSession(runtime.SessionOptions{}), plan.NewSession(runtime.SessionOptions{Trace: true})
	impossible := detached.NewSession(runtime.SessionOptions{Trace: true})
	for _, s := range []*runtime.Session{bytes, traced} {
		must(s.Run(ctx, out, in))
		ok(s.Readout(1, out))
	}
	proof := snn.NewProof(n)
	ok(proof.Extend(2))
	part := must(runtime.Subnetwork(context.Background(), proof, nil, []int{1})).NewSession(runtime.SessionOptions{})
	ok(part.RunOn(ctx, in, nil))
	ok(part.Value(1, first))
	ok(proof.Extend(4))
	upper := must(runtime.Subnetwork(ctx, proof, []int{2}, []int{3})).NewSession(runtime.SessionOptions{Trace: true})
	for name, err := range map[string]error{
		"Run without the input layer":     second(upper.Run(ctx, first, in)),
		"Load without the input layer":    upper.Load(in),
		"Run of a part":                   second(part.Run(ctx, out, in)),
		"Value without a trace":           bytes.Value(1, first),
		"Current without a trace":         bytes.Current(1, first),
		"Levels without a trace":          second(bytes.Levels(1, 1)),
		"Load without a trace":            bytes.Load(in),
		"Resume without a trace":          bytes.Resume(ctx, 0, 1),
		"Recording of a whole network":    second(bytes.Recording(1)),
		"Value of a layer not wanted":     part.Value(0, in),
		"Value of no layer":               traced.Value(len(n.Layers), first),
		"Value of a negative layer":       traced.Value(-1, first),
		"Value without room":              traced.Value(1, first[1:]),
		"Current without room":            traced.Current(1, first[1:]),
		"Current of no layer":             traced.Current(-1, first),
		"Levels of step 0":                second(traced.Levels(1, 0)),
		"Levels of a step too many":       second(traced.Levels(1, n.Steps+1)),
		"Readout of step 0":               bytes.Readout(0, out),
		"Readout of a step too many":      bytes.Readout(n.Steps+1, out),
		"Readout without room":            bytes.Readout(1, out[1:]),
		"Resume beyond the last layer":    traced.Resume(ctx, 0, len(n.Layers)+1),
		"Resume before the first layer":   traced.Resume(ctx, -1, 1),
		"Run of a session that can't":     second(impossible.Run(ctx, out, in)),
		"RunOn of a session that can't":   impossible.RunOn(ctx, in, nil),
		"Readout of a session that can't": impossible.Readout(1, out),
		"Levels of a session that can't":  second(impossible.Levels(1, 1)),
	} {
		if err == nil {
			t.Errorf("%s is no error", name)
		}
	}
	impossible.Close()
	if traced.Shape(-1) != (snn.Shape{}) || plan.RecordingSize(len(n.Layers)) != 0 {
		t.Error("a layer that does not exist has a shape or a size")
	}
}

func second[T any](_ T, err error) error { return err }

// TestCompileStops: a context that has ended stops the compilation of an integer network.
func TestCompileStops(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := runtime.Compile(stopped, resnet20(2, true)); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped compilation: %v", err)
	}
}
