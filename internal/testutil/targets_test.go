package testutil_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/testutil"
)

// Machines with ints of 32 bits run networks and do not convert them.
var (
	everything = []string{"./..."}
	running    = []string{"./runtime", "./snn", "./internal/kernels/...", "./examples/edge"}
)

// targets are what the project builds for beside the machine that tests it: other
// processors, word sizes, byte orders and systems, and the build tags.
var targets = []struct {
	os, arch, tags string
	packages       []string
}{
	{"linux", "amd64", "purego", running},
	{"linux", "amd64", "lean", running},
	{"linux", "arm64", "", everything},
	{"linux", "arm64", "purego,lean", running},
	{"linux", "arm", "", running},
	{"linux", "riscv64", "", running},
	{"linux", "s390x", "", running},
	{"darwin", "arm64", "", everything},
	{"windows", "amd64", "", everything},
	{"windows", "386", "", running},
}

// TestTargets type-checks the packages for every target. That finds what a compiler would
// find, in a small part of its time: it reads bodies of functions in our packages alone.
func TestTargets(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing here depends on -race")
	}
	for _, target := range targets {
		t.Run(strings.TrimSuffix(target.os+","+target.arch+","+target.tags, ","), func(t *testing.T) {
			t.Parallel()
			args := append([]string{"list", "-deps", "-json=ImportPath,Dir,GoFiles,ImportMap,Module", "-tags", target.tags}, target.packages...)
			cmd := exec.CommandContext(t.Context(), "go", args...)
			cmd.Dir = testutil.Root()
			cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+target.os, "GOARCH="+target.arch)
			cmd.Stderr = t.Output()
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			checkTypes(t, out, types.SizesFor("gc", target.arch))
		})
	}
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
	Module          *struct{ Main bool }
}

// checkTypes checks packages that come after those that they import.
func checkTypes(t *testing.T, list []byte, sizes types.Sizes) {
	t.Helper()
	known := map[string]*types.Package{"unsafe": types.Unsafe}
	fset := token.NewFileSet()
	for d := json.NewDecoder(bytes.NewReader(list)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath == "unsafe" {
			continue
		}
		files := make([]*ast.File, len(p.GoFiles))
		for i, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files[i] = f
		}
		ours := p.Module != nil && p.Module.Main
		config := types.Config{Sizes: sizes, IgnoreFuncBodies: !ours, Importer: importerOf(func(path string) *types.Package {
			if mapped, ok := p.ImportMap[path]; ok {
				path = mapped
			}
			return known[path]
		})}
		config.Error = func(err error) {
			if ours {
				t.Error(err)
			}
		}
		known[p.ImportPath], _ = config.Check(p.ImportPath, fset, files, nil)
	}
}

type importerOf func(path string) *types.Package

func (f importerOf) Import(path string) (*types.Package, error) {
	if p := f(path); p != nil {
		return p, nil
	}
	return nil, errors.New("no package " + path)
}
