package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/internal/eval"
	"ann2snn/internal/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is a comparison over four steps; hostile text stands wherever a model or a
// command line can put it.
func sample() *eval.Result {
	percent := func(x float64) *eval.Percent { return new(eval.Percent(x)) }
	r := &eval.Result{
		Samples: 10000, Labelled: true, ErrorSamples: 64,
		Overlap:     &eval.Overlap{Known: true, Samples: 12345, Calibrated: 2345, LeftOut: true},
		ANN:         eval.Accuracy{Top1: percent(91.7), Top5: percent(99.7)},
		Delta:       percent(-0.29),
		DeltaCI95:   &[2]eval.Percent{-0.52, -0.06},
		Equivalence: &eval.Equivalence{Bound: 0.5, Verdict: eval.Different},
		Agreement:   96.98,
		SNN: eval.Spiking{
			Accuracy: eval.Accuracy{Top1: percent(91.41), Top5: percent(99.6)},
			Format:   "0.2", Bits: 2, Steps: 2, Restim: "refine", Rho: 2, Weights: "int8",
			ByStep: []eval.Step{
				{Step: 1, Accuracy: eval.Accuracy{Top1: percent(80), Top5: percent(98)}, Agreement: 82.5},
				{Step: 2, Accuracy: eval.Accuracy{Top1: percent(91.41), Top5: percent(99.6)}, Agreement: 96.98},
			},
		},
		Baseline: eval.Baseline{
			Name: "same-bit quantised ANN", Note: "activations rounded",
			Accuracy: eval.Accuracy{Top1: percent(81.2), Top5: percent(98.01)}, Agreement: 84,
		},
		Layers: []eval.Layer{
			{Name: `<b>"conv1"&</b>`, Op: "Conv", Neurons: 16384, Bits: 2, Rate: 0.25, Zero: 0.75, Spikes: 8192, RelativeError: new(0.0625), MACs: 442368, ANNMACs: 442368},
			{Name: "pool\x1b[31m", Op: "MaxPool"},
			{Name: "fc", Op: "Dense", RelativeError: new(0.125), SOPs: 999_600, BitSOPs: 1_234_567, ANNMACs: 640},
		},
		Why: []eval.Why{{
			Layer: `<b>"conv1"&</b>`, Total: 0.0625, Weights: 0.01, Driven: 0.01, Clipping: 0.02, Rounding: 0.06,
			Cause: "rounding", Help: `--layer-bits <b>"conv1"&</b>=3`,
		}},
		Worst:  []string{`<b>"conv1"&</b>`},
		Ops:    eval.Ops{ANNMACs: 443008, SNNSOPs: 999_600, SNNBitSOPs: 1_234_567, SNNMACs: 442368, Updates: 32768},
		Energy: eval.Energy{Note: "Estimates.", Estimates: []eval.Estimate{{Name: "ANN", Assumption: "4.6 pJ per MAC", Nanojoules: 2037.8}, {Name: "SNN", Assumption: "0.9 pJ per event", Nanojoules: 899.64}}},
		Traffic: eval.Traffic{
			Note: "Bytes.", ANNWeights: 4000, ANNActivations: 5000, SNNWeights: 2000, SNNMembranes: 262_144, SNNEvents: 4096,
		},
		Time: eval.Time{Note: eval.TimeNote, ANN: 12.345, SNN: 40.1, Threads: 1, CPU: "Example CPU"},
		Origin: eval.Origin{
			Tool:    "ann2snn v0.0.1, <i>linux</i>",
			Command: `ann2snn compare m.onnx --data "<script>alert(1)</script>"`,
			Model:   "</title><script>alert(2)</script>", SHA256: "00ff", Data: "test.bin",
			Calibration: &eval.Calibration{Data: "calib.bin", Samples: 256, Seed: 1, Method: "mse"},
		},
	}
	return r
}

// early is sample with an early exit.
func early() *eval.Result {
	r := sample()
	r.EarlyExit = &eval.EarlyExit{
		Margin: 0.9, Accuracy: eval.Accuracy{Top1: new(eval.Percent(91.3)), Top5: new(eval.Percent(99.6))}, Agreement: 96.5,
		Same: 99.25, Delta: new(eval.Percent(-0.11)), DeltaCI95: &[2]eval.Percent{-0.2, -0.02}, MeanSteps: 1.5,
		ByStep: []eval.Exit{{Step: 1, Share: 75}, {Step: 2, Share: 25}},
	}
	r.Time.Early, r.Time.Whole = 20.5, 40.1
	return r
}

// unlabelled is sample without labels, in one step.
func unlabelled() *eval.Result {
	r := sample()
	r.Labelled, r.Delta, r.DeltaCI95 = false, nil, nil
	r.ANN, r.Baseline.Accuracy, r.SNN.Accuracy = eval.Accuracy{}, eval.Accuracy{}, eval.Accuracy{}
	r.SNN.Steps, r.SNN.ByStep = 1, []eval.Step{{Step: 1, Agreement: 96.98}}
	r.Origin.Calibration = &eval.Calibration{Samples: 64, Seed: 7, Method: "max", Synthetic: true}
	return r
}

