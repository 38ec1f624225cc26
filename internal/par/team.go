package par

import (
	goruntime "runtime"
	"sync"
	"sync/atomic"
)

// Team is a set of goroutines for work in many short rounds. They stay between rounds: a
// round allocates nothing, and wakes no goroutine where it follows closely on the last.
type Team struct {
	f       func(worker, i int)
	members int // goroutines in addition to the caller of Do

	round   atomic.Uint32 // the number of the round; members wait for it to change
	next    atomic.Int64  // piece to hand out
	pieces  atomic.Int64
	working atomic.Int64 // members that have not finished the round
	failed  atomic.Pointer[PanicError]

	mu     sync.Mutex // for sleeping
	wake   sync.Cond
	asleep atomic.Int64
	closed atomic.Bool
}

// spins is how often a goroutine looks for what it waits for before it yields.
const spins = 1000

// NewTeam returns a team of workers that call f, numbered from 0; the caller of Do is one
// of them. Close ends the others.
func NewTeam(workers int, f func(worker, i int)) *Team {
	t := &Team{f: f, members: workers - 1}
	t.wake.L = &t.mu
	for worker := 1; worker < workers; worker++ {
		go t.serve(worker)
	}
	return t
}

// Do calls f for every i in [0, n), in rising order of start, and waits for all calls. A
// panic in f is raised here. Rounds must not overlap.
func (t *Team) Do(n int) {
	t.next.Store(0)
	t.pieces.Store(int64(n))
	t.working.Store(int64(t.members))
	t.begin()
	t.work(0)
	for i := 1; t.working.Load() > 0; i++ {
		if i%spins == 0 {
			goruntime.Gosched()
		}
	}
	if p := t.failed.Swap(nil); p != nil {
		panic(p)
	}
}

// begin wakes the members.
func (t *Team) begin() {
	t.round.Add(1)
	if t.asleep.Load() > 0 {
		t.mu.Lock()
		t.wake.Broadcast()
		t.mu.Unlock()
	}
}

// Close ends the members' goroutines. There must be no round after it.
func (t *Team) Close() {
	t.closed.Store(true)
	t.begin()
}

func (t *Team) serve(worker int) {
	for last := uint32(0); ; {
		last = t.await(last)
		if t.closed.Load() {
			return
		}
		t.work(worker)
		t.working.Add(-1)
	}
}

// await returns the number of the round after last once it has begun.
func (t *Team) await(last uint32) uint32 {
	for i := range 20 * spins {
		if now := t.round.Load(); now != last {
			return now
		}
		if i%spins == spins-1 {
			goruntime.Gosched()
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asleep.Add(1)
	defer t.asleep.Add(-1)
	for t.round.Load() == last {
		t.wake.Wait()
	}
	return t.round.Load()
}

// work does pieces of the round until none is left.
func (t *Team) work(worker int) {
	defer func() {
		if v := recover(); v != nil {
			t.next.Store(t.pieces.Load())
			t.failed.CompareAndSwap(nil, &PanicError{Value: v, Stack: stack()})
		}
	}()
	for {
		i := t.next.Add(1) - 1
		if i >= t.pieces.Load() {
			return
		}
		t.f(worker, int(i))
	}
}
