package export

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"ann2snn/export/target"
	"ann2snn/runtime"
)

// Verified is what Verify compared; all of it was equal.
type Verified struct {
	Samples int   `json:"samples"`
	Outputs int   `json:"outputs"` // elements
	Spikes  int64 `json:"spikes"`  // outputs of layers, by element and step; 0 where the target does not report them
}

// Verify runs an export and compares every answer, and every output of a layer that the
// target reports, with those of package runtime. The first difference is an error.
func Verify(ctx context.Context, t *target.Target, j *target.Job) (*Verified, error) {
	if t.Run == nil {
		return nil, fmt.Errorf("export: no consumer of target %s is known, so its exports cannot be verified: %w", t.Name, target.ErrNoConsumer)
	}
	plan, err := runtime.Compile(ctx, j.Net)
	if err != nil {
		return nil, err
	}
	r := &referee{
		Job: *j, ctx: ctx, session: plan.NewSession(runtime.SessionOptions{Trace: true}), loaded: -1,
		readout: make([]float32, plan.OutLen()),
	}
	r.See = r.compare
	outputs, err := t.Run(ctx, &r.Job)
	if err != nil {
		return nil, fmt.Errorf("export: target %s: %w", t.Name, err)
	}
	if len(outputs) != len(j.Inputs) {
		return nil, fmt.Errorf("export: target %s answered %d of %d samples", t.Name, len(outputs), len(j.Inputs))
	}
	for i, got := range outputs {
		if err := r.compareOutput(i, got); err != nil {
			return nil, err
		}
	}
	r.seen.Samples, r.seen.Outputs = len(outputs), len(outputs)*plan.OutLen()
	return &r.seen, nil
}

// referee compares the answers of an export with those of a session of runtime.
type referee struct {
	target.Job
	ctx     context.Context
	session *runtime.Session
	loaded  int // the input that the session ran last
	readout []float32
	seen    Verified
}

// load runs runtime on an input.
func (r *referee) load(input int) error {
	if input < 0 || input >= len(r.Inputs) {
		return fmt.Errorf("export: an answer for input %d, there are %d", input, len(r.Inputs))
	}
	if r.loaded == input {
		return nil
	}
	r.loaded = input
	_, err := r.session.Run(r.ctx, r.readout, r.Inputs[input])
	return err
}

// compare checks the output of a layer in a step.
func (r *referee) compare(input, layer, step int, levels []int32) error {
	if err := r.load(input); err != nil {
		return err
	}
	if layer < 0 || layer >= len(r.Net.Layers) || step < 1 || step > r.Net.Steps {
		return fmt.Errorf("export: an answer for layer %d and step %d, which the network does not have", layer, step)
	}
	where := fmt.Sprintf("layer %q, step %d", r.Net.Layers[layer].Name, step)
	want, err := r.session.Levels(layer, step)
	if err != nil {
		return err
	}
	if len(levels) != len(want) {
		return r.differ(input, where+": number of elements", float64(len(levels)), float64(len(want)))
	}
	for i, k := range want {
		if levels[i] != k {
			return r.differ(input, where+": element "+strconv.Itoa(i), float64(levels[i]), float64(k))
		}
	}
	r.seen.Spikes += int64(len(want))
	return nil
}

// compareOutput checks the answer to an input.
func (r *referee) compareOutput(input int, got []float64) error {
	if err := r.load(input); err != nil {
		return err
	}
	want, err := target.Total(r.Net, r.session)
	if err != nil {
		return err
	}
	if len(got) != len(want) {
		return r.differ(input, "number of outputs", float64(len(got)), float64(len(want)))
	}
	for i, k := range want {
		if got[i] != k || math.IsNaN(got[i]) {
			return r.differ(input, "output "+strconv.Itoa(i), got[i], k)
		}
	}
	return nil
}

func (r *referee) differ(input int, what string, got, want float64) error {
	name := "sample " + strconv.Itoa(input)
	if r.Name != nil {
		name = r.Name(input)
	}
	return fmt.Errorf("export: %s: %s is %v in the export and %v in runtime", name, what, got, want)
}
