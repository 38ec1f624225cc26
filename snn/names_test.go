package snn

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestEnumNames holds the tables of names to the constants that the package declares.
func TestEnumNames(t *testing.T) {
	names := map[string][]string{"Restim": restimNames[:], "ActFn": actNames(), "HostFn": hostNames[:]}
	count := enumConstants(t)
	for enum, n := range count {
		table, ok := names[enum]
		if !ok {
			t.Errorf("%s has %d values and no table of names", enum, n)
			continue
		}
		if len(table) != n {
			t.Errorf("%s has %d values and %d names", enum, n, len(table))
		}
		seen := map[string]bool{"": true}
		for i, name := range table {
			if seen[name] {
				t.Errorf("%s: value %d has the name %q, which is empty or taken", enum, i, name)
			}
			seen[name] = true
		}
	}
	for enum := range names {
		if count[enum] == 0 {
			t.Errorf("no constants of %s are declared", enum)
		}
	}
	if got := Restim(9).String(); got != "unknown (9)" {
		t.Errorf("a mode that does not exist is called %q", got)
	}
}

// enumConstants counts the constants of each exported type whose block counts by iota.
func enumConstants(t *testing.T) map[string]int {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			enum := ""
			for _, s := range g.Specs {
				v, _ := s.(*ast.ValueSpec)
				if id, ok := v.Type.(*ast.Ident); ok {
					enum = id.Name
				}
				if enum != "" && ast.IsExported(enum) {
					count[enum] += len(v.Names)
				}
			}
		}
	}
	return count
}

func actNames() []string {
	names := make([]string, len(activations))
	for i, row := range activations {
		names[i] = row.name
	}
	return names
}
