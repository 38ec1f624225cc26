//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ann2snn/internal/testutil"
	"ann2snn/models"
)

// The tests whose names begin with TestChaos do to the commands what machines and users do: kill
// them at any moment, run them at once, fill their disks, change what they read. The gate runs a
// short form; ANN2SNN_CHAOS says how many kills the whole form has over all writers:
//
//	ANN2SNN_CHAOS=200 go test ./cmd/ann2snn -run TestChaos -v -timeout 1h

// chaosKills is the number of kills that was asked for, 0 for the short form.
func chaosKills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ANN2SNN_CHAOS")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// writer is a command that writes files.
type writer struct {
	name     string
	args     []string // outputs are relative to the working folder, inputs are not
	outputs  []string // files and folders
	replaces bool     // with -f it takes the place of what there is
	parts    bool     // files of its folder appear one by one
}

// writers are all commands that write files. in is a folder for what they read.
func writers(t *testing.T) []writer {
	t.Helper()
	in := t.TempDir()
	at := func(name string) string { return filepath.Join(in, name) }
	model, net := keep(t, in, "demo.onnx", models.Demo()), at("net.snn")
	if err := os.CopyFS(in, models.Samples()); err != nil {
		t.Fatal(err)
	}
	calibration := []string{"--data", at("calibration"), "--preprocess", "mnist", "--calib-samples", "8"}
	quick := []string{"--fit", "none", "--effort", "fast", "-q"}
	command(t, slices.Concat([]string{"convert", model, "-o", net, "--bits", "4", "--steps", "1"}, calibration, quick)...)
	list := []writer{
		{name: "convert", args: slices.Concat([]string{"convert", model, "-o", "out.snn"}, calibration, quick), outputs: []string{"out.snn"}, replaces: true},
		{name: "dump", args: slices.Concat([]string{"convert", model, "-o", "out.snn", "--dump-ir", "dump"}, calibration, quick), outputs: []string{"out.snn", "dump"}, replaces: true, parts: true},
		{name: "calibrate", args: slices.Concat([]string{"calibrate", model, "-o", "out.json", "-q"}, calibration), outputs: []string{"out.json"}, replaces: true},
		{name: "compare", args: []string{"compare", model, net, "--data", at("test"), "--limit", "20", "--html", "out.html", "--json", "-q"}, outputs: []string{"out.html"}, replaces: true},
		{name: "demo", args: []string{"demo", "--fit", "none", "--effort", "fast", "--calib-samples", "8", "-q"}, outputs: []string{demoNetwork, demoReport}, replaces: true},
	}
	for _, target := range []string{"c", "go", "nir", "onnx", "onnx-qdq"} {
		list = append(list, writer{name: "export " + target, args: []string{"export", net, "--target", target, "-o", "out", "-q"}, outputs: []string{"out"}})
	}
	if _, err := exec.LookPath("cc"); err == nil {
		list = append(list, writer{
			name:    "export --verify",
			args:    []string{"export", net, "--target", "c", "-o", "out", "--verify", "1", "--data", at("test"), "-q"},
			outputs: []string{"out"},
		})
	}
	return list
}

// start runs the writer in a folder; -f is for a folder that holds outputs already. Files for
// the time of the work go to temp.
func (w *writer) start(t *testing.T, dir, temp string, force bool) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	args := w.args
	if force && w.replaces {
		args = append(slices.Clone(args), "-f")
	}
	cmd, stderr := exec.Command("ann2snn", args...), new(bytes.Buffer)
	cmd.Dir, cmd.Stderr = dir, stderr
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, stderr
}

