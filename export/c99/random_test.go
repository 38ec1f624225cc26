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
	return drawn{n, [][]float32{snntest.Sample(t, n), snntest.Sample(t, n), snntest.Sample(t, n)}}
})

// draws is how many random networks are compiled, from ANN2SNN_DRAWS if set: those from
// that seed on.
func draws() (from, n int) {
	if n, err := strconv.Atoi(os.Getenv("ANN2SNN_DRAWS")); err == nil {
		return 0, n
	}
	return 0, 8
}

// TestRandomNetworks compiles networks of all kinds, with undefined behaviour made fatal,
// and compares every level that a layer puts out in any step.
func TestRandomNetworks(t *testing.T) {
	gcc := testutil.Tool(t, "gcc", "gcc")
	from, n := draws()
	for seed := from; seed < from+n; seed++ {
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
	dir := t.TempDir() + "/net"
	j := &target.Job{Net: n, Dir: dir, Options: target.Options{Name: "net", Samples: samples[:1]}, Inputs: samples}
	files, err := c99.Target.Files(n, j.Options)
	if err != nil {
		t.Fatal(err)
	}
	if err := export.Write(dir, files, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	onTools := *c99.Target
	onTools.Run = func(ctx context.Context, j *target.Job) ([][]float64, error) { return c99.RunWith(ctx, j, tools) }
	v, err := export.Verify(context.Background(), &onTools, j)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
