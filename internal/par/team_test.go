package par_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"ann2snn/internal/par"
)

func TestTeamVisitsEveryIndexOnce(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 7} {
		visits := make([]atomic.Int32, 50)
		team := par.NewTeam(workers, func(_, i int) { visits[i].Add(1) })
		const rounds = 300
		for round := range rounds {
			if round == rounds/2 {
				time.Sleep(20 * time.Millisecond) // the members fall asleep
			}
			team.Do(len(visits))
			team.Do(0)
		}
		team.Close()
		for i := range visits {
			if n := visits[i].Load(); n != rounds {
				t.Errorf("%d workers: index %d was visited %d times in %d rounds", workers, i, n, rounds)
			}
		}
	}
}

func TestTeamWorkersDoNotOverlap(t *testing.T) {
	const workers = 4
	var busy [workers]atomic.Bool
	team := par.NewTeam(workers, func(worker, _ int) {
		if !busy[worker].CompareAndSwap(false, true) {
			t.Errorf("worker %d runs two pieces at once", worker)
		}
		busy[worker].Store(false)
	})
	defer team.Close()
	for range 100 {
		team.Do(20)
	}
}

func TestTeamPanicReachesTheCaller(t *testing.T) {
	cause := errors.New("broken invariant")
	team := par.NewTeam(3, func(_, i int) {
		if i == 5 {
			panic(cause)
		}
	})
	defer team.Close()
	for range 3 {
		func() {
			defer func() {
				if p, ok := recover().(*par.PanicError); !ok || !errors.Is(p, cause) {
					t.Fatalf("recovered %v, want a *par.PanicError around the cause", p)
				}
			}()
			team.Do(8)
			t.Fatal("Do returned in spite of the panic")
		}()
		team.Do(4) // and the team works on
	}
}

func TestTeamAllocatesNothing(t *testing.T) {
	var sum atomic.Int64
	team := par.NewTeam(2, func(_, i int) { sum.Add(int64(i)) })
	defer team.Close()
	if n := testing.AllocsPerRun(100, func() { team.Do(10) }); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}
