package budget

import (
	"errors"
	"math"
	"runtime/debug"
	"testing"
)

// fake is a budget of a heap that holds garbage in addition to what lives.
func fake(limit, live, garbage int64) *Budget {
	b := New(limit, func() { garbage = 0 })
	b.use = func() int64 { return live + garbage }
	return b
}

func TestAsk(t *testing.T) {
	const mb = 1 << 20
	for _, tt := range []struct {
		limit, live, garbage, want int64
		granted                    bool
	}{
		{100 * mb, 0, 0, 100 * mb, true},
		{100 * mb, 0, 0, 100*mb + 1, false},
		{100 * mb, 60 * mb, 0, 50 * mb, false},
		{100 * mb, 40 * mb, 60 * mb, 50 * mb, true}, // what is garbage goes
		{100 * mb, 200 * mb, 0, 50 * mb, false},
		{1 * mb, 0, 0, 2 * mb, false},
		{100 * mb, 0, 0, math.MaxInt64, false},
		{100 * mb, 0, 0, 0, true},
	} {
		err := fake(tt.limit, tt.live, tt.garbage).Ask(tt.want, "the file")
		if (err == nil) != tt.granted || err != nil && !errors.As(err, new(*Error)) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	if err := (*Budget)(nil).Ask(math.MaxInt64, "anything"); err != nil {
		t.Error("no budget: ", err)
	}
}

// TestManySmallWishes: what is too little to look at the heap for each time adds up.
func TestManySmallWishes(t *testing.T) {
	b, held := New(64<<20, nil), int64(0)
	b.use = func() int64 { return held }
	for range 1 << 20 {
		if err := b.Ask(1<<10, "a node"); err != nil {
			if held < 40<<20 || held > 64<<20+stride {
				t.Errorf("refused at %d bytes", held)
			}
			return
		}
		held += 1 << 10
	}
	t.Error("a gigabyte is granted")
}

func TestErrorText(t *testing.T) {
	err := fake(4e9, 1.5e9, 0).Ask(20e9, "model.onnx")
	want := "model.onnx needs 20 GB of memory, and 1.5 GB of the 4 GB that the command may take are in use (try --max-memory, or a machine with more)"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestTimes(t *testing.T) {
	for _, tt := range []struct {
		factors []int
		want    int64
	}{{nil, 1}, {[]int{3, 4}, 12}, {[]int{0, math.MaxInt}, 0}, {[]int{math.MaxInt, 2}, math.MaxInt64}, {[]int{1 << 31, 1 << 31, 4}, math.MaxInt64}} {
		if got := Times(tt.factors...); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.factors, got, tt.want)
		}
	}
}

// TestHeap: the heap of this program grows by what it holds and shrinks by what it drops.
func TestHeap(t *testing.T) {
	const size = 64 << 20
	debug.FreeOSMemory()
	before := heap()
	held := make([]byte, size)
	if grown := heap() - before; grown < size || grown > size+8<<20 {
		t.Errorf("grown by %d bytes", grown)
	}
	held = held[:0:0]
	debug.FreeOSMemory()
	if left := heap() - before; left > 8<<20 {
		t.Errorf("%d bytes stay, %d", left, len(held))
	}
}