// binary is sample with one output.
func binary() *eval.Result {
	r := sample()
	r.Task = &eval.Found{Name: "binary", Found: "a sigmoid ends it", Threshold: new(0.5), Decisions: 10000, Flips: new(302)}
	for _, a := range []*eval.Accuracy{&r.ANN, &r.Baseline.Accuracy, &r.SNN.Accuracy, &r.SNN.ByStep[0].Accuracy, &r.SNN.ByStep[1].Accuracy} {
		a.Top5, a.AUC = nil, new(0.96875)
	}
	return r
}

// perPixel is unlabelled, with a class for every pixel.
func perPixel() *eval.Result {
	r := unlabelled()
	r.Task = &eval.Found{Name: "per-pixel", Found: "several <pixels>", Decisions: 10000, Flips: new(302)}
	r.SNN.MeanIoU, r.Baseline.MeanIoU = new(eval.Percent(81.5)), new(eval.Percent(80))
	return r
}

// regression is a comparison of values, in two steps.
func regression() *eval.Result {
	r := sample()
	r.Labelled, r.Delta, r.DeltaCI95 = false, nil, nil
	r.Task = &eval.Found{Name: "regression", Found: "as asked for"}
	r.ANN, r.Agreement, r.Baseline.Agreement = eval.Accuracy{}, eval.NoPercent(), eval.NoPercent()
	like := eval.Likeness{RelativeError: new(0.0625), R2: new(0.984375), Cosine: new(0.99)}
	r.Baseline.Accuracy, r.Baseline.Likeness = eval.Accuracy{}, like
	r.SNN.Accuracy, r.SNN.Likeness = eval.Accuracy{}, like
	r.SNN.ByStep = []eval.Step{
		{Step: 1, Agreement: eval.NoPercent(), Likeness: eval.Likeness{RelativeError: new(0.25), R2: new(0.75), Cosine: new(0.9)}},
		{Step: 2, Agreement: eval.NoPercent(), Likeness: like},
	}
	return r
}

// TestValuesHaveNoPercentages: of answers that are values, nothing says how many agree.
func TestValuesHaveNoPercentages(t *testing.T) {
	text := page(t, regression())
	for _, bad := range []string{"Same answer", "top-1", "Agreement"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, want := range []string{"R²", "0.9844", "relative error"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if text = page(t, binary()); !strings.Contains(text, "302 of 10000 decisions flip") || !strings.Contains(text, "AUC") {
		t.Error("the page of a binary decision lacks its flips or its AUC")
	}
}

func TestTable(t *testing.T) {
	for name, test := range map[string]struct {
		result *eval.Result
		style  report.Style
	}{
		"plain":      {sample(), report.Style{}},
		"terminal":   {sample(), report.Style{Terminal: true}},
		"color":      {sample(), report.Style{Terminal: true, Color: true}},
		"unlabelled": {unlabelled(), report.Style{}},
		"early":      {early(), report.Style{}},
		"binary":     {binary(), report.Style{}},
		"pixels":     {perPixel(), report.Style{}},
		"regression": {regression(), report.Style{}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := report.Table(&b, test.result, test.style); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".txt", b.Bytes())
			if !test.style.Color && strings.Contains(b.String(), "\x1b") {
				t.Error("there are escape sequences in a table without colour")
			}
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got), -update rewrites it:\n%s", path, diff)
	}
}

func TestHTMLIsSelfContained(t *testing.T) {
	for name, r := range map[string]*eval.Result{"labelled": sample(), "unlabelled": unlabelled(), "early": early(), "binary": binary(), "pixels": perPixel(), "regression": regression()} {
		t.Run(name, func(t *testing.T) {
			text := page(t, r)
			text = strings.ReplaceAll(text, `xmlns="http://www.w3.org/2000/svg"`, "")
			text = strings.ReplaceAll(text, `xmlns:xlink="http://www.w3.org/1999/xlink"`, "")
			for _, bad := range []string{"<script", "http:", "https:", "src=", "href=", "@import", "url(", "NaN", "%!", "<no value>"} {
				if strings.Contains(text, bad) {
					t.Errorf("the page contains %q", bad)
				}
			}
		})
	}
}

// TestHTMLEscapes finds names out of files only as text, in the page and in its charts.
func TestHTMLEscapes(t *testing.T) {
	text := page(t, sample())
	for _, name := range []string{`<b>"conv1"`, "</title><script>", "\x1b"} {
		if strings.Contains(text, name) {
			t.Errorf("the page contains %q as it is", name)
		}
	}
	if got := strings.Count(text, "&lt;b&gt;"); got != 6 {
		t.Errorf("the layer stands escaped %d times, want 6: two charts, two tables and the advice, which has it twice", got)
	}
}

func TestHTMLCharts(t *testing.T) {
	for name, test := range map[string]struct {
		result *eval.Result
		want   int
	}{
		"several steps": {sample(), 3},
		"one step":      {unlabelled(), 2},
	} {
		t.Run(name, func(t *testing.T) {
			charts := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(page(t, test.result), -1)
			if len(charts) != test.want {
				t.Errorf("there are %d charts, want %d", len(charts), test.want)
			}
			for _, c := range charts {
				if err := wellFormed(c); err != nil {
					t.Errorf("chart: %v\n%s", err, c)
				}
			}
		})
	}
}

func page(t *testing.T, r *eval.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func wellFormed(doc string) error {
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 950: "950", 999: "999", 1000: "1 k", 1234: "1.23 k", 40_560_000: "40.6 M",
		999_499: "999 k", 999_500: "1.00 M", 2_000_000_000: "2 G", 5_000_000_000_000_000: "5000 T",
	} {
		if got := report.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}
