package main

import (
	"strings"
	"testing"
)

// member invents a network of the panel: deltas of its rows, and what the self-check and the
// test samples say of the defaults.
func member(name string, seen bool, deltas [4]float64, interval [2]float64, agreement float64) panelResult {
	m := &measured{experiment: experiment{name: name, title: name, rows: grid(panelFlags[:]...)}}
	for _, delta := range deltas {
		r := invented(90+delta, 0.3, 1)
		r.ANN.Top1, r.SNN.Bits, r.SNN.Steps, r.SNN.Restim = 90, 4, 2, "refine"
		r.Delta, r.DeltaCI95 = delta, [2]float64{delta - 0.3, delta + 0.3}
		r.Agreement, r.Day = agreement, "2026-01-02"
		r.Check = &selfCheck{Samples: 32, Agreement: 97, CI95: &interval}
		m.results = append(m.results, r)
	}
	return panelResult{m, seen}
}

// TestPanelFindings: what the defaults lose, where two steps are worse, where the self-check
// misleads, and how the halves differ.
func TestPanelFindings(t *testing.T) {
	all := []panelResult{
		member("good", true, [4]float64{0.1, -0.5, 0, 0.1}, [2]float64{84, 99}, 98),
		member("worse", true, [4]float64{-1.1, -0.4, 0, -1.1}, [2]float64{84, 99}, 99),
		member("bad", false, [4]float64{-2, -2.1, 0, -2}, [2]float64{84, 99}, 83.9),
	}
	text := panelSection(all).text
	for _, want := range []string{
		"| finding | networks of 3 | |",
		"| the defaults lose more than 1.0 point | 2 | worse, bad |",
		"| the same, and the whole interval says so | 1 | bad |",
		"| two steps of 4 bits are worse than one, beyond noise | 1 | worse |",
		"| the agreement on test samples lies outside the self-check's interval | 1 | bad |",
		"Defaults, mean delta: seen -0.50 ± 0.21, unseen -2.00 ± 0.30; unseen against seen -1.50 ± 0.37 (loses).",
		"| **mean** | | -0.50 | | -0.45 | 0.00 | -0.50 | | | |",
		"| **worst** | | -1.10 | | -0.50 | 0.00 | -1.10 | | | |",
		"| bad | 90.00 | -2.00 (-2.30 to -1.70) | 4 bits, 2 steps, refine | -2.10 (-2.40 to -1.80) | 0.00 (-0.30 to +0.30) | -2.00 (-2.30 to -1.70) | 97.00 (84.0 to 99.0) | 83.90 | 0 |",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no line %q in\n%s", want, text)
		}
	}
	if text := panelSection(all[:2]).text; strings.Contains(text, "unseen against seen") {
		t.Errorf("half a panel is compared with nothing:\n%s", text)
	}
}

// TestPanelNetworks: the panel has networks of both halves, and one name for each.
func TestPanelNetworks(t *testing.T) {
	t.Chdir("../..")
	all, err := panelNetworks()
	if err != nil {
		t.Fatal(err)
	}
	names, seen := map[string]bool{}, 0
	for _, n := range all {
		if names[n.name] {
			t.Errorf("%s twice", n.name)
		}
		names[n.name] = true
		if n.seen {
			seen++
		}
	}
	if len(all) < 12 || len(all) == seen {
		t.Errorf("%d networks, %d of them seen", len(all), seen)
	}
	for _, only := range []string{"seen", "panel/wild", "nothing"} {
		if c, err := choose(options{only: only, out: "page.md"}); err == nil {
			t.Errorf("-only %s on the page: %d networks", only, len(c.panel))
		}
	}
	if c, err := choose(options{only: "panel", out: "page.md"}); err != nil || len(c.panel) != len(all) {
		t.Errorf("%d of %d networks of the panel: %v", len(c.panel), len(all), err)
	}
	if c, err := choose(options{only: "demo,seen", out: "-"}); err != nil || len(c.panel) != seen || len(c.experiments) != 1 {
		t.Errorf("demo and %d of %d seen networks: %v", len(c.panel), seen, err)
	}
}
