// Package budget bounds the memory that a command takes for what its files ask for. Whoever
// is about to allocate as much as a file says asks first: a few bytes can describe more than
// a machine has, and Go ends a program that runs out of memory without a word to its user.
//
// A budget travels in the context. Without one there is no bound.
package budget

import (
	"context"
	"math"
	"strconv"
	"sync"
)

// Budget is a bound of the memory of a program, in bytes.
type Budget struct {
	limit   int64
	use     func() int64 // bytes of the objects on the heap, garbage included
	collect func()       // takes the garbage out; may be nil

	times, most int64 // of a budget that follows the size of files, see Relative

	mu    sync.Mutex
	asked int64 // bytes that were granted since the heap was looked at
}

// stride is how many bytes are granted before the heap is looked at again.
const stride = 16 << 20

// New returns a budget of so many bytes. use returns the bytes of the objects on the heap,
// garbage included; collect takes the garbage out of the memory, as debug.FreeOSMemory does.
// Both are given, as what looks at the heap would add 20 KB to small programs, which have no
// budget.
func New(limit int64, use func() int64, collect func()) *Budget {
	return &Budget{limit: limit, use: use, collect: collect}
}

// Relative returns a budget of some bytes and so many times the size of every file that is
// opened, see [Budget.Opened], and of no more than most bytes.
func Relative(spare, times, most int64, use func() int64, collect func()) *Budget {
	b := New(min(spare, most), use, collect)
	b.times, b.most = times, most
	return b
}

// Opened says that a file of so many bytes is going to be read.
func (b *Budget) Opened(bytes int64) {
	if b == nil || b.times == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if bytes > (b.most-b.limit)/b.times {
		b.limit = b.most
		return
	}
	b.limit += bytes * b.times
}

type key struct{}

// With returns a context that carries a budget.
func With(ctx context.Context, b *Budget) context.Context { return context.WithValue(ctx, key{}, b) }

// Error says that something wants more memory than is left of a budget.
type Error struct {
	What        string // what wants it, as the user knows it
	Bytes       int64  // how much it wants
	Used, Limit int64  // of the budget
}

func (e *Error) Error() string {
	return e.What + " needs " + Size(e.Bytes) + " of memory, and " + Size(e.Used) + " of the " + Size(e.Limit) +
		" that the command may take are in use (try --max-memory, or a machine with more)"
}

// From returns the budget of a context, nil where it has none.
func From(ctx context.Context) *Budget {
	b, _ := ctx.Value(key{}).(*Budget)
	return b
}

// Ask asks the context's budget, see [Budget.Ask].
func Ask(ctx context.Context, bytes int64, what string) error { return From(ctx).Ask(bytes, what) }

// Ask asks for so many bytes, which are going to be held beside what the program holds. what
// says what they are for, in the user's words. The error is an [*Error]. A nil budget grants
// everything.
func (b *Budget) Ask(bytes int64, what string) error {
	if b == nil || bytes <= 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if bytes <= b.limit && b.asked+bytes < min(stride, b.limit/4) {
		b.asked += bytes
		return nil
	}
	used := b.use()
	if bytes > b.limit-used && b.collect != nil {
		b.collect()
		used = b.use()
	}
	if bytes > b.limit-used {
		return &Error{What: what, Bytes: bytes, Used: used, Limit: b.limit}
	}
	b.asked = 0
	return nil
}

// Times multiplies sizes that are not negative; what overflows is as much as can be asked for.
func Times(factors ...int) int64 {
	n := int64(1)
	for _, f := range factors {
		if f != 0 && n > math.MaxInt64/int64(f) {
			return math.MaxInt64
		}
		n *= int64(f)
	}
	return n
}

// Size writes a number of bytes for people.
func Size(bytes int64) string {
	for _, u := range units {
		if bytes >= u.bytes {
			return strconv.FormatFloat(float64(bytes)/float64(u.bytes), 'g', 3, 64) + " " + u.name
		}
	}
	if bytes == 1 {
		return "1 byte"
	}
	return strconv.FormatInt(bytes, 10) + " bytes"
}

var units = []struct {
	name  string
	bytes int64
}{{"EB", 1e18}, {"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}}
