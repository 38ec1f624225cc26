// Command zoo tries the networks that people have: some two hundred, of every family that this
// project knows of, with drawn weights. It reads each, compares the reference executor with ONNX
// Runtime, converts it to 8 bits and one step and says how much of its output is kept, and writes
// docs/zoo.md.
//
//	go run ./bench/zoo                       all networks, some minutes
//	go run ./bench/zoo -only yolox,unet_nearest -o -
//	go run ./bench/zoo -family detection -o -
//
// bench/zoo/networks describes the networks. Writing them takes Debian's python3-torch,
// python3-torchvision and python3-onnx; comparing takes node and onnxruntime-node in the folder
// that ANN2SNN_ORT names.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ann2snn/internal/outfile"
)

// options are the command's flags.
type options struct{ only, family, out, dir, python string }

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "networks to try, with commas between (default: all)")
	flag.StringVar(&o.family, "family", "", "families to try, with commas between (default: all)")
	flag.StringVar(&o.out, "o", filepath.Join("docs", "zoo.md"), "where the report goes; - is stdout")
	flag.StringVar(&o.dir, "dir", filepath.Join(".cache", "zoo"), "folder for the networks")
	flag.StringVar(&o.python, "python", "/usr/bin/python3", "a Python with PyTorch, torchvision and onnx")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "zoo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	list, err := networks(ctx, o)
	if err != nil {
		return err
	}
	began := time.Now()
	var trials []*trial
	for i, n := range list {
		fmt.Fprintf(os.Stderr, "%d/%d %s\n", i+1, len(list), n.Name)
		trials = append(trials, try(ctx, n, filepath.Join(o.dir, n.Name+".onnx")))
	}
	page := write(trials, time.Since(began))
	if o.out == "-" {
		_, err = os.Stdout.WriteString(page)
		return err
	}
	return outfile.Write(o.out, true, func(w io.Writer) error {
		_, err := io.WriteString(w, page)
		return err
	})
}

// network is an entry of the manifest.
type network struct{ Name, Family string }

// networks writes the files of the networks, unless they are there, and lists those asked for.
func networks(ctx context.Context, o options) ([]network, error) {
	args := []string{filepath.Join("bench", "zoo", "networks"), o.dir}
	if o.only != "" {
		args = append(args, strings.Split(o.only, ",")...)
	}
	cmd := exec.CommandContext(ctx, o.python, args...) // #nosec G204 -- the user's own Python
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s %s: %w (it needs PyTorch, torchvision and onnx; -python names another one)", o.python, args[0], err)
	}
	data, err := os.ReadFile(filepath.Join(o.dir, "manifest.json"))
	if err != nil {
		return nil, err
	}
	var all []network
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("%s/manifest.json: %w", o.dir, err)
	}
	families := strings.Split(o.family, ",")
	return slices.DeleteFunc(all, func(n network) bool {
		return o.family != "" && !slices.Contains(families, n.Family)
	}), nil
}
