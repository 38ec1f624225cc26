package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ann2snn"
	"ann2snn/internal/eval"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// heads writes a model with two outputs, scores and map, of which each has a layer of its own.
func heads(t *testing.T, dir string) string {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	draw := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(random.NormFloat64())
		}
		return v
	}
	g := onnxfile.New("heads")
	g.Input("x", pb.TensorProto_FLOAT, 1, 3, 8, 8)
	a := g.Node("c", "Conv", []string{"x", g.Constant(onnxfile.Floats("w", draw(4*3*9), 4, 3, 3, 3))}, onnxfile.Ints("pads", 1, 1, 1, 1))
	r := g.Node("r", "Relu", []string{a})
	p := g.Node("p", "GlobalAveragePool", []string{r})
	f := g.Node("f", "Flatten", []string{p})
	g.Output(g.Node("scores", "Gemm", []string{f, g.Constant(onnxfile.Floats("v", draw(4*5), 4, 5))}), pb.TensorProto_FLOAT, 1, 5)
	g.Output(g.Node("map", "Conv", []string{r, g.Constant(onnxfile.Floats("u", draw(2*4), 2, 4, 1, 1))}), pb.TensorProto_FLOAT, 1, 2, 8, 8)
	file, err := onnxfile.Marshal(g.Model("test"))
	if err != nil {
		t.Fatal(err)
	}
	return keep(t, dir, "heads.onnx", file)
}

// said runs ann2snn and returns its exit code and what it prints on both streams.
func said(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

// TestSeveralOutputs: every command says which output it takes and which it leaves out, and
// --output takes another.
func TestSeveralOutputs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	model := heads(t, dir)
	random, x := rand.New(rand.NewPCG(5, 6)), make([]float32, 90*192)
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	data := keep(t, dir, "x.npy", npy(x, 90, 3, 8, 8))
	outputs := outputNames(t, model)
	for i, taken := range outputs {
		left := outputs[1-i]
		note := "of the model's outputs " + taken + " is taken; left out: " + left
		net := filepath.Join(dir, taken+".snn")
		name := []string{"--output", taken}
		if i == 0 {
			name = nil // the first is the default
		}
		for _, args := range [][]string{
			slices.Concat([]string{"convert", model, "--data", data, "-o", net}, name),
			slices.Concat([]string{"compare", model, net, "--data", data, "--allow-overlap"}, name),
			{"compare", model, net, "--data", data, "--allow-overlap"}, // the network knows
			slices.Concat([]string{"compare", model, "--data", data, "--calib-samples", "40"}, name),
			{"run", net, data, "--limit", "1"},
			{"bench", net, "--runs", "1"},
			slices.Concat([]string{"bench", model, "--runs", "1"}, name),
		} {
			code, stdout, stderr := said(args...)
			if code != exitOK || !strings.Contains(stderr, note) {
				t.Errorf("%v: exit code %d, and no %q\n%s", args, code, note, stderr)
			}
			if args[0] == "compare" && !strings.Contains(stdout, strings.TrimPrefix(note, "of")) {
				t.Errorf("%v: the table lacks the outputs:\n%s", args, stdout)
			}
		}
		_, stdout, _ := said(slices.Concat([]string{"inspect", model}, name)...)
		if !strings.Contains(stdout, "left out, unless --output names it: "+left) {
			t.Errorf("inspect, output %s:\n%s", taken, stdout)
		}
		if _, stdout, _ = said("inspect", net); !strings.Contains(stdout, note) {
			t.Errorf("inspect %s:\n%s", net, stdout)
		}
		// what only the other output needs counts nowhere
		r, info := new(eval.Result), new(modelInfo)
		unmarshal(t, command(t, "compare", model, net, "--data", data, "--allow-overlap", "--json"), r)
		unmarshal(t, command(t, slices.Concat([]string{"inspect", model, "--json"}, name)...), info)
		if r.Ops.ANNMACs != info.MACs || r.Origin.Output != taken || !slices.Equal(r.Origin.LeftOut, []string{left}) {
			t.Errorf("output %s: %d MACs, inspect has %d; %+v", taken, r.Ops.ANNMACs, info.MACs, r.Origin.Outputs)
		}
	}
	code, _, stderr := said("compare", model, filepath.Join(dir, outputs[0]+".snn"), "--data", data, "--output", outputs[1])
	if code != exitUsage || !strings.Contains(stderr, "computes the output "+outputs[0]) {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
	for _, args := range [][]string{{"convert", model, "-o", filepath.Join(dir, "no.snn")}, {"inspect", model}, {"compare", model, "--data", data}} {
		code, _, stderr := said(append(args, "--output", "nose")...)
		if want := `the model has no output "nose", it has: ` + strings.Join(outputs, ", "); code != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit code %d\n%s", args, code, stderr)
		}
	}
	if _, err := ann2snn.Load(t.Context(), model, ann2snn.LoadOptions{Output: "nose"}); !errors.Is(err, ann2snn.ErrOutput) {
		t.Errorf("the library: %v", err)
	}
}

// outputNames lists the outputs of a model, the first of the file in front, as the library does.
func outputNames(t *testing.T, model string) []string {
	t.Helper()
	m, err := ann2snn.Load(t.Context(), model, ann2snn.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	names := m.Outputs()
	if other, err := ann2snn.Load(t.Context(), model, ann2snn.LoadOptions{Output: names[1]}); err != nil || !slices.Equal(other.Outputs(), []string{names[1], names[0]}) {
		t.Errorf("the second output: %v", err)
	}
	return names
}

func unmarshal(t *testing.T, document []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(document, v); err != nil {
		t.Fatal(err)
	}
}
