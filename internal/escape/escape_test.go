package escape_test

import (
	"bytes"
	"encoding/json"
	"html"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"ann2snn/internal/escape"
)

// names are what a model may call things.
var names = []string{
	"conv1", "/layer1/layer1.0/conv1/Conv", "resnet_20.onnx", "_private_", "snake_case_name",
	"a*b*c", "**bold**", "`code`", "``two``", "a`b``c", "`", "```", " spaced ", "` `",
	"[link](http://x.example)", "ftp://x.example", "WWW.x.example", "www.x.example/a", "me@x.example", "??????", "![i](x)", "<script>alert(1)</script>", "<b>", "&amp;", "&#60;", "a|b", `a\|b`, `\`, `\\`, `a\`, "a\\`b",
	"# heading", "1. list", "1) list", "- item", "+ item", "=====", "---", "~~struck~~", "$x$", "x\n# y", "x\r\n| y |", "\x1b[31mred", "\u202egnp", "\u009b31m",
	"\xff\xfe", "*/ int x; /*", "/* /*/", "??/", "'+alert(1)+'", `"`, "${x}", "</script>", "😀", "\U000e0041", "é ü",
}

func TestTerminal(t *testing.T) {
	for _, name := range names {
		got := escape.Terminal(name)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !strconv.IsPrint(r) }) {
			t.Errorf("%q becomes %q", name, got)
		}
		if valid := strings.ContainsFunc(name, func(r rune) bool { return r == utf8.RuneError || !strconv.IsPrint(r) }); !valid && got != name {
			t.Errorf("%q becomes %q, though it is harmless", name, got)
		}
	}
	if got, want := escape.Lines("one\ttab\nerror: x\x1b[2J\n\n"), "one    tab\n  error: x\uFFFD[2J\n\n"; got != want {
		t.Errorf("Lines gives %q, want %q", got, want)
	}
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM))

// rendered is the HTML of a page.
func rendered(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := markdown.Convert([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMarkdown asks another program what pages with hostile names show.
func TestMarkdown(t *testing.T) {
	const table = "| layer | what |\n|---|---|\n| x | "
	around := []struct {
		what, before, after string // in Markdown
		open, closed        string // in HTML
		escape              func(string) string
	}{
		{"prose", "x ", " x\n", "<p>x ", " x</p>\n", escape.Markdown},
		{"a paragraph", "", "", "<p>", "</p>\n", escape.Markdown},
		{"an item", "- ", "", "<ul>\n<li>", "</li>\n</ul>\n", escape.Markdown},
		{"a cell", table, " |\n", "<td>x</td>\n<td>", "</td>\n", escape.Markdown},
		{"code", "x ", " x\n", "<p>x <code>", "</code> x</p>\n", escape.Code},
		{"code in a cell", table, " |\n", "<td>x</td>\n<td><code>", "</code></td>\n", escape.CodeCell},
		{"a bar in a cell", table, " |\n", "<td>x</td>\n<td>", "</td>\n", escape.CodeCell},
	}
	for _, a := range around {
		for _, name := range names {
			want := escape.Terminal(name)
			if strings.Contains(want, "|") != (a.what == "a bar in a cell") && strings.Contains(a.what, "cell") && a.what != "a cell" {
				continue
			}
			page := rendered(t, a.before+a.escape(name)+a.after)
			_, shown, found := strings.Cut(page, a.open)
			shown, _, closed := strings.Cut(shown, a.closed)
			shown = html.UnescapeString(shown)
			if !strings.Contains(a.what, "code") {
				want, shown = strings.TrimSpace(want), strings.TrimSpace(shown)
			}
			if !found || !closed || shown != want {
				t.Errorf("%q in %s: shows %q, want %q, in\n%s", name, a.what, shown, want, page)
			}
		}
	}
	if got := escape.Code(""); got != "" {
		t.Errorf("an empty name is shown as %q", got)
	}
}

func TestJavaScriptAndJSON(t *testing.T) {
	for _, name := range names {
		if !utf8.ValidString(name) {
			continue
		}
		var got string
		literal := escape.JavaScript(name)
		if err := json.Unmarshal([]byte(`"`+literal+`"`), &got); err != nil || got != name {
			t.Errorf("%q is written as %s, which means %q: %v", name, literal, got, err)
		}
		if strings.ContainsAny(literal, "'\"`<>\n") {
			t.Errorf("%q is written as %s, which may end the literal", name, literal)
		}
		doc, err := json.Marshal(map[string]string{name: name})
		if err != nil {
			t.Fatal(err)
		}
		doc = escape.JSON(doc)
		var back map[string]string
		if err := json.Unmarshal(doc, &back); err != nil || back[name] != name {
			t.Errorf("%q is written as %s, which means %q: %v", name, doc, back, err)
		}
		if escape.Terminal(string(doc)) != string(doc) {
			t.Errorf("%q is written as %q, which is not for terminals", name, doc)
		}
	}
}

// TestComment has a C compiler take off comments.
func TestComment(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("there is no gcc")
	}
	var source, want strings.Builder
	for i, name := range names {
		line := "int x" + strconv.Itoa(i) + ";\n"
		source.WriteString("/* Layer " + escape.Comment(name) + ". */ " + line)
		want.WriteString(line)
	}
	cmd := exec.CommandContext(t.Context(), gcc, "-std=c99", "-trigraphs", "-Wcomment", "-Werror", "-E", "-P", "-x", "c", "-")
	cmd.Stdin = strings.NewReader(source.String())
	out, err := cmd.CombinedOutput()
	if got := regexp.MustCompile(`(?m)^ +`).ReplaceAllString(string(out), ""); err != nil || got != want.String() {
		t.Errorf("%v: behind comments is\n%s", err, out)
	}
}
