package runtime_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	goruntime "runtime"
	"slices"
	"testing"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// TestDetachedMemory: a detached plan and a session hold little more than Memory says, and no
// second copy of the weights is made on the way.
func TestDetachedMemory(t *testing.T) {
	large := wide()
	for _, steps := range []int{1, 2} {
		large.Steps = steps
		file := encoded(t, large)
		n, size := decoded(t, file), int64(len(file))
		empty := heap()
		plan, err := runtime.CompileDetached(context.Background(), n, nil)
		if err != nil {
			t.Fatal(err)
		}
		session := plan.NewSession(runtime.SessionOptions{})
		full := heap()
		m := plan.Memory()
		most := int64(m.Weights+m.Activations)*3/2 + 1<<19
		if held := int64(full.HeapAlloc) - int64(empty.HeapAlloc); held > most {
			t.Errorf("%d steps: %d bytes are held, Memory says %+v", steps, held, m)
		}
		if made := int64(full.TotalAlloc - empty.TotalAlloc); steps > 1 && made > most { // Winograd's method is tried in single steps
			t.Errorf("%d steps: %d bytes were allocated, Memory says %+v", steps, made, m)
		}
		goruntime.KeepAlive(file)
		goruntime.KeepAlive(n)
		if freed := int64(full.HeapAlloc) - int64(heap().HeapAlloc); freed < size {
			t.Errorf("%d steps: of a network of %d bytes %d are freed", steps, size, freed)
		}
		goruntime.KeepAlive(session)
	}
}

// TestDetachedPlan: a detached plan answers as another one does when the network has been
// overwritten.
func TestDetachedPlan(t *testing.T) {
	n := resnet20(2, true)
	file := encoded(t, n)
	reads := 0
	detached, err := runtime.CompileDetached(context.Background(), decoded(t, file), func() { reads++ })
	if err != nil {
		t.Fatal(err)
	}
	clear(file)
	whole, err := runtime.Compile(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	if reads == 0 {
		t.Error("nothing was said to have been read")
	}
	if detached.Memory() != whole.Memory() {
		t.Errorf("memory %+v, want %+v", detached.Memory(), whole.Memory())
	}
	r := rand.New(rand.NewPCG(5, 6))
	in, got, want := make([]float32, detached.InLen()), make([]float32, detached.OutLen()), make([]float32, detached.OutLen())
	for i := range in {
		in[i] = float32(r.NormFloat64())
	}
	gotStats, err := detached.NewSession(runtime.SessionOptions{Stats: true}).Run(t.Context(), got, in)
	if err != nil {
		t.Fatal(err)
	}
	wantStats, err := whole.NewSession(runtime.SessionOptions{Stats: true}).Run(t.Context(), want, in)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) || !slices.Equal(gotStats.Layers, wantStats.Layers) {
		t.Errorf("%v %+v, want %v %+v", got, gotStats, want, wantStats)
	}
}

// wide returns a network of 3.5 MB of weights and few neurons.
func wide() *snn.Network {
	b := &netBuilder{rand.New(rand.NewPCG(1, 2)), &snn.Network{Steps: 1, Rho: 1, Restim: snn.RestimSigned, Integer: true}}
	top := b.add(snn.Layer{Name: "x", Op: snn.Input{Levels: 127}, Scale: []float32{1. / 32}, Shape: snn.Shape{H: 6, W: 6, C: 3}})
	for _, width := range []int{256, 512, 512} {
		top = b.conv(top, width, 3, 1, true)
	}
	b.net.Output = top
	return b.net
}

func encoded(t *testing.T, n *snn.Network) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := snn.Encode(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded(t *testing.T, file []byte) *snn.Network {
	t.Helper()
	n, err := snn.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// heap tells what is left of it after a collection.
func heap() goruntime.MemStats {
	var m goruntime.MemStats
	goruntime.GC()
	goruntime.GC() // what finalizers and pools held
	goruntime.ReadMemStats(&m)
	return m
}
