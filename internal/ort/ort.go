// Package ort runs ONNX models by ONNX Runtime, to compare exports and the reference
// executor with an implementation that is not ours. ONNX Runtime runs in a process of node.
package ort

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The packages of npm that hold an ONNX Runtime: as native code, and as WebAssembly.
const (
	Node = "onnxruntime-node"
	Web  = "onnxruntime-web"
)

// Variable is the environment variable that names the folder in which npm has installed
// the packages.
const Variable = "ANN2SNN_ORT"

// ErrNotFound says that node or a package is missing.
var ErrNotFound = errors.New("ort: ONNX Runtime is not installed (it needs node; " + Variable + " names the folder where npm installed it, unless that is the working folder or one above)")

//go:embed ort.mjs
var script string

// Find returns the folder in which npm has installed a package: what Variable names, or
// the working folder or one above.
func Find(pkg string) (string, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	if dir := os.Getenv(Variable); dir != "" {
		if !installed(dir, pkg) {
			return "", fmt.Errorf("%w: no %s in %s", ErrNotFound, pkg, dir)
		}
		return filepath.Abs(dir)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for !installed(dir, pkg) {
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("%w: no %s", ErrNotFound, pkg)
		}
		dir = up
	}
	return dir, nil
}

func installed(dir, pkg string) bool {
	info, err := os.Stat(filepath.Join(dir, "node_modules", pkg))
	return err == nil && info.IsDir()
}

// Job is a model with one input of float32, uint8, int32 or int64, and the inputs to run it on.
type Job struct {
	File      string // ONNX
	Dims      []int64
	Inputs    [][]float32
	Optimised string // file for the graph as it runs; may be empty (Node only)
	Plain     bool   // every operator runs by itself, as the model has it
}

// Answer is the outputs of a model for one input, in the model's order.
type Answer [][]float64

// Run runs models by a package and returns for each job the answers to its inputs.
func Run(ctx context.Context, pkg string, jobs ...Job) ([][]Answer, error) {
	dir, err := Find(pkg)
	if err != nil {
		return nil, err
	}
	var in, stderr bytes.Buffer
	models := make([]map[string]any, len(jobs))
	for i, j := range jobs {
		models[i] = map[string]any{"file": j.File, "dims": j.Dims, "samples": len(j.Inputs), "optimised": j.Optimised, "plain": j.Plain}
		for _, x := range j.Inputs {
			if err := binary.Write(&in, binary.LittleEndian, x); err != nil {
				return nil, err
			}
		}
	}
	request, err := json.Marshal(map[string]any{"dir": dir, "package": pkg, "models": models})
	if err != nil {
		return nil, err
	}
	//nolint:gosec // the script is the one above
	cmd := exec.CommandContext(ctx, "node", "--input-type=module", "--eval", script, "ort.mjs", string(request))
	cmd.Stdin, cmd.Stderr = &in, &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("ort: %s: %w\n%s", pkg, err, strings.TrimSpace(stderr.String()))
	}
	return read(bytes.NewReader(out), jobs)
}

// read reads what the script has written.
func read(r *bytes.Reader, jobs []Job) ([][]Answer, error) {
	answers := make([][]Answer, len(jobs))
	for i, j := range jobs {
		answers[i] = make([]Answer, len(j.Inputs))
		for k := range answers[i] {
			a, err := readAnswer(r)
			if err != nil {
				return nil, fmt.Errorf("ort: the answer to sample %d of %s: %w", k, j.File, err)
			}
			answers[i][k] = a
		}
	}
	return answers, nil
}

func readAnswer(r *bytes.Reader) (Answer, error) {
	outputs, err := readCount(r, 4)
	if err != nil {
		return nil, err
	}
	a := make(Answer, outputs)
	for i := range a {
		n, err := readCount(r, 8)
		if err != nil {
			return nil, err
		}
		a[i] = make([]float64, n)
		if err := binary.Read(r, binary.LittleEndian, a[i]); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// readCount reads how many things of at least some bytes follow.
func readCount(r *bytes.Reader, size int64) (int, error) {
	var n uint32
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return 0, err
	}
	if int64(n)*size > int64(r.Len()) {
		return 0, io.ErrUnexpectedEOF
	}
	return int(n), nil
}
