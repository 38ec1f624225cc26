package ann2snn_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "ann2snn"
	module = root + "/"
)

// anything in a row of layering allows every import: programs put everything together.
const anything = "all"

// layer is a floor of the house: a package may import packages of the floors below and,
// on its own floor, those in the rows before its own.
type layer struct {
	name     string
	packages [][]string // each row: a package, then what it may import beside the standard library
}

// layering says what each package may import, bottom up. ARCHITECTURE.md's picture and
// table are made from it: go test . -run TestArchitecture -update.
// A package of another module stands for itself and for all packages below its path.
var layering = []layer{
	{"ground", [][]string{
		{"internal/par"},
		{"internal/escape"},
		{"internal/arena"},
		{"internal/kernels"},
		{"internal/kernels/cpu", "golang.org/x/sys/cpu"},
		{"internal/kernels/geom"},
		{"internal/kernels/f32", "internal/kernels/cpu", "internal/kernels/geom"},
		{"internal/kernels/emulate"},
		{"internal/kernels/gen", anything}, // a module of its own
		{"internal/pb", "google.golang.org/protobuf"},
		{"internal/onnxfile", "internal/pb", "google.golang.org/protobuf"},
		{"internal/ort"},
		{"internal/hdf5"},
		{"internal/budget"},
		{"internal/infile", "internal/budget"},
		{"internal/outfile"},
		{"preprocess", "golang.org/x/image"},
		{"internal/sampleid"},
		{"internal/dataset", "internal/par", "preprocess", "internal/sampleid", "internal/budget", "internal/infile"},
		{"models"},
	}},
	{"networks", [][]string{
		{"snn"},
		{"internal/facts", "snn"},
		{"ir"},
	}},
	{"execution", [][]string{
		{"internal/kernels/spike", "snn"},
		{"internal/kernels/u8", "snn", "internal/kernels/cpu", "internal/kernels/geom"},
		{"internal/engine", "snn", "internal/facts"},
		{"internal/engine/spec", "snn", "internal/facts", "internal/engine", "internal/kernels/spike"},
		{"internal/engine/u8", "snn", "internal/facts", "internal/arena", "internal/engine", "internal/engine/spec", "internal/kernels/cpu", "internal/kernels/spike", "internal/kernels/u8", "internal/par", "internal/budget"},
		{"runtime", "snn", "internal/facts", "internal/engine", "internal/engine/spec", "internal/engine/u8", "internal/kernels/cpu", "internal/budget"},
		{"internal/grad", "snn", "internal/kernels/cpu", "internal/kernels/f32"},
		{"internal/ann", "ir", "snn", "internal/arena", "internal/kernels/cpu", "internal/kernels/f32", "internal/budget"},
	}},
	{"conversion", [][]string{
		{"ir/passes", "ir", "internal/ann"},
		{"importer/internal/onnxgo", "ir", "internal/pb", "google.golang.org/protobuf", "github.com/owulveryck/onnx-go", "gorgonia.org/tensor", "gonum.org/v1/gonum/graph", "go4.org/unsafe/assume-no-moving-gc"},
		{"importer", "ir", "internal/pb", "importer/internal/onnxgo", "google.golang.org/protobuf", "internal/budget", "internal/infile"},
		{"calibrate", "ir", "internal/ann", "internal/par", "internal/sampleid"},
		{"convert/internal/plan", "ir", "snn", "calibrate", "internal/ann", "internal/budget"},
		{"convert/internal/fill", "ir", "snn", "calibrate", "convert/internal/plan", "internal/par"},
		{"convert/internal/fit", "ir", "snn", "calibrate", "convert/internal/plan", "convert/internal/fill", "runtime", "internal/ann", "internal/kernels/cpu", "internal/kernels/f32", "internal/par", "gonum.org/v1/gonum/mat"},
		{"convert/internal/tune", "ir", "snn", "calibrate", "convert/internal/plan", "convert/internal/fill", "convert/internal/fit", "internal/ann", "internal/grad", "internal/kernels/cpu", "internal/par"},
		{"convert", "ir", "snn", "calibrate", "convert/internal/plan", "convert/internal/fill", "convert/internal/fit", "convert/internal/tune"},
	}},
	{"measurement", [][]string{
		{"internal/eval", "ir", "snn", "calibrate", "runtime", "internal/ann", "internal/par", "internal/sampleid", "preprocess"},
		{"internal/search", "ir", "snn", "calibrate", "convert", "internal/eval"},
		{"internal/report", "internal/escape", "internal/eval", "github.com/go-analyze/charts", "github.com/jedib0t/go-pretty/v6"},
	}},
	{"library", [][]string{
		{root, "importer", "ir", "ir/passes", "calibrate", "convert", "snn", "runtime", "preprocess", "internal/sampleid", "internal/dataset", "internal/eval", "internal/search", "internal/outfile", "internal/infile"},
	}},
	{"exports", [][]string{
		{"export/target", "snn", "runtime"},
		{"examples"},
		{"export/c99", "snn", "internal/escape", "internal/facts", "internal/engine/spec", "internal/arena", "runtime", "export/target", "internal/outfile", "preprocess"},
		{"export/golang", "snn", "ann2snn", "internal/escape", "examples", "export/target", "preprocess"},
		{"export/nir", "snn", "internal/escape", "internal/facts", "export/target", "internal/hdf5", "internal/outfile"},
		{"export/onnx", "snn", "internal/escape", "internal/facts", "runtime", "export/target", "internal/onnxfile", "internal/ort", "internal/pb", "google.golang.org/protobuf"},
		{"export", "snn", "runtime", "internal/outfile", "export/target", "export/c99", "export/golang", "export/nir", "export/onnx"},
	}},
	{"programs", [][]string{
		{"internal/environment", "runtime", "internal/kernels/cpu"},
		{"cmd/ann2snn", anything},
		{"examples/edge", anything},
		{"examples/web", anything},
		{"models/glyphs", "golang.org/x/image", "github.com/golang/freetype"},
		{"models/draw", anything},
		{"bench/nets", "internal/pb", "internal/onnxfile"},
		{"bench/qdq", "internal/pb", "internal/onnxfile", "google.golang.org/protobuf"},
		{"bench/int8ref", "ir", "calibrate", "internal/ann", "internal/pb", "bench/qdq", "google.golang.org/protobuf"},
		{"bench", anything},
		{"bench/edge", anything},
		{"bench/results", anything},
		{"bench/zoo", anything},
	}},
	{"tests", [][]string{
		{"internal/testutil", "internal/ort"},
		{"internal/kernels/kerneltest", "internal/testutil"},
		{"internal/snntest", "snn", "pgregory.net/rapid"},
		{"convert/internal/nettest", "ir", "snn", "calibrate", "runtime", "internal/ann", "pgregory.net/rapid"},
		{"internal/demonet", root, "snn", "calibrate", "convert", "models", "preprocess"},
	}},
}

