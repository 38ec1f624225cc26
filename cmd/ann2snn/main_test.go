package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"ann2snn/snn"
)

func TestErrorsAndTheirExitCodes(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		code int
		text string
	}{
		"failure":          {errors.New("no"), 1, "error: no\n"},
		"usage":            {usagef("no %s", "flag"), 2, "error: no flag\n"},
		"hint":             {hintf(errors.New("no"), "yes"), 1, "error: no\nhint: yes\n"},
		"hint on usage":    {fmt.Errorf("cmd: %w", hintf(usagef("no"), "yes")), 2, "error: cmd: no\nhint: yes\n"},
		"library's way":    {errors.New(`importer: Conv "c": no shape (try --input-shape x=1)`), 1, "error: Conv \"c\": no shape\nhint: try --input-shape x=1\n"},
		"interrupted":      {&interrupted{os.Interrupt}, 130, "error: interrupted\n"},
		"terminated":       {&interrupted{syscall.SIGTERM}, 143, "error: interrupted\n"},
		"hostile name":     {errors.New("node \x1b[31m\r\nsecond"), 1, "error: node \uFFFD[31m\uFFFD\n  second\n"},
		"bug":              {&internalError{"index out of range", []byte("goroutine 1")}, 1, "error: this is a bug in ann2snn, please report it with the lines below: index out of range\n\n  goroutine 1\n"},
		"brackets in text": {errors.New("a (try b) c"), 1, "error: a (try b) c\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			a := newApp(nil, nil, &stderr)
			if code := a.fail(test.err); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if diff := cmp.Diff(test.text, stderr.String()); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

// failing is a writer whose use is a bug, as any other panic would be.
type failing struct{}

func (failing) Write([]byte) (int, error) { panic("written to") }

func TestPanicsAreReported(t *testing.T) {
	var stderr bytes.Buffer
	if code := run([]string{"--help"}, nil, failing{}, &stderr); code != exitFailure {
		t.Errorf("exit code %d, want %d", code, exitFailure)
	}
	if text := stderr.String(); !strings.HasPrefix(text, "error: this is a bug in ann2snn") || !strings.Contains(text, "written to") {
		t.Errorf("message %q", text)
	}
}

// flags parses a command line with method flags.
func flags(t *testing.T, line string) *methodFlags {
	t.Helper()
	f, fs := new(methodFlags), pflag.NewFlagSet("test", pflag.ContinueOnError)
	f.register(fs)
	if err := fs.Parse(strings.Fields(line)); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMethodFlags(t *testing.T) {
	type settings struct {
		format snn.Format
		steps  int
		restim snn.Restim
		rho    int
	}
	for line, want := range map[string]settings{
		"":                                    {snn.Format{M: 1, N: 3}, 2, snn.RestimRefine, 4},
		"--bits 1":                            {snn.Format{M: 1, N: 0}, 8, snn.RestimSigned, 1},
		"--bits 2":                            {snn.Format{M: 1, N: 1}, 4, snn.RestimRefine, 2},
		"--bits 3 --steps 1":                  {snn.Format{M: 1, N: 2}, 1, snn.RestimNone, 1},
		"--format 2.5":                        {snn.Format{M: 2, N: 5}, 1, snn.RestimNone, 1},
		"--bits 1 --steps 8":                  {snn.Format{M: 1, N: 0}, 8, snn.RestimSigned, 1},
		"--bits 2 --steps 4":                  {snn.Format{M: 1, N: 1}, 4, snn.RestimRefine, 2},
		"--bits 2 --steps 4 --rho 16":         {snn.Format{M: 1, N: 1}, 4, snn.RestimRefine, 16},
		"--bits 2 --steps 4 --restim waiting": {snn.Format{M: 1, N: 1}, 4, snn.RestimWaiting, 1},
		"--bits 2 --steps 4 --restim signed,gate": {snn.Format{M: 1, N: 1}, 4, snn.RestimSigned, 1},
		"--bits 2 --restim gate":                  {snn.Format{M: 1, N: 1}, 4, snn.RestimRefine, 2},
		"--bits 2 --steps 4 --restim none":        {snn.Format{M: 1, N: 1}, 4, snn.RestimNone, 1},
		"--steps 1 --restim refine --format 0.8":  {snn.Format{N: 8}, 1, snn.RestimRefine, 4},
	} {
		o, err := flags(t, line).options()
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		c, err := o.Resolve(false)
		if got := (settings{c.Format, c.Steps, c.Restim, c.Rho}); err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", line, got, err, want)
		}
	}
}

func TestLayerWidths(t *testing.T) {
	got, err := flags(t, "--layer-bits /conv1/Conv=3,a=b=8 --layer-bits fc=1").layerWidths()
	if diff := cmp.Diff(map[string]int{"/conv1/Conv": 3, "a=b": 8, "fc": 1}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"fc", "=4", "fc=", "fc=0", "fc=9", "fc=x"} {
		if _, err := flags(t, "--layer-bits "+bad).layerWidths(); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestParseShapes(t *testing.T) {
	got, err := parseShapes([]string{"x=1,3,224,224", "input:0=7"})
	if diff := cmp.Diff(map[string][]int{"x": {1, 3, 224, 224}, "input:0": {7}}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"x", "=1,2", "x=", "x=1,,2", "x=0", "x=-1", "x=1.5"} {
		if _, err := parseShapes([]string{bad}); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	put := func(text string, fault error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return errors.Join(err, fault)
		}
	}
	for _, step := range []struct {
		text  string
		fault error
		force bool
		fails bool
		want  string // content afterwards
	}{
		{text: "half", fault: errors.New("full"), fails: true},
		{text: "one", want: "one"},
		{text: "two", fails: true, want: "one"},
		{text: "three", fault: errors.New("full"), force: true, fails: true, want: "one"},
		{text: "four", force: true, want: "four"},
	} {
		if err := writeFile(path, step.force, put(step.text, step.fault)); (err != nil) != step.fails {
			t.Errorf("writing %q: %v", step.text, err)
		}
		if got, _ := os.ReadFile(path); string(got) != step.want {
			t.Errorf("after writing %q the file holds %q, want %q", step.text, got, step.want)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

func TestCommandLine(t *testing.T) {
	a := &app{args: []string{"compare", "m.onnx", "--data", "my photos", "--mean", "", "it's"}}
	if got, want := a.commandLine(), `ann2snn compare m.onnx --data 'my photos' --mean '' 'it'\''s'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
