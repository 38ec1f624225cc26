package ann2snn_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// openers are the functions of package os that open a file which is there.
var openers = []string{"Open", "OpenFile", "ReadFile", "OpenInRoot", "DirFS"}

// mayOpen lists who may call them, and why.
var mayOpen = map[string]string{
	"internal/infile":   "it is the opener",
	"internal/outfile":  "folders, and files that it has made",
	"examples/edge":     "a program of its own, with no package of this module but runtime's",
	"examples/web":      "files that it has made, and what its author names",
	"bench":             "files that it has made",
	"internal/kernels":  "generated sources",
	"internal/testutil": "the module's own files",
}

// TestOneOpener: files that users name are opened by package infile alone, so that none of
// them can be a pipe or a device, on which the program would wait for ever.
func TestOneOpener(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard", "*.go").Output()
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: git ls-files: %v", err)
	}
	files := strings.Fields(string(out))
	calls := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(file), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(syntax, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains(openers, s.Sel.Name) {
				return true
			}
			if x, ok := s.X.(*ast.Ident); !ok || x.Name != "os" {
				return true
			}
			calls++
			if !mayUse(path.Dir(file)) {
				t.Errorf("%s calls os.%s (call package infile)", file, s.Sel.Name)
			}
			return true
		})
	}
	if calls == 0 {
		t.Error("no call found, not even infile's")
	}
}

// mayUse reports whether a folder or one above is in mayOpen.
func mayUse(dir string) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		if mayOpen[dir] != "" {
			return true
		}
	}
	return false
}
