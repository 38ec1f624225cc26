package par

import (
	"context"
	goruntime "runtime"
	"sync"
	"sync/atomic"
)

// Workers returns how many goroutines can run at once.
func Workers() int { return goruntime.GOMAXPROCS(0) }

// For calls f for every i in [0, n), in rising order of start, on at most workers
// goroutines (all cores where workers is not positive), and waits for all of them.
// worker is below the number of goroutines: calls with the same worker never overlap,
// so it can index scratch memory. A panic in f is raised in the caller, as a *PanicError
// where it happened on another goroutine.
func For(n, workers int, f func(worker, i int)) {
	run(n, workers, func(worker, i int) bool {
		f(worker, i)
		return true
	})
}

// ForErr is For for work that can fail. It returns the error of the lowest i that
// failed; which one that is does not depend on timing, because all pieces before it have
// run. The context is checked before every piece. Its error is returned once it is done
// and no earlier piece failed.
func ForErr(ctx context.Context, n, workers int, f func(worker, i int) error) error {
	var (
		mu    sync.Mutex
		first = n
		err   error
	)
	run(n, workers, func(worker, i int) bool {
		e := ctx.Err()
		if e == nil {
			e = f(worker, i)
		}
		if e == nil {
			return true
		}
		mu.Lock()
		defer mu.Unlock()
		if i < first {
			first, err = i, e
		}
		return false
	})
	return err
}

// run hands out 0..n-1 in order until f returns false. As pieces are handed out in
// order, all those before a refused one have been started and are waited for.
func run(n, workers int, f func(worker, i int) bool) {
	if workers <= 0 {
		workers = Workers()
	}
	workers = min(workers, n)
	if workers <= 1 {
		for i := 0; i < n && f(0, i); i++ {
		}
		return
	}
	var (
		next   atomic.Int64
		failed atomic.Pointer[PanicError]
		group  sync.WaitGroup
	)
	for worker := range workers {
		group.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					next.Store(int64(n))
					failed.CompareAndSwap(nil, &PanicError{Value: v, Stack: stack()})
				}
			}()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if !f(worker, i) {
					next.Store(int64(n))
					return
				}
			}
		})
	}
	group.Wait()
	if p := failed.Load(); p != nil {
		panic(p)
	}
}

// PanicError is the panic of another goroutine, raised again in the caller of For or ForErr.
type PanicError struct {
	Value any    // as given to panic
	Stack []byte // of the goroutine that panicked
}

// Error describes the panic with its original stack.
func (p *PanicError) Error() string {
	text := "panic in a worker"
	switch v := p.Value.(type) {
	case error:
		text = v.Error()
	case string:
		text = v
	}
	return text + "\n\n" + string(p.Stack)
}

// Unwrap returns the panic's value where that is an error.
func (p *PanicError) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// stack is debug.Stack, cut to a size. It does without fmt, which would double the size of
// a small program.
func stack() []byte {
	buf := make([]byte, 1<<16)
	return buf[:goruntime.Stack(buf, false)]
}