// runs lets the writer end by itself and expects that it succeeds.
func (w *writer) runs(t *testing.T, dir, temp string, force bool) {
	t.Helper()
	cmd, stderr := w.start(t, dir, temp, force)
	if code := exitCode(t, cmd); code != exitOK {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
}

// measured are files in which times that were measured stand: two of them differ.
func measured(path string) bool { return filepath.Ext(path) == ".html" }

// contents lists the files below a folder, hidden ones too, with what they hold. Of a page
// whose times were measured only its end is looked at.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || e.IsDir() {
			files[name] = "a folder"
			return err
		}
		b, err := os.ReadFile(path)
		if measured(path) && bytes.HasSuffix(bytes.TrimSpace(b), []byte("</html>")) {
			b = []byte("a page")
		}
		files[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// below returns what of some files belongs to one output.
func below(files map[string]string, output string) map[string]string {
	own := map[string]string{}
	for name, text := range files {
		if name == output || strings.HasPrefix(name, output+string(filepath.Separator)) {
			own[name] = text
		}
	}
	return own
}

// whole says what of the outputs in a folder is neither as before nor as after the work.
func (w *writer) whole(t *testing.T, dir string, before, after map[string]string) {
	t.Helper()
	files := contents(t, dir)
	for _, output := range w.outputs {
		got, old, done := below(files, output), below(before, output), below(after, output)
		if w.parts { // each file by itself
			for name, text := range got {
				if hidden(name) {
					delete(got, name)
				} else if done[name] == text {
					got[name] = done[name]
				}
			}
			for name := range done {
				if _, there := got[name]; !there {
					delete(done, name)
				}
			}
		}
		if !maps.Equal(got, old) && !maps.Equal(got, done) {
			t.Errorf("%s is half-written: %v", output, lengths(got))
		}
	}
}

// hidden reports whether a file is one on its way.
func hidden(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, ".") && strings.HasSuffix(base, ".tmp")
}

// lengths are the lengths of files, for messages.
func lengths(files map[string]string) map[string]int {
	n := map[string]int{}
	for name, text := range files {
		n[name] = len(text)
	}
	return n
}

// sameFiles expects the files of a run that nothing disturbed.
func sameFiles(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if got := contents(t, dir); !maps.Equal(got, want) {
		t.Errorf("files %v, want %v", lengths(got), lengths(want))
	}
}

// folders makes an empty folder to work in and one for files of the time of the work.
func folders(t *testing.T) (dir, temp string) {
	t.Helper()
	return t.TempDir(), t.TempDir()
}

// TestChaosKills: whenever a writer is killed, each of its outputs is as before or complete, and
// the next run leaves nothing but outputs.
func TestChaosKills(t *testing.T) {
	if testing.Short() && testutil.Race {
		t.Skip("the processes that are killed are not those of the race detector")
	}
	list := writers(t)
	each := 1
	if n := chaosKills(t); n > 0 {
		each = (n + len(list) - 1) / len(list)
	}
	for i, w := range list {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), uint64(i)))
			dir, temp := folders(t)
			began := time.Now()
			w.runs(t, dir, temp, false)
			took, after := time.Since(began), contents(t, dir)
			sameFiles(t, temp, map[string]string{})
			stages := map[string]int{}
			for range each {
				stages[w.kill(t, random, took, after)]++
			}
			t.Logf("%d kills: %v", each, stages)
		})
	}
}

// kill kills a writer and says where it was by then.
func (w *writer) kill(t *testing.T, random *rand.Rand, took time.Duration, after map[string]string) string {
	t.Helper()
	dir, temp := folders(t)
	force := w.replaces && random.IntN(2) == 0
	if force {
		for _, output := range w.outputs {
			if filepath.Ext(output) != "" { // a file
				keep(t, dir, output, []byte("old"))
			}
		}
	}
	before := contents(t, dir)
	cmd, _ := w.start(t, dir, temp, force)
	end := time.Now().Add(time.Duration(random.Float64() * 1.1 * float64(took)))
	if random.IntN(2) == 0 { // soon after something happens in one of the folders
		for changes, last := 1+random.IntN(5), before; changes > 0 && time.Now().Before(end.Add(took)); {
			time.Sleep(50 * time.Microsecond)
			if now := names(t, dir, temp); !maps.Equal(now, last) {
				last = now
				changes--
			}
		}
		end = time.Now().Add(time.Duration(random.IntN(3000)) * time.Microsecond)
	}
	time.Sleep(time.Until(end))
	_ = cmd.Process.Kill()
	killed := exitCode(t, cmd) != exitOK
	for syscall.Kill(-cmd.Process.Pid, 0) == nil { // a compiler may be left, whose files are its own
		time.Sleep(time.Millisecond)
	}
	w.whole(t, dir, before, after)
	stage := "at work"
	now := contents(t, dir)
	switch litter := slices.ContainsFunc(slices.Collect(maps.Keys(now)), hidden); {
	case !killed:
		stage = "had ended"
	case litter || len(contents(t, temp)) > 0:
		stage = "left something"
	case !maps.Equal(now, before):
		stage = "had written"
	}
	if !w.replaces { // the next run takes no folder that there is
		if err := os.RemoveAll(filepath.Join(dir, w.outputs[0])); err != nil {
			t.Fatal(err)
		}
	}
	w.runs(t, dir, temp, true)
	sameFiles(t, dir, after)
	sameFiles(t, temp, map[string]string{})
	return stage
}

