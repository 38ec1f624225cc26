package ann2snn_test

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ann2snn/convert"
	"ann2snn/importer"
	"ann2snn/internal/ann"
	"ann2snn/ir"
	"ann2snn/ir/passes"
)

var update = flag.Bool("update", false, "rewrite the generated parts of README.md and ARCHITECTURE.md")

// TestEveryOperatorIsDealtWith asks the registries: every operator of the IR comes from
// somewhere, and means something.
func TestEveryOperatorIsDealtWith(t *testing.T) {
	imported := map[string]bool{}
	for _, o := range importer.Operators() {
		if o.Becomes != nil {
			imported[o.Becomes.Kind()] = true
		} else if o.Name != "Constant" {
			t.Errorf("the importer does not say what %s becomes", o.Name)
		}
	}
	made := madeByPasses(t)
	for _, op := range ir.Ops() {
		kind := op.Kind()
		if !imported[kind] && !made[reflect.TypeOf(op).Name()] {
			t.Errorf("neither the importer nor a pass makes %s", kind)
		}
		if passes.Decomposes(op) == ann.Supports(op) {
			t.Errorf("%s: decomposed %v, computed by the executor %v; want one of them", kind, passes.Decomposes(op), ann.Supports(op))
		}
		if _, ok := convert.ClassOf(kind); ok && passes.Decomposes(op) {
			t.Errorf("%s is decomposed, yet the conversion has a rule for it", kind)
		}
	}
}

// madeByPasses lists the types of operators of which passes make values.
func madeByPasses(t *testing.T) map[string]bool {
	t.Helper()
	made := map[string]bool{}
	for _, f := range parseFiles(t, filepath.Join("ir", "passes")) {
		ast.Inspect(f.tree, func(n ast.Node) bool {
			if c, ok := n.(*ast.CompositeLit); ok {
				if s, ok := c.Type.(*ast.SelectorExpr); ok {
					made[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	return made
}

// registries are the tables of operators.
var registries = []struct{ dir, table string }{
	{"importer", "operators"},
	{filepath.Join("ir", "passes"), "decompositions"},
	{filepath.Join("internal", "ann"), "builders"},
	{"convert", "rules"},
}

// TestOneOperatorOneFile is the first rule of ARCHITECTURE.md: in every package, what
// deals with an operator is in the file of the operator's name, or in a file that several
// operators share.
func TestOneOperatorOneFile(t *testing.T) {
	home := declarations(parseFiles(t, "ir")) // the file that declares the type of an operator
	for _, r := range registries {
		files := parseFiles(t, r.dir)
		declared := declarations(files)
		entries := tableOf(t, files, r.table)
		serves := map[string]map[string]bool{} // per file: the operators in it
		for _, e := range entries {
			if serves[declared[e.function]] == nil {
				serves[declared[e.function]] = map[string]bool{}
			}
			serves[declared[e.function]][e.operator] = true
		}
		for _, e := range entries {
			file := declared[e.function]
			own := cmp.Or(home[e.operator], strings.ToLower(e.operator)+".go")
			if file != own && len(serves[file]) < 2 {
				t.Errorf("%s: %s of %s is in %s, want it in %s or in a file that several operators share", r.dir, e.function, e.operator, file, own)
			}
		}
	}
}

// entry is a line of a registry: the type of an operator of the IR (or the name that ONNX
// has for it), and the function or variable that deals with it.
type entry struct{ operator, function string }

type source struct {
	name string // without its folder
	tree *ast.File
}

// parseFiles parses the files of a folder and those below it, tests left out.
func parseFiles(t *testing.T, dir string) []source {
	t.Helper()
	var files []source
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, source{d.Name(), tree})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// declarations maps the names of functions, types and variables to their files.
func declarations(files []source) map[string]string {
	at := map[string]string{}
	for _, f := range files {
		for _, d := range f.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				at[d.Name.Name] = f.name
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						at[s.Name.Name] = f.name
					case *ast.ValueSpec:
						for _, n := range s.Names {
							at[n.Name] = f.name
						}
					}
				}
			}
		}
	}
	return at
}

// tableOf reads the lines of a registry.
func tableOf(t *testing.T, files []source, name string) []entry {
	t.Helper()
	var lines []ast.Expr
	found := false
	for _, f := range files {
		ast.Inspect(f.tree, func(n ast.Node) bool {
			s, ok := n.(*ast.ValueSpec)
			if ok && s.Names[0].Name == name && len(s.Values) == 1 {
				if c, ok := s.Values[0].(*ast.CompositeLit); ok {
					lines, found = c.Elts, true
				}
			}
			return true
		})
	}
	if !found {
		t.Fatalf("there is no table %s", name)
	}
	firstParams := parameterTypes(files)
	entries := make([]entry, len(lines))
	for i, line := range lines {
		switch line := line.(type) {
		case *ast.Ident: // of the importer, in the order of Operators
			o := importer.Operators()[i]
			entries[i] = entry{o.Name, line.Name}
			if o.Becomes != nil {
				entries[i].operator = reflect.TypeOf(o.Becomes).Name()
			}
		case *ast.CallExpr: // on(build), by((*expansion).build)
			entries[i] = calledEntry(line.Args[0], firstParams)
		case *ast.CompositeLit: // {"Kind", ..., lower}
			kind, _ := strconv.Unquote(line.Elts[0].(*ast.BasicLit).Value)
			entries[i] = entry{typeOfKind(t, kind), line.Elts[len(line.Elts)-1].(*ast.Ident).Name}
		}
	}
	return entries
}

// calledEntry reads an argument that is a function on an operator.
func calledEntry(arg ast.Expr, firstParams map[string]string) entry {
	switch arg := arg.(type) {
	case *ast.IndexExpr: // build[ir.Op]
		return entry{arg.Index.(*ast.SelectorExpr).Sel.Name, arg.X.(*ast.Ident).Name}
	case *ast.SelectorExpr: // (*expansion).build
		return entry{firstParams[arg.Sel.Name], arg.Sel.Name}
	}
	name := arg.(*ast.Ident).Name
	return entry{firstParams[name], name}
}

// parameterTypes maps functions to the type of package ir that a parameter has.
func parameterTypes(files []source) map[string]string {
	types := map[string]string{}
	for _, f := range files {
		for _, d := range f.tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			for _, p := range fn.Type.Params.List {
				if s, ok := p.Type.(*ast.SelectorExpr); ok && types[fn.Name.Name] == "" {
					types[fn.Name.Name] = s.Sel.Name
				}
			}
		}
	}
	return types
}

// typeOfKind is the name of the type whose Kind is given.
func typeOfKind(t *testing.T, kind string) string {
	t.Helper()
	i := slices.IndexFunc(ir.Ops(), func(op ir.Op) bool { return op.Kind() == kind })
	if i < 0 {
		t.Fatalf("the IR has no operator %s", kind)
	}
	return reflect.TypeOf(ir.Ops()[i]).Name()
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
		fmt.Fprintf(&b, "| %s | %d to %d | %s | %s | %s |\n", o.Name, o.First, o.Last, becomes(t, o.Becomes), tests[o.Name], o.Note)
	}
	return b.String()
}

