package main

import (
	"context"
	"errors"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"

	"ann2snn/internal/budget"
)

// memoryFlag is how much memory a command may take for what its files ask for; zero means
// a share of what the machine gives it.
type memoryFlag int64

func (m *memoryFlag) Type() string { return "size" }

func (m *memoryFlag) String() string {
	if *m == 0 {
		return ""
	}
	return budget.Size(int64(*m))
}

// Set reads a number of bytes, or one with a unit such as 4GB or 512MiB.
func (m *memoryFlag) Set(text string) error {
	number := strings.TrimRight(text, "BKMGTbikmgt ")
	unit, ok := memoryUnits[strings.ToLower(strings.TrimSpace(text[len(number):]))]
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(n*unit >= 1 && n*unit < 1<<62) {
		return errors.New("a size is a number of bytes, such as 4GB or 512MiB")
	}
	*m = memoryFlag(n * unit)
	return nil
}

var memoryUnits = map[string]float64{
	"": 1, "b": 1,
	"k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// withBudget returns a context in which the command has its memory. The garbage collector
// works harder as it comes near, unless the user has set a limit for that.
func (a *app) withBudget(ctx context.Context) context.Context {
	limit := int64(a.memory)
	if limit == 0 {
		limit = shareOfMachine()
	}
	if os.Getenv("GOMEMLIMIT") == "" && limit < math.MaxInt64/2 {
		debug.SetMemoryLimit(limit + limit/8)
	}
	return budget.With(ctx, budget.New(limit, heap, debug.FreeOSMemory))
}

// forInspection returns a context for looking into a file, which is untrusted more often than
// others: it gets no more than a multiple of its size.
func (a *app) forInspection(ctx context.Context) context.Context {
	const times, spare = 16, 100e6
	if a.memory != 0 {
		return ctx
	}
	return budget.With(ctx, budget.Relative(spare, times, shareOfMachine(), heap, debug.FreeOSMemory))
}

// heap returns the bytes of the objects on the heap, garbage included.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// shareOfMachine is three quarters of the memory that the machine has, or that the process may
// take of it.
func shareOfMachine() int64 {
	least := int64(math.MaxInt64)
	for _, bytes := range memoryLimits() {
		if bytes > 0 {
			least = min(least, bytes)
		}
	}
	return least / 4 * 3
}
