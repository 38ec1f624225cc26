package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"ann2snn/export"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// hostile is a name that speaks the languages in which the program writes.
const hostile = "n\x1b[31m\r\n# Error\n| a | b |\nerror: `x` ``y`` <script>alert(1)</script> *a* _b_ [l](http://x.example) */ int evil; /* ??/\n" +
	"'+alert(1)+' \\ \" \u202e\u009b31m &amp; $x$ ${y} </title> \t%s%d"

// output is a text that the program wrote.
type output struct{ name, text string }

// TestHostileNames compares what is written about a network with hostile names to what is
// written about the same network with plain ones: names may change what is shown, never the
// form of what is written.
func TestHostileNames(t *testing.T) {
	plain, evil := outputsOf(t, "plain"), outputsOf(t, hostile)
	if len(plain) != len(evil) {
		t.Fatalf("%d outputs with plain names, %d with hostile ones", len(plain), len(evil))
	}
	kinds := map[string]int{}
	for i := range evil {
		name := evil[i].name
		kind := filepath.Ext(name)
		kinds[kind]++
		form := forms[kind]
		if form == nil {
			t.Errorf("%s: no test knows the form of such a file", name)
			continue
		}
		printable(t, evil[i])
		if diff := cmp.Diff(form(t, plain[i].text), form(t, evil[i].text)); diff != "" {
			t.Errorf("%s: names change the form (-plain +hostile):\n%s", name, diff)
		}
	}
	if len(kinds) != len(forms) {
		t.Errorf("outputs of the kinds %v, want all of forms", kinds)
	}
}

// printable checks that a text neither moves a cursor nor turns the direction of writing.
func printable(t *testing.T, o output) {
	t.Helper()
	for i, r := range o.text {
		if r != '\n' && r != '\t' && !strconv.IsPrint(r) {
			t.Errorf("%s: character %U behind %q", o.name, r, o.text[max(0, i-40):i])
			return
		}
	}
	if !utf8.ValidString(o.text) {
		t.Errorf("%s is not UTF-8", o.name)
	}
}

