package main

import (
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ann2snn/internal/eval"
	"ann2snn/internal/report"
)

// TestNumbersAgree: what several commands and forms say of one thing is one number.
func TestNumbersAgree(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a while")
	}
	models := filepath.Join("..", "..", "models")
	t.Run("demo", func(t *testing.T) {
		numbersAgree(t, filepath.Join(models, "demo.onnx"), filepath.Join(models, "calibration"), filepath.Join(models, "test"), "--preprocess", "mnist", "--bits", "2", "--steps", "2")
	})
	t.Run("padded", func(t *testing.T) {
		dir := t.TempDir()
		const n = 120
		random := rand.New(rand.NewPCG(7, 8))
		x, labels := make([]float32, n*192), make([]float32, n)
		for i := range x {
			x[i] = float32(random.NormFloat64())
		}
		for i := range labels {
			labels[i] = float32(random.IntN(5))
		}
		file, err := npz(npy(x, n, 3, 8, 8), npy(labels, n))
		if err != nil {
			t.Fatal(err)
		}
		data := keep(t, dir, "x.npz", file)
		numbersAgree(t, heads(t, dir), data, data, "--calib-samples", "40", "--bits", "3", "--steps", "1")
	})
}

func numbersAgree(t *testing.T, model, calibration, test string, flags ...string) {
	t.Helper()
	dir := t.TempDir()
	net, page := filepath.Join(dir, "net.snn"), filepath.Join(dir, "page.html")
	var (
		info      modelInfo
		made      converted
		inside    networkInfo
		record    struct{ MACs, Neurons int64 }
		r         eval.Result
		ann, spik benched
	)
	unmarshal(t, command(t, append([]string{"convert", model, "-q", "--json", "--data", calibration, "-o", net}, flags...)...), &made)
	unmarshal(t, command(t, "inspect", model, "--json"), &info)
	unmarshal(t, command(t, "inspect", net, "--json"), &inside)
	unmarshal(t, inside.Record, &record)
	compare := []string{"compare", model, net, "-q", "--data", test, "--limit", "100"}
	unmarshal(t, command(t, append(compare, "--json")...), &r)
	text := string(command(t, append(compare, "--html", page)...))
	file, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	shown := html.UnescapeString(string(file))
	unmarshal(t, command(t, "bench", net, "--json", "--runs", "2"), &spik)
	unmarshal(t, command(t, "bench", model, "--json", "--runs", "2"), &ann)

	sameMACs(t, &info, &made, &r)
	equal(t, "MACs in the network's record", record.MACs, r.Ops.ANNMACs)
	equal(t, "neurons in the network's record", record.Neurons, int64(made.Neurons))
	equal(t, "neurons of the network", inside.Neurons, made.Neurons)

	// samples and differences, in all forms
	equal(t, "delta", round2(*r.Delta), round2(*r.SNN.Top1-*r.ANN.Top1))
	for _, form := range []string{text, shown} {
		for _, want := range []string{
			fmt.Sprintf("%d of ", r.Samples), fmt.Sprintf("paired over %d samples", r.Samples),
			"delta " + r.Delta.Signed() + " points (95 % interval " + r.DeltaCI95[0].Signed() + " to " + r.DeltaCI95[1].Signed(),
			r.ANN.Top1.String(), r.SNN.Top1.String(), r.Baseline.Top1.String(), r.Agreement.String(),
			report.Count(r.Ops.ANNMACs), eval.TimeNote,
		} {
			if want == report.Count(r.Ops.ANNMACs) && form == text {
				continue // the table has no sums
			}
			if !strings.Contains(strings.ReplaceAll(form, " samples of ", " of "), want) {
				t.Errorf("no %q in\n%.3000s", want, form)
			}
		}
		for _, l := range r.Layers {
			for _, n := range []int64{l.ANNMACs, l.MACs, l.SOPs, l.BitSOPs} {
				if !strings.Contains(form, report.Count(n)) {
					t.Errorf("%s: %s is missing in\n%.3000s", l.Name, report.Count(n), form)
				}
			}
		}
	}

	// times: one definition, and one run has one of each
	times := regexp.MustCompile(`ANN [0-9.]+ ms, SNN [0-9.]+ ms per sample`)
	equal(t, "times in text and page", times.FindString(text), times.FindString(shown))
	equal(t, "definition of times", r.Time.Note, eval.TimeNote)
	equal(t, "definition of times in bench of the network", spik.Note, eval.TimeNote)
	equal(t, "definition of times in bench of the model", ann.Note, eval.TimeNote)
	equal(t, "threads", [3]int{r.Time.Threads, spik.Threads, ann.Threads}, [3]int{1, 1, 1})
}

// sameMACs compares what inspect, convert and compare say, as a sum and layer by layer.
func sameMACs(t *testing.T, info *modelInfo, made *converted, r *eval.Result) {
	t.Helper()
	nodes, layers, compared := map[string]int64{}, map[string]int64{}, map[string]int64{}
	sum := func(m map[string]int64) (total int64) {
		for _, n := range m {
			total += n
		}
		return total
	}
	for _, n := range info.Nodes {
		nodes[n.Name] += n.MACs
	}
	for _, l := range made.Layers {
		layers[l.Name] += l.MACs
	}
	for _, l := range r.Layers {
		compared[l.Name] += l.ANNMACs
		if layers[l.Name] != l.ANNMACs || nodes[l.Name] != l.ANNMACs && layers[l.Name] > 0 {
			t.Errorf("%s: %d MACs in inspect, %d in convert, %d in compare", l.Name, nodes[l.Name], layers[l.Name], l.ANNMACs)
		}
		if l.MACs > 0 && l.MACs != l.ANNMACs {
			t.Errorf("%s: the SNN has %d MACs on its analog input, the ANN %d", l.Name, l.MACs, l.ANNMACs)
		}
	}
	if info.MACs == 0 {
		t.Error("there are no MACs")
	}
	for name, got := range map[string]int64{
		"nodes of inspect": sum(nodes), "layers of convert": sum(layers), "layers of compare": sum(compared), "sum of compare": r.Ops.ANNMACs,
	} {
		equal(t, "MACs in "+name, got, info.MACs)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func round2(p eval.Percent) float64 { return math.Round(100*float64(p)) / 100 }
