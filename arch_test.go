package ann2snn_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "ann2snn/"

// thirdParty in a row of layering allows imports of other modules; a package of another
// module in a row allows that one.
const thirdParty = "*"

// layering is ARCHITECTURE.md's table as code: what each package may import beside the
// standard library, bottom up. Commands may import anything.
var layering = map[string][]string{
	"internal/par":             {},
	"internal/kernels":         {"golang.org/x/sys/cpu"},
	"internal/kernels/emulate": {},
	"internal/pb":              {thirdParty},
	"internal/onnxfile":        {"internal/pb", thirdParty},
	"internal/ort":             {},
	"snn":                      {},
	"runtime":                  {"snn", "internal/kernels", "internal/par"},
	"ir":                       {},
	"internal/ann":             {"ir", "internal/kernels", "internal/par"},
	"ir/passes":                {"ir", "internal/ann", "internal/kernels"},
	"importer":                 {"ir", "internal/pb", thirdParty},
	"calibrate":                {"ir", "internal/ann", "internal/par"},
	"convert":                  {"ir", "calibrate", "snn", "runtime", "internal/ann", "internal/kernels", "internal/par", "gonum.org/v1/gonum/mat"},
	"internal/dataset":         {thirdParty},
	"internal/eval":            {"ir", "snn", "calibrate", "runtime", "internal/ann", "internal/dataset", "internal/par"},
	"internal/search":          {"ir", "snn", "calibrate", "convert", "internal/eval"},
	"internal/report":          {"internal/eval", thirdParty},
	"internal/hdf5":            {},
	"export/target":            {"snn", "runtime"},
	"examples":                 {},
	"export/golang":            {"snn", "examples", "export/target", "internal/dataset"},
	"export/nir":               {"snn", "export/target", "internal/hdf5"},
	"export/c99":               {"snn", "runtime", "export/target", "internal/dataset"},
	"export/onnx":              {"snn", "runtime", "export/target", "internal/onnxfile", "internal/ort", "internal/pb", thirdParty},
	"export":                   {"snn", "runtime", "export/target", "export/c99", "export/golang", "export/nir", "export/onnx"},
	"models":                   {},
	"models/glyphs":            {thirdParty},

	"bench/nets":        {"internal/pb", "internal/onnxfile"},
	"bench/qdq":         {"internal/pb", "internal/onnxfile", thirdParty},
	"bench/int8ref":     {"ir", "calibrate", "internal/ann", "internal/pb", "bench/qdq", thirdParty},
	"internal/demonet":  {"ir/passes", "importer", "snn", "calibrate", "convert", "internal/dataset", "models"},
	"internal/snntest":  {"snn", thirdParty},
	"internal/testutil": {"internal/ort"},
}

// TestImports holds every package to its row of layering.
func TestImports(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(file))
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		if f.Name.Name == "main" {
			return nil
		}
		may, ok := layering[pkg]
		if !ok {
			t.Errorf("%s: package %s has no row in the layering table", file, pkg)
		}
		for _, spec := range f.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			if complaint := checkImport(pkg, imp, may); complaint != "" {
				t.Errorf("%s: %s", file, complaint)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLayeringRows finds rows of layering whose package is gone.
func TestLayeringRows(t *testing.T) {
	for pkg := range layering {
		if files, _ := filepath.Glob(filepath.Join(filepath.FromSlash(pkg), "*.go")); len(files) == 0 {
			t.Errorf("layering has a row for %s, which has no Go files", pkg)
		}
	}
}

func checkImport(pkg, imp string, may []string) string {
	first, _, _ := strings.Cut(imp, "/")
	ours, inside := strings.CutPrefix(imp, module)
	switch {
	case inside && !slices.Contains(may, ours):
		return pkg + " may not import " + ours
	case !inside && strings.Contains(first, ".") && !slices.Contains(may, thirdParty) && !slices.Contains(may, imp):
		return pkg + " may not import the third-party " + imp
	case imp == "runtime" && pkg != "internal/par":
		return "Go's runtime package belongs to internal/par"
	case strings.Contains(imp, "owulveryck/onnx-go") && pkg != "importer":
		return "onnx-go belongs to importer"
	}
	return ""
}
