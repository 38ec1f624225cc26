package nir

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"ann2snn/export/target"
	"ann2snn/internal/outfile"
	"ann2snn/snn"
)

// run simulates the files of an export, each read back by h5py, and passes on the output
// of every layer in every step.
func run(ctx context.Context, j *target.Job) ([][]float64, error) {
	python, err := findPython(ctx)
	if err != nil {
		return nil, err
	}
	var outputs [][]float64
	kinds := encodings(j.Net)
	for i := range kinds {
		answers, err := simulate(ctx, python, j, &kinds[i])
		if err != nil {
			return nil, err
		}
		if outputs, err = total(j, answers); err != nil {
			return nil, fmt.Errorf("%s%s: %w", j.Options.Name, kinds[i].suffix, err)
		}
	}
	return outputs, nil
}

// findPython returns an interpreter with what simulate.py imports.
func findPython(ctx context.Context) (string, error) {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(ctx, name, "-c", "import h5py, numpy").Run() == nil { //nolint:gosec // one of two names
			return name, nil
		}
	}
	return "", fmt.Errorf("no python3 with h5py and NumPy: %w", target.ErrNoConsumer)
}

// simulate runs a file on all inputs and returns the outputs of all layers, in the order
// input, step, layer and then C, H, W.
func simulate(ctx context.Context, python string, j *target.Job, kind *encoding) (_ []float64, err error) {
	temp, remove, err := outfile.Scratch("ann2snn-nir-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	watch := filepath.Join(temp, "watch")
	if err := os.WriteFile(watch, watchList(j.Net, kind), 0o600); err != nil {
		return nil, err
	}
	script := filepath.Join(j.Dir, simulatorName)
	cmd := exec.CommandContext(ctx, python, script, filepath.Join(j.Dir, j.Options.Name+kind.suffix), watch) //nolint:gosec // the export's own files
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(samples(j)), &complaint
	out, err := cmd.Output()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(complaint.String()), "\n")
		return nil, fmt.Errorf("%s: %w: %s", simulatorName, err, lines[len(lines)-1])
	}
	answers := make([]float64, len(out)/8)
	return answers, binary.Read(bytes.NewReader(out), binary.LittleEndian, answers)
}

// watchList names, layer by layer, the nodes whose sum is the layer's output.
func watchList(n *snn.Network, kind *encoding) []byte {
	var b bytes.Buffer
	for _, s := range sketch(n, kind).signals {
		b.WriteString(strings.Join(s.sources, " ") + "\n")
	}
	return b.Bytes()
}

// samples returns the inputs in the order of the graph.
func samples(j *target.Job) []byte {
	l := &j.Net.Layers[0]
	op, _ := l.Op.(snn.Input)
	var b []byte
	ordered := make([]float32, l.Shape.Len())
	for _, in := range j.Inputs {
		copy(ordered, in)
		if !op.ChannelsFirst {
			swap(l.Shape, func(hwc, chw int) { ordered[chw] = in[hwc] })
		}
		for _, x := range ordered {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	return b
}

// swap calls move for every element of a map with its places in both orders.
func swap(s snn.Shape, move func(hwc, chw int)) {
	for i := range s.Len() {
		move(i, s.ChannelsFirst(i))
	}
}

// total passes on the outputs of layers, and sums up the output layer's.
func total(j *target.Job, answers []float64) ([][]float64, error) {
	perStep := 0
	for i := range j.Net.Layers {
		perStep += j.Net.Layers[i].Shape.Len()
	}
	if len(answers) != perStep*j.Net.Steps*len(j.Inputs) {
		return nil, fmt.Errorf("%s gave %d numbers for %d samples", simulatorName, len(answers), len(j.Inputs))
	}
	outputs := make([][]float64, len(j.Inputs))
	for input := range outputs {
		outputs[input] = make([]float64, j.Net.Layers[j.Net.Output].Shape.Len())
		for step := 1; step <= j.Net.Steps; step++ {
			for i := range j.Net.Layers {
				shape := j.Net.Layers[i].Shape
				got := answers[:shape.Len()]
				answers = answers[shape.Len():]
				levels := make([]int32, shape.Len())
				swap(shape, func(hwc, chw int) { levels[hwc] = int32(got[chw]) })
				if err := j.See(input, i, step, levels); err != nil {
					return nil, err
				}
				if i == j.Net.Output {
					for e, x := range got {
						outputs[input][e] += x
					}
				}
			}
		}
	}
	return outputs, nil
}
