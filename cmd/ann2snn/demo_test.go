package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ann2snn/internal/eval"
	"ann2snn/models"
)

// TestDemoHints runs what the demo proposes: every command works, and does what is said of it.
func TestDemoHints(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	t.Chdir(t.TempDir())
	first, hints := demonstrate(t, "demo")
	sameAsCompare(t, first)
	said := map[string]string{}
	for line := range strings.Lines(hints) {
		if line, ok := strings.CutPrefix(line, "  ann2snn "); ok {
			command, comment, _ := strings.Cut(line, "  ")
			said[strings.TrimSpace(comment)] = strings.TrimSpace(command)
		}
	}
	less, back := said["fewer bits: less accurate, fewer operations"], said["re-stimulation wins the accuracy back"]
	if less == "" || back == "" {
		t.Fatalf("the hints have changed:\n%s", hints)
	}
	few, _ := demonstrate(t, less)
	if *few.SNN.Top1 >= *first.SNN.Top1 || few.Ops.SNNBitSOPs >= first.Ops.SNNBitSOPs || few.SNN.Bits >= first.SNN.Bits {
		t.Errorf("%s: top-1 %v, %d bit SOPs, at first %v, %d", less, *few.SNN.Top1, few.Ops.SNNBitSOPs, *first.SNN.Top1, first.Ops.SNNBitSOPs)
	}
	fewFile, err := os.ReadFile(demoNetwork)
	if err != nil {
		t.Fatal(err)
	}
	won, _ := demonstrate(t, back)
	if *won.SNN.Top1 <= *few.SNN.Top1 || won.SNN.Bits != few.SNN.Bits || won.SNN.Restim == "none" {
		t.Errorf("%s: top-1 %v, before %v", back, *won.SNN.Top1, *few.SNN.Top1)
	}
	backFile, err := os.ReadFile(demoNetwork)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(fewFile, backFile) {
		t.Errorf("%q and %q write the same file", less, back)
	}
	for _, c := range said {
		if strings.HasPrefix(c, "compare ") { // of files that are not there
			var stdout, stderr bytes.Buffer
			if code := run(strings.Fields(c), strings.NewReader(""), &stdout, &stderr); code != exitFailure {
				t.Errorf("%s: exit code %d\n%s", c, code, stderr.String())
			}
		}
	}
	if !bytes.Contains(command(t, "inspect", demoNetwork), []byte("4 steps")) {
		t.Error("inspect shows another network")
	}
}

// sameAsCompare holds the result of a demo against what compare says of the network that it
// wrote, and inspect of the model.
func sameAsCompare(t *testing.T, demo *eval.Result) {
	t.Helper()
	if err := errors.Join(os.WriteFile("demo.onnx", models.Demo(), 0o600), os.CopyFS(".", models.Samples())); err != nil {
		t.Fatal(err)
	}
	var compared eval.Result
	unmarshal(t, command(t, "compare", "demo.onnx", demoNetwork, "--data", "test", "-q", "--json"), &compared)
	var info modelInfo
	unmarshal(t, command(t, "inspect", "demo.onnx", "--json"), &info)
	equal(t, "MACs of the demo", demo.Ops.ANNMACs, info.MACs)
	equal(t, "definition of times in the demo", demo.Time.Note, compared.Time.Note)
	for _, r := range []*eval.Result{demo, &compared} {
		r.Time, r.Origin, r.Overlap = eval.Time{}, eval.Origin{}, nil
	}
	if diff := cmp.Diff(&compared, demo); diff != "" {
		t.Errorf("demo and compare differ (-compare +demo):\n%s", diff)
	}
}

// demonstrate runs a demo and returns its result, and what it says besides.
func demonstrate(t *testing.T, line string) (*eval.Result, string) {
	t.Helper()
	words := strings.Fields(line)
	var stdout, hints bytes.Buffer
	if code := run(append(words, "--json"), strings.NewReader(""), &stdout, &hints); code != exitOK {
		t.Fatalf("ann2snn %s: exit code %d\n%s", line, code, hints.String())
	}
	r := new(eval.Result)
	if err := json.Unmarshal(stdout.Bytes(), r); err != nil {
		t.Fatal(err)
	}
	return r, hints.String()
}
