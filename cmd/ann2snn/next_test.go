package main

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"ann2snn/models"
)

// TestNextHelps: where a network loses too much, every command proposes one that works and loses
// nothing; where it does not, none.
func TestNextHelps(t *testing.T) {
	if testing.Short() {
		t.Skip("converts several times")
	}
	t.Chdir(t.TempDir())
	if err := errors.Join(os.WriteFile("demo.onnx", models.Demo(), 0o600), os.CopyFS(".", models.Samples())); err != nil {
		t.Fatal(err)
	}
	poor := []string{"--bits", "1", "--steps", "1", "--fit", "none", "--effort", "fast"}
	for _, c := range []struct {
		name    string
		command []string
		proof   []string // that what is proposed helps, where it does not say it itself
	}{
		{"demo", append([]string{"demo"}, poor...), nil},
		{"convert", append([]string{"convert", "demo.onnx", "--data", "calibration", "--preprocess", "mnist", "-o", "a b.snn"}, poor...), nil},
		{"compare", []string{"compare", "demo.onnx", "a b.snn", "--data", "test", "--limit", "200"}, []string{"compare", "demo.onnx", "a b.snn", "--data", "test"}},
		{"compare on the fly", append([]string{"compare", "demo.onnx", "--data", "test", "--calib-data", "calibration", "--preprocess", "mnist"}, poor...), nil},
	} {
		if c.name == "compare" {
			command(t, append([]string{"convert", "demo.onnx", "--data", "calibration", "--preprocess", "mnist", "-f", "-o", "a b.snn"}, poor...)...)
		}
		proposed := proposal(t, c.command)
		if proposed == "" {
			t.Errorf("%s: nothing is proposed", c.name)
			continue
		}
		words := strings.Fields(strings.ReplaceAll(proposed, "'a b.snn'", "a\x00b.snn"))
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "\x00", " ")
		}
		if words[0] != "ann2snn" {
			t.Fatalf("%s: %q is no command", c.name, proposed)
		}
		if more := proposal(t, words[1:]); more != "" {
			t.Errorf("%s: %q still loses: %q", c.name, proposed, more)
		}
		if c.proof != nil {
			if more := proposal(t, c.proof); more != "" {
				t.Errorf("%s: after %q there is still %q", c.name, proposed, more)
			}
		}
	}
}

// TestNextNamesNoDataThatIsNotThere: a network says what it was calibrated on, not where that is.
func TestNextNamesNoDataThatIsNotThere(t *testing.T) {
	if testing.Short() {
		t.Skip("converts")
	}
	t.Chdir(t.TempDir())
	if err := errors.Join(os.WriteFile("demo.onnx", models.Demo(), 0o600), os.CopyFS(".", models.Samples())); err != nil {
		t.Fatal(err)
	}
	command(t, "demo", "-q", "--bits", "1", "--steps", "1", "--fit", "none", "--effort", "fast")
	got := proposal(t, []string{"compare", "demo.onnx", demoNetwork, "--data", "test"})
	if want := "ann2snn convert demo.onnx --data SAMPLES --preprocess mnist --bits 8 --steps 1 -o demo.snn -f"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// proposal runs a command and returns what it says to do next.
func proposal(t *testing.T, args []string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, strings.NewReader(""), &stdout, &stderr); code != exitOK {
		t.Fatalf("ann2snn %q: exit code %d\n%s", args, code, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	last := lines[max(0, len(lines)-3):]
	if !strings.Contains("\n"+strings.Join(last, "\n"), "\nCosts: ") {
		t.Errorf("ann2snn %q: the end says no costs, but\n%s", args, strings.Join(last, "\n"))
	}
	next, _ := strings.CutPrefix(lines[len(lines)-1], "Next: ")
	if next == lines[len(lines)-1] {
		return ""
	}
	return next
}

func TestAgain(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"demo", "ann2snn demo --bits 8"},
		{"demo -f --bits 2 --steps=4 --restim refine", "ann2snn demo --bits 8"},
		{"convert m.onnx --data=d --bits=1 --force -o x.snn", "ann2snn convert m.onnx --data=d -o x.snn --bits 8"},
		{"convert a$b.onnx --layer-bits conv=3", "ann2snn convert 'a$b.onnx' --bits 8"},
	} {
		a := &app{args: strings.Fields(tt.args)}
		if got := a.again("--bits", "8"); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.args, got, tt.want)
		}
	}
}
