package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"ann2snn/internal/escape"
)

// Style says what the output of a table can show.
type Style struct {
	Terminal bool // draw rules with line characters
	Color    bool // use ANSI colours
}

// Grid is a table of text. The names of columns with numbers start with ">": they are
// aligned to the right.
type Grid struct {
	Columns []string
	Rows    [][]string
}

// Add appends a row.
func (g *Grid) Add(cells ...string) { g.Rows = append(g.Rows, cells) }

// DropEmpty removes the columns with a name in which every cell is empty, and returns g.
func (g *Grid) DropEmpty() *Grid {
	for c := len(g.Columns) - 1; c >= 0; c-- {
		if g.Columns[c] == "" || slices.ContainsFunc(g.Rows, func(row []string) bool { return row[c] != "" }) {
			continue
		}
		g.Columns = slices.Delete(g.Columns, c, c+1)
		for r := range g.Rows {
			g.Rows[r] = slices.Delete(g.Rows[r], c, c+1)
		}
	}
	return g
}

// Write draws the grid without a border: below a rule on a terminal, plain columns
// elsewhere. Control characters in cells, which can come from a model, are replaced.
func (g *Grid) Write(w io.Writer, s Style) error {
	t := table.NewWriter()
	t.SetStyle(s.table())
	var header table.Row
	var columns []table.ColumnConfig
	for i, name := range g.Columns {
		name, right := strings.CutPrefix(name, ">")
		header = append(header, name)
		if right {
			columns = append(columns, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(columns)
	for _, cells := range g.Rows {
		var row table.Row
		for i, c := range cells {
			if slices.Contains(namesOfNodes, g.Columns[i]) {
				c = shortened(c)
			}
			row = append(row, escape.Terminal(c))
		}
		t.AppendRow(row)
	}
	_, err := fmt.Fprintln(w, trimLines(t.Render()))
	return err
}

// namesOfNodes are the columns that hold names out of a model, which can be long.
var namesOfNodes = []string{"a bit less in", "layer", "node", "value", "why"}

// longestName is how many characters of a name a table has room for.
const longestName = 40

// shortened takes the middle out of a long name: its start says the block, its end the operator.
func shortened(name string) string {
	runes := []rune(name)
	if len(runes) <= longestName {
		return name
	}
	const end = longestName * 2 / 3
	return string(runes[:longestName-end-1]) + "…" + string(runes[len(runes)-end:])
}

// table is a borderless style with two spaces between columns.
func (s Style) table() table.Style {
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: s.Terminal}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	if s.Color {
		style.Color.Header = text.Colors{text.Bold}
	}
	return style
}

// trimLines drops trailing spaces.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