// outputsOf makes a network whose names begin with name and collects all that is written about
// it.
func outputsOf(t *testing.T, name string) []output {
	t.Helper()
	dir := t.TempDir()
	model := filepath.Join(dir, strings.ReplaceAll(name, "/", "-")+".onnx")
	bad := filepath.Join(dir, "bad.onnx")
	data, net := filepath.Join(dir, "x.npy"), filepath.Join(dir, "net.snn")
	x := make([]float32, 64*4)
	for i := range x {
		x[i] = float32(i%7-3) / 4
	}
	write(t, model, namedModel(t, name, "Relu"))
	write(t, bad, namedModel(t, name, "Nonsense"+name))
	write(t, data, npy(x, 64, 4))
	if err := os.Mkdir(filepath.Join(dir, "more"), 0o777); err != nil {
		t.Fatal(err)
	}

	var all []output
	call := func(kind string, args ...string) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		code := run(args, strings.NewReader(""), &stdout, &stderr)
		if code == exitFailure && stdout.Len() == 0 && !strings.Contains(stderr.String(), "error: ") {
			t.Errorf("%q fails without an error", args)
		}
		what := strings.Join(args[:1], "") + strconv.Itoa(len(all))
		all = append(all, output{what + kind, stdout.String()}, output{what + ".terminal", fmt.Sprintf("%sexit code %d\n", &stderr, code)})
	}
	out, profile, page := filepath.Join(dir, "x.snn"), filepath.Join(dir, "p.profile"), filepath.Join(dir, "report.html")
	call(".terminal", "inspect", model, "--dump-ir", filepath.Join(dir, "dump"))
	call(".json", "inspect", model, "--json")
	call(".terminal", "inspect", bad)
	call(".terminal", "calibrate", model, "--data", data, "-o", profile)
	call(".terminal", "inspect", profile)
	call(".terminal", "convert", model, "--data", data, "-o", net, "--bits", "4", "--steps", "2", "--task", "classification")
	call(".terminal", "convert", model, "--data", data, "-o", out, "--layer-bits", "nosuch=3")
	call(".terminal", "inspect", net)
	call(".json", "inspect", net, "--json")
	call(".terminal", "run", net, data, "--limit", "2", "--spikes")
	call(".terminal", "run", net, data+name)
	call(".terminal", "compare", model, net, "--data", data, "--html", page, "--allow-overlap")
	once := filepath.Join(dir, "once.snn")
	call(".terminal", "convert", model, "--data", data, "-o", once, "--bits", "4", "--steps", "1")
	call(".terminal", "export", once, "--target", "nir", "-o", filepath.Join(dir, "nir"), "--data", data)
	for _, target := range export.Targets() {
		call(".terminal", "export", net, "--target", target.Name, "--check")
		call(".json", "export", net, "--target", target.Name, "--check", "--json")
		call(".terminal", "export", net, "--target", target.Name, "-o", filepath.Join(dir, "more", target.Name), "--data", data)
	}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if _, known := forms[filepath.Ext(path)]; err != nil || d.IsDir() || !known {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, path))
		all = append(all, output{path, string(b)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// namedModel is a classifier of 4 numbers whose names all begin with name.
func namedModel(t *testing.T, name, op string) []byte {
	t.Helper()
	g := onnxfile.New(name)
	weights := func(what string, rows, columns int64) string {
		values := make([]float32, rows*columns)
		for i := range values {
			values[i] = float32(i*i%11-5) / 8
		}
		return g.Constant(onnxfile.Floats(name+what, values, rows, columns))
	}
	x := g.Input(name+"in", pb.TensorProto_FLOAT, 1, 4)
	x = g.Node(name+"first", "Gemm", []string{x, weights("w", 4, 6)})
	x = g.Node(name+"act", op, []string{x})
	x = g.Node(name+"last", "Gemm", []string{x, weights("v", 6, 3)})
	g.Output(x, pb.TensorProto_FLOAT, 1, 3)
	file, err := onnxfile.Marshal(g.Model(name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// forms say what names may not change in a file, by the end of its name.
var forms = map[string]func(t *testing.T, text string) string{
	".terminal": lineForm, ".ir": lineForm, ".json": jsonForm, ".html": htmlForm, ".md": markdownForm,
	".c": cForm, ".h": cForm, ".go": same, ".mod": same, ".py": same, ".ld": same,
}

func same(_ *testing.T, text string) string { return text }

// lineForm is how many lines there are, and which of them speak for the program.
func lineForm(_ *testing.T, text string) string {
	var form []string
	for line := range strings.Lines(text) {
		word, _, found := strings.Cut(line, ": ")
		if !found || !slices.Contains([]string{"error", "hint", "warning"}, word) {
			word = "text"
		}
		form = append(form, word)
	}
	return strings.Join(form, "\n")
}

// cForm is what a compiler sees.
func cForm(_ *testing.T, text string) string {
	text = regexp.MustCompile(`#define MAGIC 0x\w+`).ReplaceAllString(text, "#define MAGIC") // of the file's bytes
	return regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(text, "")
}

// jsonForm is a document with all strings and numbers alike.
func jsonForm(t *testing.T, text string) string {
	t.Helper()
	if text == "" {
		return ""
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	var plain func(v any) any
	plain = func(v any) any {
		switch v := v.(type) {
		case []any:
			for i := range v {
				v[i] = plain(v[i])
			}
			return v
		case map[string]any:
			for k := range v {
				v[k] = plain(v[k])
			}
			return v
		}
		return fmt.Sprintf("%T", v)
	}
	b, err := json.MarshalIndent(plain(v), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// htmlForm is the elements of a page, those of its pictures too, with their attributes.
func htmlForm(t *testing.T, text string) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "<!DOCTYPE html>")))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var form strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return form.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			form.WriteString("\n" + e.Name.Local)
			for _, a := range e.Attr {
				form.WriteString(" " + a.Name.Local)
			}
		}
	}
}

// markdownForm is the tree of a page without its texts; names in code and in prose are alike.
func markdownForm(t *testing.T, source string) string {
	t.Helper()
	parser := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	var form strings.Builder
	depth := 0
	err := ast.Walk(parser.Parse(text.NewReader([]byte(source))), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.Kind() {
		case ast.KindText, ast.KindString, ast.KindCodeSpan:
			return ast.WalkSkipChildren, nil
		}
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		form.WriteString(strings.Repeat(" ", depth) + n.Kind().String() + "\n")
		depth++
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return form.String()
}
