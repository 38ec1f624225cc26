package ann2snn_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// tableRow is a row of ARCHITECTURE.md's table of packages: what a package is for stays as
// it was written there, the rest comes from layering.
var tableRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.*?) \\| [^|]* \\|$")

// TestArchitecture compares ARCHITECTURE.md's picture of the layers and its table of
// packages with layering; -update makes them from it.
func TestArchitecture(t *testing.T) {
	was, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	owns := map[string]string{}
	for _, m := range tableRow.FindAllStringSubmatch(string(was), -1) {
		owns[m[1]] = m[2]
	}
	is := replaceGenerated(t, was, "layers", layerPicture())
	is = replaceGenerated(t, is, "packages", packageTable(owns))
	if *update {
		if err := os.WriteFile("ARCHITECTURE.md", is, 0o666); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(was, is) {
		t.Error("ARCHITECTURE.md does not show layering: go test . -run TestArchitecture -update")
	}
	for _, l := range layering {
		for _, row := range l.packages {
			if owns[row[0]] == "" {
				t.Errorf("ARCHITECTURE.md's table does not say what %s is for", row[0])
			}
		}
	}
}

// layerPicture draws the layers, the highest first, with what stands on each.
func layerPicture() string {
	const width = 76
	var b strings.Builder
	b.WriteString("```\n")
	edge := "+" + strings.Repeat("-", width+17) + "+\n"
	for i := len(layering) - 1; i >= 0; i-- {
		l := layering[i]
		b.WriteString(edge)
		var lines []string
		line := ""
		for _, row := range l.packages {
			if line != "" && utf8.RuneCountInString(line)+len(row[0])+2 > width {
				lines, line = append(lines, line), ""
			}
			if line != "" {
				line += "  "
			}
			line += row[0]
		}
		for j, line := range append(lines, line) {
			name := ""
			if j == 0 {
				name = l.name
			}
			fmt.Fprintf(&b, "| %-12s | %-*s |\n", name, width, line)
		}
	}
	b.WriteString(edge + "```\n")
	return b.String()
}

// packageTable is the table of packages, the lowest first.
func packageTable(owns map[string]string) string {
	var b strings.Builder
	b.WriteString("| package | owns | may import |\n|---|---|---|\n")
	for _, l := range layering {
		fmt.Fprintf(&b, "| **%s** | | |\n", l.name)
		for _, row := range l.packages {
			may := strings.Join(row[1:], ", ")
			if may == "" {
				may = "-"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", row[0], owns[row[0]], may)
		}
	}
	return b.String()
}

// replaceGenerated puts text between the marks <!-- name:begin --> and <!-- name:end -->.
func replaceGenerated(t *testing.T, page []byte, name, text string) []byte {
	t.Helper()
	begin, end := []byte("<!-- "+name+":begin -->\n"), []byte("<!-- "+name+":end -->\n")
	head, rest, ok := bytes.Cut(page, begin)
	_, tail, closed := bytes.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("ARCHITECTURE.md has no %s and %s", bytes.TrimSpace(begin), bytes.TrimSpace(end))
	}
	return bytes.Join([][]byte{head, begin, []byte(text), end, tail}, nil)
}