// becomes says what the conversion makes of an operator.
func becomes(t *testing.T, op ir.Op) string {
	t.Helper()
	const folded = "folded where constant"
	switch op := op.(type) {
	case nil:
		return "constant"
	case ir.Binary, ir.Unary: // families, of which the conversion takes some members
		return cmp.Or(classOfMember(t, op), folded)
	}
	if passes.Decomposes(op) {
		return "linear, by other operators"
	}
	if class, ok := convert.ClassOf(op.Kind()); ok {
		return class
	}
	return folded
}

// classOfMember is what becomes of an elementwise operator of a signal and a constant, ""
// where it cannot be converted.
func classOfMember(t *testing.T, op ir.Op) string {
	t.Helper()
	g := &ir.Graph{}
	x := g.AddValue(ir.Value{Name: "x", Type: ir.Of(ir.Float32, 1, 2)})
	y := g.AddValue(ir.Value{Name: "y", Type: ir.Of(ir.Float32, 1, 2)})
	g.Inputs, g.Outputs = []ir.ValueID{x}, []ir.ValueID{y}
	in := []ir.ValueID{x}
	if _, ok := op.(ir.Binary); ok {
		in = append(in, g.AddConst("c", ir.Floats([]float32{2, 2}, 2)))
	}
	g.Nodes = []ir.Node{{Op: op, In: in, Out: []ir.ValueID{y}}}
	if class := convert.Classify(t.Context(), g)[0].Class; class != "unsupported" {
		return class
	}
	return ""
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
