package eval

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ann2snn/calibrate"
	"ann2snn/internal/ann"
	"ann2snn/runtime"
)

// TimeNote says what every time per sample is, whichever command prints it.
const TimeNote = "the median over runs of one sample at a time on one thread, nothing counted, preprocessing excluded"

// Timing says how often to run what is timed.
type Timing struct {
	Warmup int           // runs that are not timed
	Fewest int           // timed runs at least,
	Most   int           // and at most; 0 for no bound
	Span   time.Duration // otherwise as many as fit
}

// Measure runs something again and again and returns how long each run took, in rising order.
func (t Timing) Measure(now func() time.Time, run func() error) ([]time.Duration, error) {
	for range t.Warmup {
		if err := run(); err != nil {
			return nil, err
		}
	}
	var times []time.Duration
	for start := now(); ; {
		before := now()
		if err := run(); err != nil {
			return nil, err
		}
		after := now()
		times = append(times, after.Sub(before))
		if n := len(times); n == t.Most || n >= t.Fewest && after.Sub(start) >= t.Span {
			slices.Sort(times)
			return times, nil
		}
	}
}

// Quantile returns the time, in milliseconds, below which a share of the sorted times lie.
func Quantile(sorted []time.Duration, share float64) float64 {
	return sorted[int(share*float64(len(sorted)-1)+0.5)].Seconds() * 1000
}

// comparedTiming is how Compare times: long enough for a median, short against the comparison.
var comparedTiming = Timing{Warmup: 3, Fewest: 10, Most: 1000, Span: 100 * time.Millisecond}

// timedSamples is how many samples are run in turn, for times that depend on what they hold.
const timedSamples = 16

// times measures both networks, where there is a clock.
func (c *comparison) times(ctx context.Context) (t Time, err error) {
	t = Time{Threads: 1, CPU: c.CPU, Note: TimeNote}
	if c.Now == nil {
		return t, nil
	}
	in, err := c.timed()
	if err != nil {
		return t, err
	}
	if t.ANN, err = c.median(in, annRunner(ctx, c.ann)); err != nil {
		return t, fmt.Errorf("ANN: %w", err)
	}
	run := snnRunner(ctx, c.plan.NewSession(runtime.SessionOptions{}), c.plan.OutLen())
	if t.SNN, err = c.median(in, run); err != nil {
		return t, fmt.Errorf("SNN: %w", err)
	}
	if c.early != nil {
		t.Whole = t.SNN
		if t.Early, err = c.earlyTime(ctx); err != nil {
			return t, fmt.Errorf("SNN with an early exit: %w", err)
		}
	}
	return t, nil
}

// annRunner returns a function that runs an ANN on a sample.
func annRunner(ctx context.Context, p *ann.Program) func(in []float32) error {
	return func(in []float32) error {
		_, err := p.Run(ctx, in, nil)
		return err
	}
}

// snnRunner returns a function that runs a session on a sample; outputs is the length of what it
// answers.
func snnRunner(ctx context.Context, s *runtime.Session, outputs int) func(in []float32) error {
	out := make([]float32, outputs)
	return func(in []float32) error {
		_, err := s.Run(ctx, out, in)
		return err
	}
}

// timed draws the samples that are run in turn.
func (c *comparison) timed() ([][]float32, error) {
	drawn := calibrate.Pick(c.Source, 0, 0, timedSamples)
	in := make([][]float32, drawn.Len())
	for i := range in {
		in[i] = make([]float32, c.plan.InLen())
		if _, err := drawn.Sample(i, in[i]); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// median times a network on samples in turn.
func (c *comparison) median(in [][]float32, run func([]float32) error) (float64, error) {
	turn := 0
	times, err := comparedTiming.Measure(c.Now, func() error {
		turn++
		return run(in[turn%len(in)])
	})
	if err != nil {
		return 0, err
	}
	return Quantile(times, 0.5), nil
}

// earlyTime is the mean over the samples, each taken to be as fast as the first one that was
// answered after the same step: how long an early exit takes depends on that alone.
func (c *comparison) earlyTime(ctx context.Context) (float64, error) {
	session, in, out := c.early.NewSession(1), make([]float32, c.plan.InLen()), make([]float32, c.plan.OutLen())
	sum := 0.0
	for step, n := range c.tally.exits.byStep {
		if n == 0 {
			continue
		}
		if _, err := c.Source.Sample(c.tally.exits.first[step], in); err != nil {
			return 0, err
		}
		median, err := c.median([][]float32{in}, func(in []float32) error {
			_, err := session.Run(ctx, out, in)
			return err
		})
		if err != nil {
			return 0, err
		}
		sum += float64(n) * median
	}
	return sum / float64(c.tally.samples), nil
}
