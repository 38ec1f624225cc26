// Command edge measures networks exported as C on microcontrollers under QEMU: flash, RAM,
// and instructions per inference. It writes docs/edge.md.
//
//	go run ./bench/edge                              everything, into docs/edge.md
//	go run ./bench/edge -only demo -bits 4 -o -
//
// It needs gcc and newlib for arm-none-eabi, gcc and picolibc for riscv64-unknown-elf,
// qemu-system-arm and qemu-system-riscv32, and for ResNet-20 the shared data
// (ANN2SNN_DATA). Every export is checked on the way: its self-test has to pass.
package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"ann2snn/models"
)

// options are the command's flags.
type options struct {
	only, bits string
	out        string
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "demo,resnet20", "networks to measure, with commas between")
	flag.StringVar(&o.bits, "bits", "2,4,8", "bits of a spike")
	flag.StringVar(&o.out, "o", filepath.Join("docs", "edge.md"), "where the report goes; - is stdout")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "edge:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "ann2snn-edge-")
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, os.RemoveAll(dir)) }()
	b := &bench{dir: dir, program: filepath.Join(dir, "ann2snn")}
	if _, err := b.command(ctx, ".", "go", "build", "-o", b.program, "./cmd/ann2snn"); err != nil {
		return err
	}
	if err := b.addDemo(); err != nil {
		return err
	}
	var rows []row
	for _, n := range b.networks() {
		if !slices.Contains(strings.Split(o.only, ","), n.name) {
			continue
		}
		for _, bits := range strings.Split(o.bits, ",") {
			for _, steps := range []int{1, 2, 4} {
				fmt.Fprintln(os.Stderr, n.name, bits, "bits", steps, "steps")
				r, err := b.measure(ctx, n, bits, steps)
				if err != nil {
					return fmt.Errorf("%s, %s bits, %d steps: %w", n.name, bits, steps, err)
				}
				rows = append(rows, *r)
			}
		}
	}
	var page bytes.Buffer
	writePage(&page, rows)
	if o.out == "-" {
		_, err := io.Copy(os.Stdout, &page)
		return err
	}
	return os.WriteFile(o.out, page.Bytes(), 0o666) //nolint:gosec // a document
}

// network is one to be measured.
type network struct {
	name, title       string
	model             string
	calibration, test string
	preprocess        string
}

// bench measures networks in a folder of its own.
type bench struct{ dir, program string }

func (b *bench) networks() []network {
	data := cmp.Or(os.Getenv("ANN2SNN_DATA"), filepath.Join("..", "shared", "data"))
	return []network{
		{"demo", "demo network", filepath.Join(b.dir, "demo.onnx"), filepath.Join(b.dir, "calibration"), filepath.Join(b.dir, "test"), models.Preset},
		{
			"resnet20", "ResNet-20", filepath.Join(data, "models", "cifar10_resnet20_folded.onnx"),
			filepath.Join(data, "cifar10", "calib_batch.bin"), filepath.Join(data, "cifar10", "test_batch.bin"), "cifar10",
		},
	}
}

// addDemo writes the embedded network and its samples as files.
func (b *bench) addDemo() error {
	if err := os.CopyFS(b.dir, models.Samples()); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.dir, "demo.onnx"), models.Demo(), 0o600)
}

// command runs a program in a folder and returns what it prints.
func (b *bench) command(ctx context.Context, dir string, words ...string) (string, error) {
	cmd := exec.CommandContext(ctx, words[0], words[1:]...) //nolint:gosec // compilers, emulators and this project's program
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(words, " "), err, out)
	}
	return string(out), nil
}

// conversion is the flags by which networks are made: on few samples and without a fit,
// which change the weights but neither memory nor the number of instructions.
func conversion(bits string, steps int) []string {
	return []string{"--bits", bits, "--steps", strconv.Itoa(steps), "--weights", "int8", "--fit", "none", "--calib-samples", "16"}
}
