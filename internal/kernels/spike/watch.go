package spike

import "context"

// Watch lets long sums end early. A layer's work is its windows times their size, which a
// small file can make as large as it likes: the context is asked after every few million
// additions. What a sum that ended early leaves has no meaning. A nil Watch never ends one.
type Watch struct {
	ctx  context.Context
	left int // additions until the context is asked
	err  error
}

// watchStride is how many additions go without a look at the context: some milliseconds.
const watchStride = 1 << 22

// Begin starts a run.
func (w *Watch) Begin(ctx context.Context) { *w = Watch{ctx: ctx, left: watchStride} }

// Err returns why the run is to end, nil if it is not.
func (w *Watch) Err() error { return w.err }

// over counts additions that come next and reports whether they are wanted no more.
func (w *Watch) over(additions int) bool {
	if w == nil || w.ctx == nil {
		return false
	}
	if w.left -= additions; w.left > 0 {
		return w.err != nil
	}
	w.left = watchStride
	w.err = w.ctx.Err()
	return w.err != nil
}
