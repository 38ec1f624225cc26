package par_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"ann2snn/internal/par"
)

var workerCounts = []int{-1, 0, 1, 2, 3, 16, 1000}

func TestForVisitsEveryIndexOnce(t *testing.T) {
	for _, workers := range workerCounts {
		for _, n := range []int{0, 1, 2, 3, 100} {
			t.Run(fmt.Sprintf("workers=%d/n=%d", workers, n), func(t *testing.T) {
				visits := make([]atomic.Int32, n)
				par.For(n, workers, func(_, i int) { visits[i].Add(1) })
				for i := range visits {
					if got := visits[i].Load(); got != 1 {
						t.Errorf("index %d was visited %d times", i, got)
					}
				}
			})
		}
	}
}

func TestForWorkersDoNotOverlap(t *testing.T) {
	const workers = 4
	var busy [workers]atomic.Bool
	par.For(500, workers, func(worker, _ int) {
		if !busy[worker].CompareAndSwap(false, true) {
			t.Errorf("worker %d runs two pieces at once", worker)
		}
		busy[worker].Store(false)
	})
}

func TestForErrReturnsTheLowestError(t *testing.T) {
	for _, workers := range workerCounts {
		for range 50 {
			err := par.ForErr(context.Background(), 100, workers, func(_, i int) error {
				if i >= 17 && i%2 == 1 {
					return fmt.Errorf("piece %d", i)
				}
				return nil
			})
			if err == nil || err.Error() != "piece 17" {
				t.Fatalf("workers=%d: got error %v, want that of piece 17", workers, err)
			}
		}
	}
}

func TestForErrStopsWhenTheContextEnds(t *testing.T) {
	for _, workers := range []int{1, 4} {
		ctx, cancel := context.WithCancel(context.Background())
		var calls atomic.Int32
		err := par.ForErr(ctx, 1_000_000, workers, func(_, i int) error {
			calls.Add(1)
			if i == 10 {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("workers=%d: got error %v, want context.Canceled", workers, err)
		}
		if calls.Load() == 1_000_000 {
			t.Errorf("workers=%d: every piece ran though the context ended", workers)
		}
	}
}

func TestForErrSucceeds(t *testing.T) {
	if err := par.ForErr(context.Background(), 20, 3, func(_, _ int) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestPanicReachesTheCaller(t *testing.T) {
	cause := errors.New("broken invariant")
	defer func() {
		p, ok := recover().(*par.PanicError)
		if !ok || !errors.Is(p, cause) {
			t.Fatalf("recovered %v, want a *par.PanicError around the cause", p)
		}
		if !strings.Contains(p.Error(), "par_test.go") {
			t.Errorf("the message does not show where the worker panicked:\n%v", p)
		}
	}()
	par.For(8, 2, func(_, i int) {
		if i == 3 {
			panic(cause)
		}
	})
	t.Fatal("For returned in spite of the panic")
}
