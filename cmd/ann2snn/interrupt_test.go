//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// start runs a program of TestMain in a folder of its own.
func start(t *testing.T, dir string, args ...string) (cmd *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	cmd, stderr = exec.Command(args[0], args[1:]...), new(bytes.Buffer)
	cmd.Dir, cmd.Stderr = dir, stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, stderr
}

// exitCode waits for a program.
func exitCode(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// waitForFile waits until a program has made a file.
func waitForFile(t *testing.T, path string) {
	t.Helper()
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("no ", path)
		}
		time.Sleep(time.Millisecond)
	}
}

// TestSignalsEndDeafWork: work that never asks its context ends after a signal, with the
// code of the signal, and its unfinished file is gone.
func TestSignalsEndDeafWork(t *testing.T) {
	for signal, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		dir := t.TempDir()
		cmd, stderr := start(t, dir, "halfwrite", "out.snn")
		waitForFile(t, filepath.Join(dir, "half"))
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if code := exitCode(t, cmd); code != want || stderr.String() != "error: interrupted\n" {
			t.Errorf("%v: exit code %d, want %d; %q", signal, code, want, stderr)
		}
		if left, err := filepath.Glob(filepath.Join(dir, ".out*")); err != nil || left != nil {
			t.Errorf("%v: left %v, %v", signal, left, err)
		}
	}
}

// TestPipesAreRefused: no command waits for a pipe, whatever the pipe is to be, and none reads
// a device that never ends.
func TestPipesAreRefused(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	models, network := filepath.Join("..", "..", "models"), filepath.Join(dir, "n.snn")
	model := filepath.Join(models, "demo.onnx")
	command(t, "convert", model, "-q", "-o", network, "--data", filepath.Join(models, "calibration"), "--preprocess", "mnist", "--calib-samples", "2", "--weights", "int8", "--fit", "none")
	for _, other := range []struct{ path, text string }{{pipe, "is a pipe, not a file"}, {"/dev/zero", "is a device, not a file"}} {
		for _, args := range [][]string{
			{"inspect", other.path},
			{"bench", other.path},
			{"convert", other.path, "-o", filepath.Join(dir, "o.snn")},
			{"convert", model, "--data", other.path, "-o", filepath.Join(dir, "o.snn")},
			{"convert", model, "--profile", other.path, "-o", filepath.Join(dir, "o.snn")},
			{"calibrate", model, "--data", other.path, "-o", filepath.Join(dir, "o.json")},
			{"compare", other.path, network, "--data", dir},
			{"compare", model, other.path, "--data", dir},
			{"compare", model, network, "--data", other.path},
			{"compare", model, "--data", dir, "--calib-data", other.path},
			{"run", other.path, dir},
			{"run", network, other.path},
			{"export", other.path, "--target", "c", "--check"},
			{"export", network, "--target", "c", "-o", filepath.Join(dir, "c"), "--data", other.path},
		} {
			var stdout, stderr bytes.Buffer
			if code := run(args, nil, &stdout, &stderr); code != exitFailure || !bytes.Contains(stderr.Bytes(), []byte(other.text)) {
				t.Errorf("%q: exit code %d, %s", args, code, stderr.String())
			}
		}
	}
}
