package ann2snn_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ann2snn/convert"
	"ann2snn/importer"
	"ann2snn/ir"
)

var update = flag.Bool("update", false, "rewrite the generated part of README.md")

// families are the ONNX operators that share an operator of the IR under another name.
var families = map[string]string{
	"Sub": "Binary", "Mul": "Binary", "Div": "Binary", "Pow": "Binary", "Equal": "Binary",
	"Abs": "Unary", "Erf": "Unary", "Exp": "Unary", "Floor": "Unary", "Log": "Unary", "Neg": "Unary",
	"Reciprocal": "Unary", "Softplus": "Unary", "Sqrt": "Unary",
	"ReduceMean": "Reduce", "ReduceSum": "Reduce",
	"Sum":      "Add",
	"Constant": "", // becomes a constant value
}

// linearMembers are the operators of the families Binary and Unary that spikes can take;
// the others may only compute constants.
var linearMembers = map[string]string{
	"Sub": "linear", "Neg": "linear",
	"Mul": "linear (by a constant); SiLU, HardSwish", "Div": "linear (by a constant)",
}

// elsewhere says, per package, which file deals with an operator that has no file of its
// name there; an empty name means none does, for the reason that verbs gives.
var elsewhere = map[string]map[string]string{
	"importer": {"silu": ""},
	"internal/ann": {
		"elu": "activation", "hardsigmoid": "activation", "hardswish": "activation", "leakyrelu": "activation",
		"sigmoid": "activation", "silu": "activation", "tanh": "activation",
	},
	"convert": {
		"clip": "activations", "elu": "activations", "hardsigmoid": "activations", "hardswish": "activations",
		"leakyrelu": "activations", "prelu": "activations", "relu": "activations", "sigmoid": "activations",
		"silu": "activations", "tanh": "activations",
		"expand": "move", "flatten": "move", "gather": "move", "reshape": "move", "slice": "move", "split": "move",
		"squeeze": "move", "transpose": "move", "unsqueeze": "move", "dropout": "move", "identity": "move",
		"globalaveragepool": "averagepool", "globalmaxpool": "maxpool", "logsoftmax": "softmax",
		"cast": "", "constantofshape": "", "shape": "", "where": "",
	},
}

// verbs are the packages that deal with operators, and why one may be missing there.
var verbs = []struct{ pkg, missing string }{
	{"importer", "ONNX has no such operator up to opset 21; a pass makes it"},
	{"internal/ann", ""},
	{"convert", "shape arithmetic, which constant folding removes"},
}

// TestEveryOperatorHasEveryVerb is the first rule of ARCHITECTURE.md.
func TestEveryOperatorHasEveryVerb(t *testing.T) {
	used := map[string]bool{}
	for _, op := range ir.Ops() {
		name := operatorFile(t, op)
		for _, v := range verbs {
			file, moved := elsewhere[v.pkg][name]
			used[v.pkg+"/"+name] = moved
			own := filepath.Join(filepath.FromSlash(v.pkg), name+".go")
			switch _, err := os.Stat(own); {
			case moved && err == nil:
				t.Errorf("%s exists, although the table sends %s elsewhere", own, op.Kind())
			case moved && file == "" && v.missing == "":
				t.Errorf("%s: no reason why %s may be missing", v.pkg, op.Kind())
			case moved && file != "":
				if _, err := os.Stat(filepath.Join(filepath.FromSlash(v.pkg), file+".go")); err != nil {
					t.Errorf("%s: %s.go, which should hold %s, is missing", v.pkg, file, op.Kind())
				}
			case !moved && err != nil:
				t.Errorf("%s: there is no %s.go for %s", v.pkg, name, op.Kind())
			}
		}
	}
	for pkg, names := range elsewhere {
		for name := range names {
			if !used[pkg+"/"+name] {
				t.Errorf("the table sends %s of %s elsewhere, but the IR has no such operator", name, pkg)
			}
		}
	}
}

// operatorFile is the file of ir, without ".go", that declares op.
func operatorFile(t *testing.T, op ir.Op) string {
	t.Helper()
	declaration := []byte("\ntype " + reflect.TypeOf(op).Name() + " struct")
	files, err := filepath.Glob(filepath.Join("ir", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if src, err := os.ReadFile(f); err == nil && bytes.Contains(src, declaration) {
			return strings.TrimSuffix(filepath.Base(f), ".go")
		}
	}
	t.Fatalf("no file of ir declares %s", op.Kind())
	return ""
}

// TestOperatorTable holds the README's table to what the packages say.
func TestOperatorTable(t *testing.T) {
	const begin, end = "<!-- operators:begin -->\n", "<!-- operators:end -->"
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(readme), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("README.md has lost the markers of the operator table")
	}
	want := head + begin + operatorTable(t) + end + tail
	if want == string(readme) {
		return
	}
	if !*update {
		t.Fatal("README.md's operator table is stale; run: go test . -run TestOperatorTable -update")
	}
	if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func operatorTable(t *testing.T) string {
	t.Helper()
	tests := nodeTests(t)
	var b strings.Builder
	b.WriteString("| ONNX operator | opsets | becomes | ONNX node tests passed | remarks |\n|---|---|---|---|---|\n")
	for _, o := range importer.Operators() {
		kind, renamed := families[o.Name]
		if !renamed {
			kind = o.Name
		}
		fmt.Fprintf(&b, "| %s | %d to %d | %s | %s | %s |\n", o.Name, o.First, o.Last, becomes(o.Name, kind), tests[o.Name], o.Note)
	}
	return b.String()
}

func becomes(name, kind string) string {
	if kind == "Binary" || kind == "Unary" {
		return cmp.Or(linearMembers[name], "folded where constant")
	}
	if class, ok := convert.ClassOf(kind); ok {
		return class.String()
	}
	if kind == "" {
		return "constant"
	}
	return "folded where constant"
}

// nodeTests reads how many of the ONNX backend's node tests an operator passes, as in
// "9 of 11"; internal/ann's conformance test keeps the file true.
func nodeTests(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("internal", "ann", "testdata", "conformance.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]string{}
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) < 3 || f[0] == "operator" {
			continue
		}
		var passed, skipped int
		if _, err := fmt.Sscan(f[1]+" "+f[2], &passed, &skipped); err != nil {
			t.Fatalf("conformance.tsv: %q: %v", line, err)
		}
		counts[f[0]] = fmt.Sprintf("%d of %d", passed, passed+skipped)
	}
	return counts
}

// TestFamilies finds operators of the importer that the table cannot place.
func TestFamilies(t *testing.T) {
	kinds := map[string]bool{"": true}
	for _, op := range ir.Ops() {
		kinds[op.Kind()] = true
	}
	for _, o := range importer.Operators() {
		if _, ok := families[o.Name]; !ok && !kinds[o.Name] {
			t.Errorf("%s is neither an operator of the IR nor in families", o.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if !kinds[families[name]] {
			t.Errorf("families maps %s to %s, which the IR does not have", name, families[name])
		}
	}
}
