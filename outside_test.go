package ann2snn_test

import (
	"errors"
	"fmt"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ann2snn"
	"ann2snn/models"
)

// TestDocumentedPrograms builds the programs of the package documentation in a module of
// their own, holds them to their number of lines, and runs them on the embedded model and
// samples: the second makes the network that the first classifies with.
func TestDocumentedPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("links two programs")
	}
	t.Parallel()
	programs := documentedPrograms(t)
	if len(programs) != 2 {
		t.Fatalf("%d programs in the documentation, want 2", len(programs))
	}
	for i, most := range []int{20, 30} {
		if n := countLines(programs[i]); n > most {
			t.Errorf("program %d has %d lines, want at most %d", i, n, most)
		}
	}
	module := outsideModule(t)
	classify, convert := build(t, module, "classify", programs[0]), build(t, module, "convert", programs[1])
	work := t.TempDir()
	writeDemo(t, work)
	if out := command(t, work, convert); out != "" {
		t.Errorf("convert printed %q", out)
	}
	got := command(t, work, classify)
	net, err := ann2snn.Open(filepath.Join(work, "demo.snn"))
	if err != nil {
		t.Fatal(err)
	}
	answers, err := net.Classify(t.Context(), bar())
	if err != nil {
		t.Fatal(err)
	}
	if a := answers[0]; got != fmt.Sprintln(a.Class, a.Label, a.Score) || models.Classes()[a.Class] != "1" {
		t.Errorf("classify printed %q, the answer is %+v", got, a)
	}
}

// packageDoc returns the package's documentation.
func packageDoc(t *testing.T) string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	return f.Doc.Text()
}

// documentedPrograms returns the programs in the package's documentation.
func documentedPrograms(t *testing.T) []string {
	t.Helper()
	var programs []string
	for _, block := range new(comment.Parser).Parse(packageDoc(t)).Content {
		if code, ok := block.(*comment.Code); ok && strings.HasPrefix(code.Text, "package main\n") {
			programs = append(programs, code.Text)
		}
	}
	return programs
}

// countLines counts the lines of a program that are not empty.
func countLines(program string) int {
	n := 0
	for line := range strings.Lines(program) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

// outsideModule makes a module that requires this one and what it requires.
func outsideModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(ours), "module ann2snn\n", "module example.com/outside\n", 1) +
		fmt.Sprintf("\nrequire ann2snn v0.0.0\n\nreplace ann2snn => %s\n", root)
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o600),
		os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// build compiles a program in a folder of a module.
func build(t *testing.T, module, name, program string) string {
	t.Helper()
	dir := filepath.Join(module, name)
	if err := errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600)); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, name)
	command(t, module, "go", "build", "-o", binary, "./"+name)
	return binary
}

// command runs a program in a folder and returns its output.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// writeDemo writes the embedded model, its samples and a picture to a folder.
func writeDemo(t *testing.T, dir string) {
	t.Helper()
	picture, err := os.Create(filepath.Join(dir, "glyph.png"))
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, "demo.onnx"), models.Demo(), 0o600),
		os.CopyFS(dir, models.Samples()),
		png.Encode(picture, bar()), picture.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// TestStablePackages: the documentation of what is stable lists all public packages.
func TestStablePackages(t *testing.T) {
	_, list, _ := strings.Cut(strings.Join(strings.Fields(packageDoc(t)), " "), "Semantic versions cover the packages ")
	list, _, _ = strings.Cut(list, ":")
	stable := strings.FieldsFunc(strings.ReplaceAll(list, " and ", ", "), func(r rune) bool { return r == ',' || r == ' ' })
	var public []string
	for _, l := range layering {
		for _, row := range l.packages {
			part := strings.Split(row[0], "/")
			switch {
			case slices.Contains(part, "internal"), slices.Contains([]string{"bench", "cmd", "examples", "models"}, part[0]):
			case part[0] == "export" && len(part) > 1 && part[1] != "target":
			default:
				public = append(public, row[0])
			}
		}
	}
	slices.Sort(stable)
	slices.Sort(public)
	if !slices.Equal(stable, public) {
		t.Errorf("doc.go says that %q are stable, the public packages are %q", stable, public)
	}
}

// TestSmallPrograms: what programs that only run networks need, as the documentation says,
// depends on no module but Go's own.
func TestSmallPrograms(t *testing.T) {
	t.Parallel()
	for imp := range strings.Lines(command(t, ".", "go", "list", "-deps", "./snn", "./runtime", "./preprocess")) {
		imp = strings.TrimSpace(imp)
		if foreign(imp) && !strings.HasPrefix(imp, "golang.org/x/") {
			t.Errorf("a program that only runs networks depends on %s", imp)
		}
	}
}