// names lists what is directly in some folders.
func names(t *testing.T, dirs ...string) map[string]string {
	t.Helper()
	list := map[string]string{}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			list[filepath.Join(dir, e.Name())] = ""
		}
	}
	return list
}

// TestChaosTogether: of four processes that write one output, one wins, or the last one where
// they may replace it. The others say so, and the output is that of one of them.
func TestChaosTogether(t *testing.T) {
	if testing.Short() && testutil.Race {
		t.Skip("the processes are not those of the race detector")
	}
	const processes = 4
	list, rounds := writers(t), 1
	if chaosKills(t) > 0 {
		rounds = 5
	}
	for _, w := range list {
		if rounds == 1 && slices.Contains([]string{"demo", "dump", "compare", "export --verify"}, w.name) {
			continue // slow, and they write as others do
		}
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			alone, temp := folders(t)
			w.runs(t, alone, temp, false)
			want := contents(t, alone)
			for round := range 2 * rounds {
				force := round%2 == 1
				if force && !w.replaces {
					continue
				}
				dir, temp := folders(t)
				won := w.race(t, dir, temp, processes, force)
				if force && won != processes || !force && won != 1 {
					t.Errorf("%d of %d processes succeed, -f %v", won, processes, force)
				}
				sameFiles(t, dir, want)
				sameFiles(t, temp, map[string]string{})
			}
		})
	}
}

// race lets processes write the same outputs at once, and returns how many succeed.
func (w *writer) race(t *testing.T, dir, temp string, processes int, force bool) (won int) {
	t.Helper()
	cmds, says := make([]*exec.Cmd, processes), make([]*bytes.Buffer, processes)
	for i := range cmds {
		cmds[i], says[i] = w.start(t, dir, temp, force)
	}
	for i, cmd := range cmds {
		switch code := exitCode(t, cmd); {
		case code == exitOK:
			won++
		case code != exitFailure || !strings.Contains(says[i].String(), "exists\n"):
			t.Errorf("exit code %d\n%s", code, says[i])
		}
	}
	return won
}

var errFull = errors.New("no space left on device")

// fullDisk is a standard output whose disk is full.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

// TestChaosFullStdout: a command whose result cannot be printed fails and says why.
func TestChaosFullStdout(t *testing.T) {
	list := writers(t)
	net := list[len(list)-1].args[1]
	model := list[0].args[1]
	calls := [][]string{
		{"inspect", model},
		{"inspect", net},
		{"inspect", net, "--json"},
		{"run", net, filepath.Join(filepath.Dir(net), "test"), "--limit", "2"},
		{"bench", net, "--runs", "1", "--warmup", "0"},
		{"bench", net, "--runs", "1", "--warmup", "0", "--json"},
		{"export", "--list-targets"},
		{"export", net, "--target", "c", "--check"},
		{"doctor", model, "--data", filepath.Join(filepath.Dir(net), "test"), "--limit", "20"},
		{"--help"},
		{"help", "convert"},
		{"convert", "--help"},
		{"completion", "bash"},
	}
	for _, w := range list {
		if w.name != "dump" && w.name != "export --verify" {
			calls = append(calls, slices.Concat(slices.DeleteFunc(slices.Clone(w.args), func(a string) bool { return a == "-q" }), []string{"--json"}))
		}
	}
	for _, args := range calls {
		t.Run(fmt.Sprint(args[:min(2, len(args))]), func(t *testing.T) {
			t.Chdir(t.TempDir())
			var stderr bytes.Buffer
			if code := run(args, nil, fullDisk{}, &stderr); code != exitFailure || !strings.Contains(stderr.String(), "error: "+errFull.Error()) {
				t.Errorf("%q: exit code %d\n%s", args, code, stderr.String())
			}
		})
	}
}
