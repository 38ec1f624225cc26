package c99

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"ann2snn/export/target"
	"ann2snn/internal/outfile"
	"ann2snn/snn"
)

// toolchain compiles C and runs what comes out.
type toolchain struct {
	compile []string // a compiler and its flags
	run     []string // what runs a program, nothing for this machine itself
}

// run runs an export by a C compiler for this machine.
func run(ctx context.Context, j *target.Job) ([][]float64, error) {
	for _, cc := range []string{"cc", "gcc", "clang"} {
		if path, err := exec.LookPath(cc); err == nil {
			return runWith(ctx, j, toolchain{compile: []string{path, "-std=c99", "-O2"}})
		}
	}
	return nil, fmt.Errorf("a C compiler (cc, gcc or clang) is needed: %w", target.ErrNoConsumer)
}

// runWith runs an export all steps at once and step by step, and passes on both outputs.
func runWith(ctx context.Context, j *target.Job, tools toolchain) (outputs [][]float64, err error) {
	m, err := newModule(j.Net, j.Options)
	if err != nil {
		return nil, err
	}
	temp, remove, err := outfile.Scratch("ann2snn-c-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	inputs := make([][]int32, len(j.Inputs))
	for i, sample := range j.Inputs {
		inputs[i] = levelsOf(j.Net, sample)
	}
	pictures := m.input.pictures(inputs)
	program, err := m.build(ctx, tools, j.Dir, temp, pictures != nil)
	if err != nil {
		return nil, err
	}
	if pictures != nil {
		inputs = pictures
	}
	var in bytes.Buffer
	for _, values := range inputs {
		_ = binary.Write(&in, binary.LittleEndian, values) // which a buffer never refuses
	}
	cmd := command(ctx, append(slices.Clone(tools.run), program))
	cmd.Stdin = &in
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	outputs, err = m.listen(bufio.NewReader(out), j)
	if err != nil {
		_ = cmd.Process.Kill()
	}
	if ended := cmd.Wait(); ended != nil && (err == nil || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)) {
		err = fmt.Errorf("the export's program failed: %w\n%s", ended, complaints.Bytes())
	}
	return outputs, err
}

func command(ctx context.Context, words []string) *exec.Cmd {
	return exec.CommandContext(ctx, words[0], words[1:]...) //nolint:gosec // a compiler, or what it made
}

// build compiles an export with the harness and returns the program's path.
func (m *module) build(ctx context.Context, tools toolchain, dir, temp string, pictures bool) (string, error) {
	harness, err := templateFiles.ReadFile("templates/harness.c")
	if err != nil {
		return "", err
	}
	program, source := filepath.Join(temp, "program"), filepath.Join(temp, "harness.c")
	if err := os.WriteFile(source, harness, 0o600); err != nil {
		return "", err
	}
	name, upper := m.name(), m.upper()
	inputType, suffix := name+"_level", "_levels"
	if pictures {
		inputType, suffix = "uint8_t", ""
	}
	words := slices.Clone(tools.compile)
	for macro, value := range map[string]string{
		"HEADER": `"` + name + `.h"`, "NETWORK": name, "INIT": name + "_init", "RUN": name + "_run" + suffix, "TRACE": name + "_trace",
		upper + "_TRACE": "1", "INPUT_TYPE": inputType, "IN_SIZE": upper + "_IN_SIZE", "OUT_SIZE": upper + "_OUT_SIZE",
		"ARENA_BYTES": upper + "_ARENA_SIZE", "STEP_ARENA_BYTES": upper + "_STEP_ARENA_SIZE",
	} {
		words = append(words, "-D"+macro+"="+value)
	}
	words = append(words, "-I", dir, "-o", program, source, filepath.Join(dir, name+".c"), filepath.Join(dir, name+"_data.c"))
	if out, err := command(ctx, words).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s cannot compile the export: %w\n%s", strings.Join(tools.compile, " "), err, out)
	}
	return program, nil
}

// ways are how the harness runs each input: all steps at once, and step by step.
const ways = 2

// listen passes on what the harness writes.
func (m *module) listen(r io.Reader, j *target.Job) ([][]float64, error) {
	var outputs [][]float64
	for runs := 0; runs < ways*len(j.Inputs); {
		var head [3]int32 // layer (-1: the output), step, elements
		if err := binary.Read(r, binary.LittleEndian, head[:]); err != nil {
			return nil, err
		}
		if head[2] < 0 || int(head[2]) > snn.MaxElements {
			return nil, fmt.Errorf("the export's program announces %d elements", head[2])
		}
		values := make([]int32, head[2])
		if err := binary.Read(r, binary.LittleEndian, values); err != nil {
			return nil, err
		}
		if head[0] >= 0 {
			if err := j.See(runs/ways, int(head[0]), int(head[1])+1, values); err != nil {
				return nil, err
			}
			continue
		}
		output := m.channelsFirst(values)
		if runs%ways == 0 {
			outputs = append(outputs, output)
		} else if !slices.Equal(output, outputs[len(outputs)-1]) {
			return nil, fmt.Errorf("input %d: the export answers %v step by step and %v at once", runs/ways, output, outputs[len(outputs)-1])
		}
		runs++
	}
	return outputs, nil
}

// channelsFirst brings an output into the order of target.Total.
func (m *module) channelsFirst(values []int32) []float64 {
	s := m.layers[m.net.Output].Shape
	out := make([]float64, len(values))
	for i, v := range values {
		out[s.ChannelsFirst(i)] = float64(v)
	}
	return out
}
