package export

import (
	"context"
	"errors"
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
// target reports, with those of package runtime: of a session that traces, which is the
// specification, and, of each answer, of one that does not, as programs run networks, with
// the given options. The first difference is an error.
func Verify(ctx context.Context, t *target.Target, j *target.Job, options ...runtime.Option) (*Verified, error) {
	if t.Run == nil {
		return nil, fmt.Errorf("export: no consumer of target %s is known, so its exports cannot be verified: %w", t.Name, target.ErrNoConsumer)
	}
	plan, err := runtime.Compile(ctx, j.Net, options...)
	if err != nil {
		return nil, err
	}
	r := newReferee(ctx, j, plan, plan)
	defer r.fast.Close()
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

// referee compares the answers of an export with those of sessions of runtime.
type referee struct {
	target.Job
	ctx     context.Context
	session *runtime.Session // that traces: the specification
	fast    *runtime.Session // as programs run the network
	loaded  int              // the input that the sessions ran last
	readout []float32        // of session
	answer  []float32        // of fast
	seen    Verified
}

// newReferee takes the specification of one plan and the fast way of another, which Verify has
// no two of.
func newReferee(ctx context.Context, j *target.Job, plan, fast *runtime.Plan) *referee {
	return &referee{
		Job: *j, ctx: ctx, session: plan.NewSession(runtime.SessionOptions{Trace: true}), loaded: -1,
		fast: fast.NewSession(runtime.SessionOptions{}), readout: make([]float32, plan.OutLen()), answer: make([]float32, fast.OutLen()),
	}
}

// load runs runtime on an input, in both ways.
func (r *referee) load(input int) error {
	if input < 0 || input >= len(r.Inputs) {
		return fmt.Errorf("export: an answer for input %d, there are %d", input, len(r.Inputs))
	}
	if r.loaded == input {
		return nil
	}
	r.loaded = input
	if _, err := r.session.Run(r.ctx, r.readout, r.Inputs[input]); err != nil {
		return err
	}
	if _, err := r.fast.Run(r.ctx, r.answer, r.Inputs[input]); err != nil {
		return err
	}
	for step := 1; step <= r.Net.Steps; step++ {
		if err := errors.Join(r.session.Readout(step, r.readout), r.fast.Readout(step, r.answer)); err != nil {
			return err
		}
		for i, want := range r.readout {
			if got := r.answer[i]; math.Float32bits(got) != math.Float32bits(want) {
				return fmt.Errorf("export: sample %d: output %d after step %d is %v as runtime runs the network, and %v as it is specified: a bug in ann2snn", input, i, step, got, want)
			}
		}
	}
	return nil
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
	for i, x := range got {
		if k := want[i]; x != k || math.IsNaN(x) {
			return r.differ(input, "output "+strconv.Itoa(i), x, k)
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
