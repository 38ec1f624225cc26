package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPage(t *testing.T) {
	var b strings.Builder
	writePage(&b, []row{{
		network: network{title: "net"}, bits: "4", steps: 2, arena: 17_140, stepArena: 282_584,
		onMachines: []taken{{true, 62_100, 9_612_345}, {}, {true, 62_400, 14_100_000}},
	}})
	want := "| net | 4 | 2 | 17.1 kB | 282.6 kB | 62.1 kB | 9.6 M | 0.0 kB | does not fit | 62.4 kB | 14.1 M |\n"
	if !strings.HasSuffix(b.String(), want) {
		t.Errorf("the page is\n%s", b.String())
	}
}

// TestPageIsCurrent: docs/edge.md begins as the command would write it.
func TestPageIsCurrent(t *testing.T) {
	var b strings.Builder
	writePage(&b, nil)
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "edge.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(page), b.String()) {
		t.Errorf("docs/edge.md does not begin with\n%s", b.String())
	}
}

func TestNumber(t *testing.T) {
	if n, err := number("a 12\nTOTAL 34\n", `(?m)^TOTAL (\d+)$`); n != 34 || err != nil {
		t.Errorf("number: %d, %v", n, err)
	}
	if _, err := number("nothing", `(\d+)`); err == nil {
		t.Error("a number out of nothing")
	}
}
