package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ann2snn/internal/environment"
)

// TestVariablesAreInHelp: help tells of every variable that the packages of the command ask for,
// by a name of its own or the constant that holds it.
func TestVariablesAreInHelp(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", `{{with .Module}}{{if .Main}}{{$.Dir}}{{end}}{{end}}`, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	var help bytes.Buffer
	if code := run([]string{"environment"}, nil, &help, &help); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, &help)
	}
	asked := 0
	for dir := range strings.Lines(string(out)) {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(dir), "*.go"))
		if err != nil || strings.TrimSpace(dir) == "" {
			continue
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				for _, name := range variablesIn(n) {
					asked++
					if !strings.Contains(help.String(), name) {
						t.Errorf("%s asks for %s, which help does not tell of", file, name)
					}
				}
				return true
			})
		}
	}
	if asked < 8 {
		t.Errorf("only %d questions for variables were found", asked)
	}
}

// variablesIn returns the names of variables that a part of a program holds: what it hands to
// os.Getenv, and texts that look like ours.
func variablesIn(n ast.Node) []string {
	literal := func(n ast.Node) string {
		l, ok := n.(*ast.BasicLit)
		if !ok || l.Kind != token.STRING {
			return ""
		}
		text, _ := strconv.Unquote(l.Value)
		return text
	}
	if text := literal(n); strings.HasPrefix(text, "ANN2SNN_") && !strings.ContainsAny(text, " =") {
		return []string{text}
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if f, ok := call.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "Getenv" || f.Sel.Name == "LookupEnv") {
		if text := literal(call.Args[0]); text != "" {
			return []string{text}
		}
	}
	return nil
}

// TestWrongVariables: what a variable cannot be is an error that names it, the value and what it
// can be, before any work.
func TestWrongVariables(t *testing.T) {
	for _, test := range []struct{ name, value, want string }{
		{environment.Kernel, "abacus", `error: ANN2SNN_KERNEL=abacus: the set "abacus" does not run here (possible: `},
		{environment.Kernel, "GO", `error: ANN2SNN_KERNEL=GO: the set "GO" does not run here (possible: `},
		{environment.Kernel, "\x1b[31m", "error: ANN2SNN_KERNEL=\uFFFD[31m: the set \"\uFFFD[31m\" does not run here (possible: "},
		{environment.Sparse, "1", "error: ANN2SNN_SPARSE=1 is neither on nor off\nhint: try one of them, or to leave the variable out\n"},
		{environment.Winograd, "On", "error: ANN2SNN_WINOGRAD=On is neither on nor off\nhint: try one of them, or to leave the variable out\n"},
	} {
		t.Setenv(test.name, test.value)
		for _, args := range [][]string{{"demo"}, {"run", "nosuch.snn", "x"}, {"bench", "nosuch.snn"}, {"inspect", "nosuch"}} {
			var stdout, stderr bytes.Buffer
			if code := run(args, nil, &stdout, &stderr); code != exitFailure || !strings.HasPrefix(stderr.String(), test.want) {
				t.Errorf("%s=%q %q: exit code %d, %s", test.name, test.value, args, code, &stderr)
			}
		}
		t.Setenv(test.name, "")
	}
}
