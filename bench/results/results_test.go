package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ann2snn/internal/ort"
	"ann2snn/internal/testutil"
)

// invented is a result without a network.
func invented(top1, half float64, sops int64) *result {
	r := &result{Samples: 1000}
	r.SNN.Top1, r.SNN.Latency = top1, 4
	r.DeltaCI95 = [2]float64{-half, half}
	r.Ops.MACs, r.Ops.SOPs, r.Ops.BitSOPs = 1000, sops, 2*sops
	return r
}

// TestModes: each mode is held against rate coding of the same bits and steps.
func TestModes(t *testing.T) {
	m := &measured{experiment: experiment{rows: grid(
		"--bits 2 --steps 4 --restim none", "--bits 2 --steps 4 --restim signed", "--bits 2 --steps 2 --restim refine", "--bits 2 --steps 4 --restim waiting", "--bits 2 --steps 4 --restim refine", "--bits 2 --steps 4 --restim gate",
	)}}
	m.results = []*result{invented(80, 0.3, 500), invented(81, 0.4, 600), invented(99, 0.1, 1), invented(79.9, 0.4, 250), invented(70, 0.4, 500), invented(80.05, 0.1, 500)}
	var b strings.Builder
	m.modes(&b)
	_, rows, _ := strings.Cut(b.String(), "---|\n")
	want := `| 2 | 4 | signed | +1.00 ± 0.50 | gains | +20 % | +20 % | 4 |
| 2 | 4 | waiting | -0.10 ± 0.50 | too few samples | -50 % | -50 % | 4 |
| 2 | 4 | refine | -10.00 ± 0.50 | loses | +0 % | +0 % | 4 |
| 2 | 4 | gate | +0.05 ± 0.32 | within ±0.5 | +0 % | +0 % | 4 |
`
	if rows != want {
		t.Errorf("got\n%swant\n%s", rows, want)
	}
}

// TestExperiments: no row stands twice, and every change is held against a row.
func TestExperiments(t *testing.T) {
	for _, e := range experiments {
		seen := map[string]bool{}
		for _, r := range e.rows {
			if seen[r.flags] {
				t.Errorf("%s: %q twice", e.name, r.flags)
			}
			seen[r.flags] = true
		}
		m := &measured{experiment: e}
		for range e.rows {
			m.results = append(m.results, invented(90, 1, 1))
		}
		for i, r := range e.rows {
			if r.ablation && m.delta(i) == "-" {
				t.Errorf("%s: %q changes no row", e.name, r.flags)
			}
		}
	}
}

// TestInt8 runs the int8 form of a network in ONNX Runtime.
func TestInt8(t *testing.T) {
	testutil.ORT(t, ort.Node)
	if testutil.Race {
		t.Skip("nothing runs side by side but a pipe")
	}
	p := &program{options: options{dir: t.TempDir(), data: filepath.Dir(testutil.Data(t, "cifar10"))}}
	for _, e := range experiments {
		if !e.reference {
			continue
		}
		e.test += " --limit 100"
		e.calibration = strings.Replace(e.calibration, "1024", "16", 1)
		r, err := p.int8(t.Context(), &e)
		if err != nil {
			t.Fatal(err)
		}
		if r.Samples != 100 || r.SNN.Top1 < 80 {
			t.Errorf("%.2f %% of %d samples", r.SNN.Top1, r.Samples)
		}
	}
}

// TestWritePage: a section that was measured takes the place of the old one; the others stay
// as they are, in the page's order.
func TestWritePage(t *testing.T) {
	first, last := experiments[0].title, experiments[len(experiments)-1].title
	old := writePage(nil, []section{{last, "\nkept\n"}, {first, "\nold\n"}})
	if again := writePage(sections(old), nil); again != old {
		t.Errorf("written again:\n%s\nwas:\n%s", again, old)
	}
	page := writePage(append(sections(old), section{"gone", "\nfor long\n"}), []section{{first, "\nnew\n"}, {panelTitle, "\npanel\n"}})
	want := head + "\n## " + panelTitle + "\n\npanel\n\n## " + first + "\n\nnew\n\n## " + last + "\n\nkept\n"
	if page != want {
		t.Errorf("got\n%s\nwant\n%s", page, want)
	}
}

// TestPageIsWritten: the committed page has the head and the sections that the program writes.
func TestPageIsWritten(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "results.md"))
	if err != nil {
		t.Fatal(err)
	}
	if page := string(data); page != writePage(sections(page), nil) {
		t.Error("docs/results.md was changed by hand: its head is that of page.go, its sections have the titles of experiments.go")
	}
}
