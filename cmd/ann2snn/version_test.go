package main

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"testing"

	"ann2snn/internal/testutil"
)

func TestBuild(t *testing.T) {
	settings := []debug.BuildSetting{
		{Key: "GOARCH", Value: "arm64"},
		{Key: "GOOS", Value: "linux"},
		{Key: "-tags", Value: "purego"},
		{Key: "vcs.revision", Value: "84568f6"},
		{Key: "vcs.time", Value: "2026-11-26T10:00:00Z"},
		{Key: "vcs.modified", Value: "true"},
	}
	for _, c := range []struct {
		name string
		info debug.BuildInfo
		want string
	}{
		{
			"stamped",
			debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.0"}, Settings: settings},
			"ann2snn v1.2.0, commit 84568f6 with changes of 2026-11-26T10:00:00Z, go1.26, linux/arm64, tags purego",
		},
		{
			"no repository",
			debug.BuildInfo{GoVersion: "go1.26", Settings: settings[:2]},
			"ann2snn (devel), go1.26, linux/arm64",
		},
	} {
		if got := buildOf(&c.info).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The stamp is there in what go build makes, and the network is the same without it.
func TestBuildsAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command twice")
	}
	git, err := os.Stat(filepath.Join(testutil.Root(), ".git"))
	repository := err == nil && git.IsDir() // go build stamps nothing in other work trees
	var networks [][]byte
	for _, stamp := range []string{"-buildvcs=auto", "-buildvcs=false"} {
		dir := t.TempDir()
		program := filepath.Join(dir, "ann2snn")
		if out, err := exec.Command("go", "build", stamp, "-o", program, ".").CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, out)
		}
		version, err := exec.Command(program, "--version", "--json").Output()
		if err != nil {
			t.Fatal(err)
		}
		var b build
		if err := json.Unmarshal(version, &b); err != nil {
			t.Fatal(err)
		}
		if stamped := len(b.Commit) == 40; stamped != (repository && stamp == "-buildvcs=auto") || b.Go == "" || b.Version == "" {
			t.Errorf("%s: %s", stamp, version)
		}
		demo := exec.Command(program, "demo", "-q", "--bits", "2", "--steps", "1", "--fit", "none")
		demo.Dir = dir
		if out, err := demo.CombinedOutput(); err != nil {
			t.Fatalf("demo: %v\n%s", err, out)
		}
		network, err := os.ReadFile(filepath.Join(dir, demoNetwork))
		if err != nil {
			t.Fatal(err)
		}
		networks = append(networks, network)
		page, err := os.ReadFile(filepath.Join(dir, demoReport))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(page, []byte(html.EscapeString(b.Version))) {
			t.Errorf("%s: the report does not name the version %s", stamp, b.Version)
		}
	}
	if !bytes.Equal(networks[0], networks[1]) {
		t.Error("the network depends on the stamp of the build")
	}
}
