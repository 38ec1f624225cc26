package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"ann2snn/export"
	"ann2snn/export/c99"
	"ann2snn/export/target"
	"ann2snn/snn"
)

//go:embed page/glue.c
var glue []byte

// compile exports a network as C and compiles that to WebAssembly.
func compile(ctx context.Context, n *snn.Network) (wasm []byte, err error) {
	for _, l := range c99.Target.Check(n) {
		if l.Fatal {
			return nil, fmt.Errorf("layer %s: %s (%s)", l.Layer, l.What, l.Way)
		}
	}
	for _, tool := range []string{"clang", "wasm-ld"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fmt.Errorf("the page is compiled by clang and lld, and there is no %s (install both: on Debian and Ubuntu `apt-get install clang lld`, on Fedora `dnf install clang lld`, on macOS `brew install llvm lld`)", tool)
		}
	}
	files, err := c99.Target.Files(n, target.Options{Name: "net"})
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "ann2snn-web-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	dir := filepath.Join(temp, "net")
	files = append(files, target.File{Name: "glue.c", Data: glue})
	if err := export.Write(dir, files, func(string) error { return nil }); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "clang", "--target=wasm32", "-mbulk-memory", "-msimd128", "-std=c99", "-O3", "-nostdlib", "-Wl,--no-entry",
		"-o", "net.wasm", "glue.c", "net.c", "net_data.c")
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("clang (with lld) cannot compile the export: %w\n%s", err, strings.TrimSpace(string(text)))
	}
	return os.ReadFile(filepath.Join(dir, "net.wasm"))
}
