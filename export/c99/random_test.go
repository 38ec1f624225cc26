package c99_test

import (
	"context"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/export"
	"ann2snn/export/c99"
	"ann2snn/export/target"
	"ann2snn/internal/snntest"
	"ann2snn/internal/testutil"
	"ann2snn/snn"
)

// drawn is a random network with samples.
type drawn struct {
	net     *snn.Network
	samples [][]float32
}

var networks = rapid.Custom(func(t *rapid.T) drawn {
	spec := snntest.DrawSpec(t)
	spec.Integer = true
	n := snntest.Network(t, spec)
	if rapid.Bool().Draw(t, "weights of 4 bits") {
		for i := range n.Layers {
			switch op := n.Layers[i].Op.(type) {
			case snn.Conv:
				narrow(op.W.Q)
			case snn.Dense:
				narrow(op.W.Q)
			}
		}
	}
	return drawn{n, [][]float32{snntest.Sample(t, n), snntest.Sample(t, n), snntest.Sample(t, n)}}
})

func narrow(weights []int8) {
	for i := range weights {
		weights[i] >>= 4
	}
}

// draws is how many random networks are compiled: ANN2SNN_DRAWS, or a handful.
func draws() int {
	if n, err := strconv.Atoi(os.Getenv("ANN2SNN_DRAWS")); err == nil {
		return n
	}
	if testing.Short() {
		return 3
	}
	return 8
}

// TestRandomNetworks compiles networks of all kinds, with undefined behaviour made fatal,
// and compares every level that a layer puts out in any step.
func TestRandomNetworks(t *testing.T) {
	t.Parallel()
	gcc := testutil.Tool(t, "gcc", "gcc")
	for seed := range draws() {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			d := networks.Example(seed)
			verify(t, d.net, d.samples, c99.Sanitized(gcc))
		})
	}
}

// verify exports a network, runs it by a toolchain and compares all that it tells.
func verify(t *testing.T, n *snn.Network, samples [][]float32, tools c99.Toolchain) *export.Verified {
	t.Helper()
	if losses := c99.Target.Check(n); len(losses) > 0 {
		t.Skipf("cannot be exported: %v", losses)
	}
	j := &target.Job{Net: n, Options: target.Options{Name: "net", Samples: samples[:1]}, Inputs: samples}
	j.Dir = write(t, n, j.Options)
	onTools := *c99.Target
	onTools.Run = func(ctx context.Context, j *target.Job) ([][]float64, error) { return c99.RunWith(ctx, j, tools) }
	v, err := export.Verify(context.Background(), &onTools, j)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