// TestLayering checks that no row of layering points upward and none stands twice.
func TestLayering(t *testing.T) {
	var below []string
	for _, l := range layering {
		for _, row := range l.packages {
			pkg, may := row[0], row[1:]
			if slices.Contains(below, pkg) {
				t.Errorf("layering has two rows for %s", pkg)
			}
			for _, imp := range may {
				if ours := imp != anything && !foreign(imp); ours && !slices.Contains(below, imp) {
					t.Errorf("layering lets %s import %s, which does not stand below it", pkg, imp)
				}
			}
			below = append(below, pkg)
		}
	}
}

// TestImports holds every package to its row of layering, and every row to its package.
func TestImports(t *testing.T) {
	rows := map[string][]string{}
	for _, l := range layering {
		for _, row := range l.packages {
			rows[row[0]] = row[1:]
		}
	}
	used := map[string][]string{}
	for file, pkg := range goFiles(t) {
		may, ok := rows[pkg]
		if !ok {
			t.Errorf("%s: package %s has no row in the layering table", file, pkg)
			continue
		}
		used[pkg] = append(used[pkg], "")
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			if imp == "runtime" && pkg != "internal/par" && f.Name.Name != "main" {
				t.Errorf("%s: Go's runtime package belongs to internal/par", file)
			}
			ours, inside := strings.CutPrefix(imp, module)
			inside = inside || imp == root
			if !inside && !foreign(imp) {
				continue
			}
			allowed := slices.IndexFunc(may, func(m string) bool {
				return m == ours || m == anything || foreign(m) && strings.HasPrefix(imp, m+"/")
			})
			if allowed < 0 {
				t.Errorf("%s: %s may not import %s", file, pkg, ours)
				continue
			}
			used[pkg] = append(used[pkg], may[allowed])
		}
	}
	for pkg, may := range rows {
		if used[pkg] == nil {
			t.Errorf("layering has a row for %s, which has no Go files", pkg)
		}
		for _, imp := range may {
			if imp != anything && !slices.Contains(used[pkg], imp) {
				t.Errorf("layering lets %s import %s, which it does not", pkg, imp)
			}
		}
	}
}

// TestDependencies keeps the libraries of importing out of packages that do not import, and
// all but one package of others out of programs that only run networks.
func TestDependencies(t *testing.T) {
	for pkg, may := range map[string][]string{
		"./snn":     {},
		"./runtime": {"golang.org/x/sys/cpu"},
		"./convert": {"golang.org/x/sys/cpu", "gonum.org/v1/gonum/"},
	} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatal(err)
		}
		for imp := range strings.Lines(string(out)) {
			imp = strings.TrimSpace(imp)
			allowed := slices.ContainsFunc(may, func(m string) bool { return imp == m || strings.HasSuffix(m, "/") && strings.HasPrefix(imp, m) })
			if foreign(imp) && !allowed {
				t.Errorf("%s depends on %s", pkg, imp)
			}
			if small := pkg != "./convert"; small && slices.Contains([]string{"fmt", "encoding/json", "net"}, imp) {
				t.Errorf("%s depends on %s, which is most of a small program", pkg, imp)
			}
		}
	}
}

// TestNestedModules compiles the modules within this one, which a build of this one leaves
// out, against it.
func TestNestedModules(t *testing.T) {
	for _, dir := range []string{"bench/results", "internal/kernels/gen"} {
		out, err := exec.CommandContext(t.Context(), "go", "vet", "-C", filepath.FromSlash(dir), "./...").CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", dir, err, out)
		}
	}
}

// foreign tells packages of other modules from ours and from the standard library's.
func foreign(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return strings.Contains(first, ".")
}

// goFiles yields the Go files of the project that are not tests, each with its package's
// directory.
func goFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if path.Ext(file) == ".go" && !strings.HasSuffix(file, "_test.go") {
			files[file] = strings.TrimPrefix(path.Join(root, path.Dir(filepath.ToSlash(file))), module)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
