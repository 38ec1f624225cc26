package nir_test

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/export"
	"ann2snn/export/nir"
	"ann2snn/export/target"
	"ann2snn/internal/demonet"
	"ann2snn/internal/snntest"
	"ann2snn/internal/testutil"
	"ann2snn/snn"
)

// write exports a network and returns the folder.
func write(t *testing.T, n *snn.Network, o target.Options) string {
	t.Helper()
	files, err := nir.Target.Files(n, o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir() + "/export"
	if err := export.Write(dir, files, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return dir
}

// verify holds what h5py reads and simulate.py runs to runtime: every level of every
// layer in every step, in both encodings where there are two.
func verify(t *testing.T, n *snn.Network, inputs [][]float32) {
	t.Helper()
	testutil.Python(t)
	o := target.Options{Name: "net"}
	v, err := export.Verify(t.Context(), nir.Target, &target.Job{Net: n, Dir: write(t, n, o), Options: o, Inputs: inputs})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", *v)
}

func TestDemo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                 string
		bits, steps, samples int
	}{
		{"4 bits, 1 step", 4, 1, 10},
		{"2 bits, 4 steps", 2, 4, 5},
		{"8 bits, 1 step", 8, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			if testing.Short() && test.bits > 4 {
				t.Skip("long")
			}
			n := demonet.Network(t, test.bits, test.steps, snn.RestimNone)
			losses := nir.Target.Check(n)
			if exact := len(losses) == 0; exact != (test.bits <= 4) {
				t.Errorf("losses: %v", losses)
			}
			verify(t, n, demonet.Samples(t, test.samples))
		})
	}
}

// TestRandom does so for small networks of all operators, as far as NIR has them.
func TestRandom(t *testing.T) {
	t.Parallel()
	want := 12
	if testing.Short() {
		want = 3
	}
	done, signed := 0, 0
	for seed := 0; done < want; seed++ {
		spec := snntest.Spec{Steps: 1 + seed%3, Rho: 1, Integer: true, Bits: 1 + seed%5, Layers: 2 + seed%4, Plain: true}
		n := rapid.Custom(func(t *rapid.T) *snn.Network { return snntest.Network(t, spec) }).Example(seed)
		if losses := nir.Target.Check(n); len(losses) > 0 && losses[0].Fatal {
			continue
		}
		for i := range n.Layers {
			if neuron := n.Layers[i].Neuron; neuron != nil && neuron.Signed {
				signed++
				break
			}
		}
		sample := rapid.Custom(func(t *rapid.T) []float32 { return snntest.Sample(t, n) })
		verify(t, n, [][]float32{sample.Example(1), sample.Example(2), sample.Example(3)})
		done++
	}
	if signed == 0 {
		t.Error("no network had signed neurons")
	}
}

// TestFiles checks that an export is the same every time, and what its statement says.
func TestFiles(t *testing.T) {
	n := demonet.Network(t, 2, 4, snn.RestimNone)
	o := target.Options{Name: "net"}
	files, err := nir.Target.Files(n, o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := nir.Target.Files(n, o)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, f := range files {
		names = append(names, f.Name)
		if !bytes.Equal(f.Data, again[i].Data) {
			t.Errorf("%s differs the second time", f.Name)
		}
	}
	if got := strings.Join(names, " "); got != "net.nir net.ladder.nir net.LOSS.md simulate.py" {
		t.Fatal(got)
	}
	for _, want := range []string{"`v_init` is v before step 1", "In `net.ladder.nir` nothing.", "divided by 4"} {
		if !strings.Contains(string(files[2].Data), want) {
			t.Errorf("LOSS.md lacks %q:\n%s", want, files[2].Data)
		}
	}
}

// TestGather moves pixels of a map among zeros, as residual networks do that double their
// channels without weights.
func TestGather(t *testing.T) {
	t.Parallel()
	n := small()
	shape := snn.Shape{H: 3, W: 1, C: 2}
	n.Layers[2] = snn.Layer{
		Name: "move", In: []int{1}, Shape: shape, Scale: []float32{1},
		Op: snn.Gather{Index: []int32{-1, 1, -1, 3, -1, -1}},
	}
	n.Layers[3].Op = snn.Dense{W: snn.Weights{Q: []int8{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, IntBias: []int32{0, 0}}}
	if losses := nir.Target.Check(n); len(losses) > 0 {
		t.Fatal(losses)
	}
	verify(t, n, [][]float32{{1, 2, 3, 4}, {-5, 8, 1, 2}})
}
