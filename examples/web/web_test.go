package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ann2snn/examples"
	"ann2snn/internal/testutil"
	"ann2snn/snn"
)

// demoPage is the page with so many samples of the demonstration network.
func demoPage(t *testing.T, samples int) *page {
	t.Helper()
	testutil.Tool(t, "clang", "clang")
	testutil.Tool(t, "wasm-ld", "lld")
	n, err := snn.Decode(examples.Network)
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := demoPictures(samples)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPage(t.Context(), n, pictures)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestNode compares the outputs of the compiled network with those of runtime in node.
func TestNode(t *testing.T) {
	t.Parallel()
	node := testutil.Tool(t, "node", "nodejs")
	p := demoPage(t, 100)
	file := filepath.Join(t.TempDir(), "net.wasm")
	if err := os.WriteFile(file, p.Wasm, 0o600); err != nil {
		t.Fatal(err)
	}
	var pixels bytes.Buffer
	var want strings.Builder
	for _, picture := range p.Pictures {
		pixels.Write(picture.Pixels)
		want.WriteString(strings.Trim(fmt.Sprintf("%.0f", picture.Outputs), "[]") + "\n")
	}
	size := p.Height * p.Width * p.Colours
	cmd := exec.CommandContext(t.Context(), node, "testdata/run.mjs", file, strconv.Itoa(len(p.Units)), strconv.Itoa(size))
	cmd.Stdin, cmd.Stderr = &pixels, os.Stderr
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want.String() {
		t.Errorf("outputs in node:\n%sin runtime:\n%s", got, want.String())
	}
}

// TestBrowser opens the page in Chromium: the self-test on 100 samples, a drawn letter and
// a dropped picture.
func TestBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long")
	}
	chromium := testutil.Tool(t, "chromium", "chromium")
	html, err := demoPage(t, 100).html()
	if err != nil {
		t.Fatal(err)
	}
	use, err := os.ReadFile("testdata/use.html")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, append(html, use...), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--virtual-time-budget=20000", "--dump-dom", "file://"+file)
	dom, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<p id="selftest">Self-test: 100 of 100 samples give exactly the integers of ann2snn’s runtime; 9`,
		`<p id="drawn">L</p>`,
		`<p id="dropped">A</p>`,
	} {
		if !strings.Contains(string(dom), want) {
			_, rest, _ := strings.Cut(string(dom), `<p id="selftest">`)
			t.Errorf("the page lacks %s\n%.300s\n... %s", want, rest, dom[max(0, len(dom)-300):])
		}
	}
}

func TestRefusals(t *testing.T) {
	n, err := snn.Decode(examples.Network)
	if err != nil {
		t.Fatal(err)
	}
	n.Meta.Preprocess = nil
	if _, err := newPage(t.Context(), n, nil); err == nil || !strings.Contains(err.Error(), "does not take pictures") {
		t.Errorf("a network without pictures: %v", err)
	}
	if err := run(t.Context(), "unused", 0, []string{"a.snn", "b.snn"}); err == nil {
		t.Error("two networks on a page")
	}
}
