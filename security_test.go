package ann2snn_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// blind are modules that the command is built of and that get numbers, flags or escaped texts,
// never bytes of a file.
var blind = []string{
	"github.com/apache/arrow/go/arrow", "github.com/chewxy/hm", "github.com/chewxy/math32", "github.com/google/flatbuffers", // below gorgonia
	"github.com/golang/protobuf", "github.com/pkg/errors", "github.com/xtgo/set", "golang.org/x/xerrors",
	"go4.org/unsafe/assume-no-moving-gc", "gorgonia.org/vecf32", "gorgonia.org/vecf64",
	"github.com/dustin/go-humanize", "github.com/go-analyze/bulk", "github.com/go-analyze/charts", "github.com/golang/freetype", // charts
	"github.com/jedib0t/go-pretty/v6", "github.com/mattn/go-runewidth", "github.com/rivo/uniseg", "golang.org/x/text", // tables
	"github.com/spf13/cobra", "github.com/spf13/pflag", "golang.org/x/sys", "golang.org/x/term",
	"gonum.org/v1/gonum",
}

// TestDependenciesOnSecurityPage: SECURITY.md names every module that the command is built of,
// but for the blind ones, and so every format that the standard library reads for it. The
// program can make no connections.
func TestDependenciesOnSecurityPage(t *testing.T) {
	text := page(t, "SECURITY.md")
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{.ImportPath}} {{with .Module}}{{.Path}}{{end}}", "./cmd/ann2snn").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		pkg, module, _ := strings.Cut(strings.TrimSpace(line), " ")
		if module == "" && regexp.MustCompile(`^net/(http|rpc|smtp)|^plugin$`).MatchString(pkg) {
			t.Errorf("the command depends on %s", pkg)
		}
		found[module] = true
		if module != "" && module != root && !slices.Contains(blind, module) && !strings.Contains(text, "`"+module+"`") {
			t.Errorf("SECURITY.md does not say how far bytes of a file reach into %s", module)
		}
	}
	for _, module := range blind {
		if !found[module] {
			t.Errorf("the command is built without %s", module)
		}
	}
	formats := regexp.MustCompile(`^(archive|compress|debug|image|encoding/(json|xml|csv|gob|asn1|pem))(/|$)`)
	for file, pkg := range goFiles(t) {
		if strings.HasPrefix(pkg, "bench") || strings.HasPrefix(pkg, "models/") || strings.HasPrefix(pkg, "examples/") {
			continue // programs beside the command
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			imp := strings.Trim(spec.Path.Value, `"`)
			if formats.MatchString(imp) && !slices.Contains([]string{"image", "image/color", "debug/buildinfo"}, imp) && !strings.Contains(text, "`"+imp+"`") {
				t.Errorf("SECURITY.md does not say how far bytes of a file reach into %s, which %s imports", imp, file)
			}
		}
	}
}

// TestTestsOnSecurityPage: SECURITY.md lists all fuzz targets, and the tests that it names exist.
func TestTestsOnSecurityPage(t *testing.T) {
	text := page(t, "SECURITY.md")
	var targets, tests []string
	for _, file := range projectFiles(t) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Fuzz") {
				targets = append(targets, path.Dir(file)+" "+fn.Name.Name)
			} else if ok {
				tests = append(tests, fn.Name.Name)
			}
		}
	}
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9/]+)` \\| `(Fuzz[A-Za-z]+)` \\|").FindAllStringSubmatch(text, -1) {
		listed = append(listed, m[1]+" "+m[2])
	}
	slices.Sort(targets)
	slices.Sort(listed)
	if diff := cmp.Diff(targets, listed); diff != "" {
		t.Errorf("fuzz targets (-in the code +in SECURITY.md):\n%s", diff)
	}
	for _, name := range regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(text, -1) {
		if !slices.Contains(tests, name[1]) {
			t.Errorf("SECURITY.md names %s, which is no test", name[1])
		}
	}
}
