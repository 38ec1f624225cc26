package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/ort"
	"ann2snn/internal/pb"
)

//go:embed ort.mjs
var ortScript []byte

// engine is an ONNX Runtime in a process of its own.
type engine struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startEngine starts ONNX Runtime with a number of threads; the script goes to dir.
func startEngine(ctx context.Context, dir string, threads int) (*engine, error) {
	packages, err := ort.Find(ort.Node)
	if err != nil {
		return nil, err
	}
	script := filepath.Join(dir, "ort.mjs")
	if err := os.WriteFile(script, ortScript, 0o600); err != nil {
		return nil, err
	}
	//nolint:gosec // the script is the one written above
	cmd := exec.CommandContext(ctx, "node", script, strconv.Itoa(threads))
	cmd.Env, cmd.Stderr = append(os.Environ(), ort.Variable+"="+packages), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &engine{cmd, in, bufio.NewReader(out)}, cmd.Start()
}

func (e *engine) close() error {
	if err := e.in.Close(); err != nil {
		return err
	}
	return e.cmd.Wait()
}

func (e *engine) ask(request, answer any) error {
	line, err := json.Marshal(request)
	if err != nil {
		return err
	}
	if _, err := e.in.Write(append(line, '\n')); err != nil {
		return err
	}
	if line, err = e.out.ReadBytes('\n'); err != nil {
		return fmt.Errorf("onnx runtime stopped: %w", err)
	}
	return json.Unmarshal(line, answer)
}

// open loads a model under a name. Where optimised is not empty, the graph as it runs is
// written there.
func (e *engine) open(name, model string, dims []int, optimised string) error {
	return e.ask(map[string]any{"open": name, "model": model, "dims": dims, "optimised": optimised}, &struct{}{})
}

// median returns the median time of some runs, in milliseconds.
func (e *engine) median(name string, runs int) (float64, error) {
	var answer struct{ MS []float64 }
	if err := e.ask(map[string]any{"time": name, "runs": runs}, &answer); err != nil {
		return 0, err
	}
	return median(answer.MS), nil
}

// median sorts values and returns the one in the middle.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// checkIntegers fails if a convolution of an optimised graph still computes in float.
func checkIntegers(file string) (convolutions int, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	var m pb.ModelProto
	if err := proto.Unmarshal(data, &m); err != nil {
		return 0, err
	}
	for _, n := range m.GetGraph().GetNode() {
		switch n.GetOpType() {
		case "Conv", "FusedConv":
			return 0, fmt.Errorf("onnx runtime computes %q in float", n.GetName())
		case "QLinearConv":
			convolutions++
		}
	}
	if convolutions == 0 {
		return 0, errors.New("no QLinearConv in the optimised graph")
	}
	return convolutions, nil
}
