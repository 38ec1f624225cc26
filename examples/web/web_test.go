package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

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
	shown := shownBy(t, chromium, "file://"+file)
	for _, want := range []string{
		`<p id="selftest">Self-test: 100 of 100 samples give exactly the integers of ann2snn’s runtime; 9`,
		`<p id="drawn">L</p>`,
		`<p id="dropped">A</p>`,
	} {
		if !strings.Contains(shown, want) {
			_, rest, _ := strings.Cut(shown, `<p id="selftest">`)
			t.Errorf("the page lacks %s\n%.300s\n... %s", want, rest, shown[max(0, len(shown)-300):])
		}
	}
}

// shownBy opens the page and returns what it sends to the address behind its #. The page
// decides when it is done: Chromium's virtual time runs out before it has decoded a picture.
func shownBy(t *testing.T, chromium, page string) string {
	t.Helper()
	sent := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent <- string(body)
	}))
	defer server.Close()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	var messages bytes.Buffer
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-port=0", page+"#"+server.URL)
	// Chromium ends in an orderly way on SIGTERM, and its children with it.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Stderr = &messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case shown := <-sent:
		stop()
		t.Logf("chromium, told to end: %v", <-ended)
		return shown
	case err := <-ended:
		t.Fatalf("chromium ended before the page was done: %v\n%s", err, &messages)
		return ""
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

// TestWithoutCompiler: what is missing is named, with a way to get it.
func TestWithoutCompiler(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := run(t.Context(), filepath.Join(t.TempDir(), "page.html"), 0, nil)
	if err == nil || !strings.Contains(err.Error(), "there is no clang (install both: on Debian and Ubuntu `apt-get install clang lld`") {
		t.Errorf("without clang: %v", err)
	}
}
