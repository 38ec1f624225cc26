package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"ann2snn"
	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/internal/eval"
	"ann2snn/internal/ort"
)

// trial is what became of a network.
type trial struct {
	network
	Read, Converted bool
	Refusal         string // why it was not read or not converted

	// Reference is the largest difference between the reference executor and ONNX Runtime, relative
	// to the largest output of the sample; negative where they were not compared, for Uncompared.
	Reference  float64
	Uncompared string

	Cosine  float64 // between the spiking network's output and the ANN's, mean over samples
	Rounded float64 // the same of the ANN with its activations rounded to the same 8 bits
	R2      float64 // of the outputs' variation over samples and elements, the share that is kept
	Worst   string  // the layer that adds most to the error
	Seconds float64 // of the conversion
}

const (
	calibrated = 96 // samples; of these 32 are held back
	tested     = 64
	compared   = 4               // samples that ONNX Runtime answers
	patience   = 5 * time.Minute // with one network
	near       = 0.99            // a cosine that counts as right
	same       = 1e-4            // a difference from ONNX Runtime that counts as right
)

// try reads, compares and converts a network.
func try(ctx context.Context, n network, file string) *trial {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t := &trial{network: n, Reference: -1}
	m, err := ann2snn.Load(ctx, file, ann2snn.LoadOptions{})
	if err != nil {
		t.Refusal = reason(err)
		return t
	}
	t.Read = true
	shape, err := m.InputShape()
	if err != nil {
		t.Refusal = reason(err)
		return t
	}
	calibration, test := samples(m, shape)
	if t.Reference, err = reference(ctx, m, file, shape, test); err != nil {
		t.Uncompared = complaint(err)
	}
	if err := t.convert(ctx, m, calibration, test); err != nil {
		t.Refusal = reason(err)
	}
	return t
}

// samples are noise, or pixels where the model takes those.
func samples(m *ann2snn.Model, shape []int) (calibration, test calibrate.Source) {
	if m.Preprocess().IsZero() {
		return calibrate.Synthetic(shape, -2, 2, calibrated, 1), calibrate.Synthetic(shape, -2, 2, tested, 2)
	}
	return whole{calibrate.Synthetic(shape, 0, 255, calibrated, 1)}, whole{calibrate.Synthetic(shape, 0, 255, tested, 2)}
}

// whole rounds samples to whole numbers.
type whole struct{ calibrate.Source }

func (w whole) Sample(i int, dst []float32) (label int, err error) {
	label, err = w.Source.Sample(i, dst)
	for k, x := range dst {
		dst[k] = float32(math.Round(float64(min(max(x, 0), 255))))
	}
	return label, err
}

// convert converts a network to 8 bits and one step, and compares the outputs.
func (t *trial) convert(ctx context.Context, m *ann2snn.Model, calibration, test calibrate.Source) error {
	began := time.Now()
	net, _, err := m.Convert(ctx, &ann2snn.Samples{Source: calibration, Name: "noise"}, ann2snn.Options{Bits: 8, Steps: 1, Effort: ann2snn.EffortFast})
	if err != nil {
		return err
	}
	t.Converted, t.Seconds = true, time.Since(began).Seconds()
	r, err := eval.Compare(ctx, eval.Options{Graph: m.Graph(), Network: net.SNN(), Source: test, Task: eval.TaskEmbedding})
	if err != nil {
		return err
	}
	if r.SNN.R2 != nil {
		t.R2 = *r.SNN.R2
	}
	t.Cosine, t.Rounded = cosine(r.SNN.Likeness), cosine(r.Baseline.Likeness)
	if len(r.Worst) > 0 {
		t.Worst = r.Worst[0]
	}
	return nil
}

// right reports whether a converted network keeps the ANN's output, or as good as all that
// rounding to 8 bits leaves of it.
func (t *trial) right() bool { return t.Converted && t.Cosine >= min(near, t.Rounded-0.01) }

// cosine is that of a likeness; of one value there is no angle, and the error takes its place.
func cosine(l eval.Likeness) float64 {
	switch {
	case l.Cosine != nil:
		return *l.Cosine
	case l.RelativeError != nil:
		return 1 - *l.RelativeError
	}
	return 0
}

// reference compares the reference executor with ONNX Runtime.
func reference(ctx context.Context, m *ann2snn.Model, file string, shape []int, test calibrate.Source) (float64, error) {
	p, err := ann.Compile(ctx, m.Graph(), ann.Options{})
	if err != nil {
		return -1, err
	}
	batch := max(1, m.Graph().Batch) // samples that the file takes at once
	job := ort.Job{File: file, Dims: []int64{int64(batch)}}
	for _, d := range shape {
		job.Dims = append(job.Dims, int64(d))
	}
	for i := range compared {
		x := make([]float32, batch*p.InLen())
		for k := range batch {
			if _, err := test.Sample(i*batch+k, x[k*p.InLen():(k+1)*p.InLen()]); err != nil {
				return -1, err
			}
		}
		job.Inputs = append(job.Inputs, x)
	}
	answers, err := ort.Run(ctx, ort.Node, job)
	if err != nil {
		return -1, err
	}
	largest := 0.0
	for i, x := range job.Inputs {
		var got []float32
		for one := range slices.Chunk(x, p.InLen()) {
			y, err := p.Run(ctx, one, nil)
			if err != nil {
				return -1, err
			}
			got = append(got, y...)
		}
		difference, err := relative(got, answers[0][i][0])
		if err != nil {
			return -1, err
		}
		largest = max(largest, difference)
	}
	return largest, nil
}

// relative returns the largest difference, relative to the largest value wanted.
func relative(got []float32, want []float64) (float64, error) {
	if len(got) != len(want) {
		return -1, fmt.Errorf("%d values, ONNX Runtime has %d", len(got), len(want))
	}
	difference, size := 0.0, 1e-30
	for i, w := range want {
		d := math.Abs(float64(got[i]) - w)
		if math.IsNaN(d) {
			return -1, errors.New("not a number")
		}
		difference, size = max(difference, d), max(size, math.Abs(w))
	}
	return difference / size, nil
}

// complaint is what ONNX Runtime says, without the places in its code.
func complaint(err error) string {
	text := reason(err)
	if _, after, found := strings.Cut(text, "Error: "); found {
		text = after
	}
	text, _, _ = strings.Cut(text, " at ")
	return text
}

// reason shortens an error to what a table has room for.
func reason(err error) string {
	var unsupported *ann2snn.UnsupportedError
	if !errors.As(err, &unsupported) {
		return strings.Join(strings.Fields(err.Error()), " ")
	}
	var reasons []string
	seen := make(map[string]bool)
	for _, n := range unsupported.Nodes {
		r := n.Op + ": " + n.Reason
		if !seen[r] {
			seen[r] = true
			reasons = append(reasons, r)
		}
	}
	return strings.Join(reasons, "; ")
}
