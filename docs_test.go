package ann2snn_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// projectFiles returns the paths of the files that git knows or would add.
func projectFiles(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: git ls-files: %v", err)
	}
	files := strings.Fields(string(out))
	return slices.DeleteFunc(files, func(file string) bool {
		_, err := os.Stat(file)
		return err != nil // removed, and not committed yet
	})
}

// fileName finds what looks like a file of the project in running text.
var fileName = regexp.MustCompile(`[A-Za-z0-9_$*<>./-]*[A-Za-z0-9_]\.(?:md|go|py|mjs|yml|txtar|proto)\b`)

// written are names of files that programs write.
var written = []string{
	"NAME.LOSS.md", "name_amd64.go",
}

// TestFilesThatTextsNameExist reads comments and pages: the files that they send a reader
// to are in the project.
func TestFilesThatTextsNameExist(t *testing.T) {
	files := projectFiles(t)
	known := func(from, name string) bool {
		name = strings.TrimPrefix(name, "./")
		for _, base := range []string{"", path.Dir(from)} {
			if _, err := os.Stat(filepath.FromSlash(path.Join(base, name))); err == nil {
				return true
			}
		}
		return strings.Contains(name, "*") || slices.Contains(written, name) || slices.ContainsFunc(files, func(file string) bool {
			return file == name || strings.HasSuffix(file, "/"+name)
		})
	}
	for _, file := range files {
		var text string
		switch path.Ext(file) {
		case ".md":
			if file == "CHANGELOG.md" { // tells of what was
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
		case ".go":
			text = comments(t, file)
		}
		for _, name := range fileName.FindAllString(text, -1) {
			if !known(file, name) {
				t.Errorf("%s names %s, which is not in the project", file, name)
			}
		}
	}
}

// Names in code on pages: of a folder, and of something that a package exports.
var (
	folderName = regexp.MustCompile("`((?:[a-z0-9_]+/)+[a-z0-9_]+)`")
	goName     = regexp.MustCompile("`([a-z0-9]+)\\.([A-Z][A-Za-z0-9]*)(?:\\.([A-Z][A-Za-z0-9]*))?")
)

// TestNamesOnPagesExist looks up the folders and the exported names that pages speak of.
func TestNamesOnPagesExist(t *testing.T) {
	exported := map[string][]string{} // by the package's name
	for file := range goFiles(t) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if name, ok := n.(*ast.Ident); ok && name.IsExported() {
				exported[f.Name.Name] = append(exported[f.Name.Name], name.Name)
			}
			return true
		})
	}
	for _, file := range []string{"ARCHITECTURE.md", "RATIONALE.md", "README.md", "docs/experiments.md"} {
		text := page(t, file)
		for _, m := range folderName.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(m[1]); err != nil {
				t.Errorf("%s names the folder %s, which is not there", file, m[1])
			}
		}
		for _, m := range goName.FindAllStringSubmatch(text, -1) {
			names, ours := exported[m[1]]
			for _, name := range m[2:] {
				if ours && name != "" && !slices.Contains(names, name) {
					t.Errorf("%s names %s.%s, which package %s does not have", file, m[1], name, m[1])
				}
			}
		}
	}
}

// comments returns the comments of a Go file.
func comments(t *testing.T, file string) string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range f.Comments {
		b.WriteString(c.Text())
	}
	return b.String()
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
)

// TestLinks follows the links of Markdown pages within the project, to headings too.
func TestLinks(t *testing.T) {
	for _, file := range projectFiles(t) {
		if path.Ext(file) != ".md" {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(page(t, file), -1) {
			to, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(to, "://") {
				continue
			}
			target := file
			if to != "" {
				target = path.Join(path.Dir(file), to)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			} else if anchor != "" && !slices.Contains(anchors(page(t, target)), anchor) {
				t.Errorf("%s links to %s, which has no such heading", file, m[1])
			}
		}
	}
}

// page returns a Markdown page without its blocks of code.
func page(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return fence.ReplaceAllString(string(b), "")
}

// anchors are the names that GitHub gives to the headings of a page.
func anchors(text string) []string {
	var all []string
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	return all
}

// TestPackageComments holds every package to one comment, which names the package. It
// opens with what a reader uses the package for; that is for reviews to see.
func TestPackageComments(t *testing.T) {
	texts := map[string][]string{}
	for file, pkg := range goFiles(t) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		name := "Package " + f.Name.Name
		if f.Name.Name == "main" {
			name = "Command " + path.Base(pkg)
		}
		texts[pkg] = append(texts[pkg], "")
		if text := f.Doc.Text(); text != "" {
			texts[pkg] = append(texts[pkg], text)
			if !strings.HasPrefix(text, name+" ") {
				t.Errorf("%s: the package comment does not begin with %s", file, name)
			}
		}
	}
	for pkg, text := range texts {
		if n := len(slices.DeleteFunc(text, func(s string) bool { return s == "" })); n != 1 {
			t.Errorf("%s has %d package comments", pkg, n)
		}
	}
}
