package budget

import (
	"errors"
	"math"
	"testing"
)

// fake is a budget of a heap that holds garbage in addition to what lives.
func fake(limit, live, garbage int64) *Budget {
	return New(limit, func() int64 { return live + garbage }, func() { garbage = 0 })
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
	held := int64(0)
	b := New(64<<20, func() int64 { return held }, nil)
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
