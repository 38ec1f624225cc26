package eval_test

import (
	"testing"
	"time"

	"ann2snn/internal/eval"
)

// TestMeasure: runs to warm up count for nothing, slow ones move no median, and the number of
// runs is bounded on both sides.
func TestMeasure(t *testing.T) {
	for _, test := range []struct {
		name         string
		timing       eval.Timing
		runs         int
		least, whole float64 // the fastest run and the median, in ms
	}{
		{"as many as fit", eval.Timing{Warmup: 2, Fewest: 3, Span: 35 * time.Millisecond}, 7, 5, 5},
		{"fewest", eval.Timing{Warmup: 2, Fewest: 12, Span: time.Millisecond}, 12, 5, 5},
		{"most", eval.Timing{Warmup: 2, Fewest: 3, Most: 4, Span: time.Hour}, 4, 5, 5},
		{"one", eval.Timing{Fewest: 1, Most: 1}, 1, 1000, 1000},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock, runs := time.Unix(0, 0), 0
			times, err := test.timing.Measure(func() time.Time { return clock }, func() error {
				runs++
				took := 5 * time.Millisecond
				if runs <= 2 {
					took = time.Second // the first runs are slow
				}
				if runs == 6 && test.timing.Most != 4 {
					took = 6 * time.Millisecond
				}
				clock = clock.Add(took)
				return nil
			})
			if err != nil || len(times) != test.runs || runs != test.runs+test.timing.Warmup {
				t.Fatalf("%d runs, %d of them timed, %v", runs, len(times), err)
			}
			if least, median := eval.Quantile(times, 0), eval.Quantile(times, 0.5); least != test.least || median != test.whole {
				t.Errorf("least %v ms, median %v ms", least, median)
			}
		})
	}
}
