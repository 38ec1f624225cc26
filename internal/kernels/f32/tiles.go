//go:build amd64 && !purego

package f32

// The structs of this file are the arguments of generated functions. The generator reads
// their layout from here. Offsets and strides count bytes. Fields that the functions change
// are not pointers: the garbage collector may look at the struct meanwhile.

// gemmTile asks for a few rows of a product, one panel wide.
type gemmTile struct {
	start   *float32 // what a row's sums start from
	next    int64    // from a row's to the next one's
	a       *float32
	aStride int64 // from a row of A to the next
	b       *float32
	k       int64 // bytes of a row of A; at least 4
	c       *float32
	cStride int64
	mask    uint64 // of the columns that exist
	add     int64  // 1 adds to C, 0 sets it
}

// convTile asks for some tiles, m pixels each, of a panel of output channels: of a
// convolution, or of windows that are folded channel by channel.
type convTile struct {
	tiles int64 // counted down
	in    *float32
	inOff *int64 // per pixel, where its window starts

	weights *float32
	step    int64  // folded: from a tap's weights to the next one's
	run     int64  // length of a run of the window
	gaps    *int64 // after each run, the distance from its end to the next one; folded: where the taps lie
	runs    int64  // folded: taps
	ahead   int64  // from the weights in use to those to fetch into the cache
	bias    *float32
	resume  int64 // 1: sums start from what out holds, of all lanes; 0: from the bias

	out       *float32
	outStride int64  // from a pixel to the next
	mask      uint64 // of the panel's channels that exist
	low, high float32

	// Working memory.
	left    int64 //nolint:unused // assembly counts runs with it
	gap     int64 //nolint:unused // offset in gaps, for assembly
	pixelAt int64 // 8 times the pixels done; starts at 0
	outAt   int64 // offset of the tile's first pixel in out

	aheadNow int64 //nolint:unused // where assembly fetches next
}

// eachTile asks for some vectors of elements, one by one.
type eachTile struct {
	dst, a, b *float32
	vectors   int64 // at least 1
	low, high float32
}

// transposeTile asks for the transpose of a matrix, in blocks of eight by eight.
type transposeTile struct {
	dst, src         *float32
	toStep, fromStep int64 // in bytes
	down, across     int64 // blocks of src, at least 1
}

// peakTile asks for rounds of a loop that measures the peak throughput of an instruction.
type peakTile struct {
	loops int64 // at least 1
}
