package report_test

import (
	"strings"
	"testing"

	"ann2snn/internal/report"
)

// TestDropEmpty: columns without a name stay, as they indent.
func TestDropEmpty(t *testing.T) {
	g := &report.Grid{Columns: []string{"", "class", "label", "note"}}
	g.Add("", "1", "", "")
	g.Add("", "2", "", "odd")
	var b strings.Builder
	if err := g.DropEmpty().Write(&b, report.Style{}); err != nil {
		t.Fatal(err)
	}
	want := "  class  note\n  1\n  2      odd\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
