package export_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ann2snn/examples"
	"ann2snn/export"
	"ann2snn/export/target"
	"ann2snn/internal/snntest"
	"ann2snn/runtime"
	"ann2snn/snn"
)

func TestTargetsAreSorted(t *testing.T) {
	var names []string
	for _, one := range export.Targets() {
		names = append(names, one.Name)
		if got, err := export.ForName(one.Name); got != one || err != nil {
			t.Errorf("ForName(%q): %v, %v", one.Name, got, err)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("targets are not sorted: %q", names)
	}
	if _, err := export.ForName("abacus"); err == nil || !strings.Contains(err.Error(), "try one of") {
		t.Errorf("ForName of an unknown target: %v", err)
	}
}

func TestCheckName(t *testing.T) {
	for _, good := range []string{"a", "Net_20", "x" + strings.Repeat("0", 39)} {
		if err := export.CheckName(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "2net", "int", "class", "my-net", "a/b", "_net", "netz\u00e9", "../up", "x" + strings.Repeat("0", 40)} {
		if export.CheckName(bad) == nil {
			t.Errorf("%q passes for a name", bad)
		}
	}
}

func TestWrite(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "net")
	files := []target.File{{Name: "a.txt", Data: []byte("a")}, {Name: "sub/b.txt", Data: []byte("b")}}
	refusal := errors.New("refused")
	content := func(string) error { return nil }
	if err := export.Write(dir, files, func(string) error { return refusal }); !errors.Is(err, refusal) {
		t.Fatalf("Write of what check refuses: %v", err)
	}
	clash := []target.File{files[0], {Name: "a.txt/b", Data: nil}}
	if err := export.Write(dir, clash, content); err == nil {
		t.Fatal("a file below a file was written")
	}
	if left, _ := os.ReadDir(parent); len(left) > 0 {
		t.Fatalf("failures left %v", left)
	}
	err := export.Write(dir, files, func(temp string) error {
		_, err := os.Stat(filepath.Join(temp, "sub", "b.txt"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "sub", "b.txt")); string(b) != "b" || err != nil {
		t.Errorf("sub/b.txt: %q, %v", b, err)
	}
	if err := export.Write(dir, files, content); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("Write over an export: %v", err)
	}
	if err := export.Write(filepath.Join(parent, "no", "net"), files, content); err == nil {
		t.Error("Write into a folder that is not there")
	}
}

// echo is a target whose consumer is runtime itself, with at most one fault: it adds to
// the first level of a layer, or to an output.
func echo(faultyLevel, faultyOutput int) *target.Target {
	return &target.Target{Name: "echo", Run: func(ctx context.Context, j *target.Job) ([][]float64, error) {
		plan, err := runtime.Compile(context.Background(), j.Net)
		if err != nil {
			return nil, err
		}
		s := plan.NewSession(runtime.SessionOptions{Trace: true})
		var outputs [][]float64
		for i, in := range j.Inputs {
			if _, err := s.Run(ctx, make([]float32, plan.OutLen()), in); err != nil {
				return nil, err
			}
			for layer := range j.Net.Layers {
				levels, err := s.Levels(layer, 1)
				if err != nil {
					return nil, err
				}
				if layer == faultyLevel {
					levels[0]++
				}
				if err := j.See(i, layer, 1, levels); err != nil {
					return nil, err
				}
			}
			total, err := target.Total(j.Net, s)
			if err != nil {
				return nil, err
			}
			if faultyOutput >= 0 {
				total[faultyOutput%len(total)]++
			}
			outputs = append(outputs, total)
		}
		return outputs, nil
	}}
}

func TestVerify(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		n := snntest.Network(t, spec)
		j := &target.Job{Net: n, Inputs: [][]float32{snntest.Sample(t, n), snntest.Sample(t, n)}}
		v, err := export.Verify(context.Background(), echo(-1, -1), j)
		if err != nil {
			t.Fatal(err)
		}
		out := n.Layers[n.Output].Shape.Len()
		if v.Samples != 2 || v.Outputs != 2*out || v.Spikes == 0 {
			t.Errorf("%+v", v)
		}
		if _, err := export.Verify(context.Background(), echo(n.Output, -1), j); err == nil {
			t.Error("a wrong level passes")
		}
		if _, err := export.Verify(context.Background(), echo(-1, 1), j); err == nil {
			t.Error("a wrong output passes")
		}
	})
}

// TestTotalIsTheReadout holds Total to the values that runtime reads out.
func TestTotalIsTheReadout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := snntest.DrawSpec(t)
		spec.Integer = true
		n := snntest.Network(t, spec)
		plan, err := runtime.Compile(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		s := plan.NewSession(runtime.SessionOptions{Trace: true})
		out := make([]float32, plan.OutLen())
		if _, err := s.Run(context.Background(), out, snntest.Sample(t, n)); err != nil {
			t.Fatal(err)
		}
		l := &n.Layers[n.Output]
		values := append([]float32{}, l.LevelValue()...)
		if len(values) == 0 {
			values = []float32{1}
		}
		total, err := target.Total(n, s)
		if err != nil {
			t.Fatal(err)
		}
		for i := range l.Shape.Len() {
			at := l.Shape.ChannelsFirst(i)
			if want := float32(total[at] / span(n) * float64(values[i%len(values)])); out[at] != want {
				t.Fatalf("output %d: %v by Total, %v by Readout", at, want, out[at])
			}
		}
	})
}

// span is what Total is more than the readout.
func span(n *snn.Network) float64 {
	if n.Restim != snn.RestimRefine {
		return float64(n.Steps)
	}
	return math.Pow(float64(n.Rho), float64(n.Steps-1))
}

func TestVerifyWithoutConsumer(t *testing.T) {
	_, err := export.Verify(context.Background(), &target.Target{Name: "mute"}, &target.Job{})
	if !errors.Is(err, target.ErrNoConsumer) {
		t.Errorf("Verify without a consumer: %v", err)
	}
}

// TestFilesRefuses: what cannot be exported is an error that says why.
func TestFilesRefuses(t *testing.T) {
	c, err := export.ForName("c")
	if err != nil {
		t.Fatal(err)
	}
	good, err := snn.Decode(examples.Network)
	if err != nil {
		t.Fatal(err)
	}
	broken := *good
	broken.Output = 99
	named := target.Options{Name: "net"}
	for name, err := range map[string]error{
		"C identifier": files(c, good, target.Options{Name: "2net"}),
		"not valid":    files(c, &broken, named),
		"sample 0":     files(c, good, target.Options{Name: "net", Samples: [][]float32{{1}}}),
		"":             files(c, good, named),
	} {
		if (name == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func files(t *target.Target, n *snn.Network, o target.Options) error {
	_, err := export.Files(t, n, o)
	return err
}
