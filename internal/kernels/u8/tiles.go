//go:build (amd64 || arm64) && !purego

package u8

// The structs of this file are the arguments of generated functions. The generator reads
// their layout from here. Offsets and strides count bytes. Fields that the functions change
// are not pointers: the garbage collector may look at the struct meanwhile.

// convTile asks for the sums of some tiles, m pixels each, in one panel of output
// channels.
type convTile struct {
	tiles int64 // counted down
	in    *uint8
	inOff *int64 // per pixel, where its window starts

	weights *int8
	step    int64  // from one quad of a panel's weights to the next
	run     int64  // length of a run of the window; a multiple of 4
	gaps    *int64 // after each run, the distance from its end to the next one
	runs    int64
	ahead   int64 // from the weights in use to those to fetch into the cache
	bias    *int32

	sums       *int32 // nil if the pixels fire, otherwise the place for their sums
	sumsStride int64

	out    *uint8
	outOff *int64 // per pixel
	mask   uint64 // of the panel's channels that exist
	res    *uint8 // residual levels, added with mult; may be nil
	resOff *int64 // per pixel
	mult   *int32
	mul    *float32
	add    *float32
	top    int64 // largest level that is stored

	// Working memory.
	left     int64 //nolint:unused // assembly counts runs with it
	gap      int64 //nolint:unused // offset in gaps, for assembly
	pixelAt  int64 // 8 times the pixels done; starts at 0
	sumsAt   int64 // offset of the tile's sums; starts at 0
	aheadNow int64 //nolint:unused // where assembly fetches next
}

// convBlocksTile asks for the sums of pairs of blocks of pixels, in one panel of output
// channels and some steps. The windows of a block's pixels, at most 16, lie evenly.
type convBlocksTile struct {
	shapes   [64]uint8 // of the tile registers, as LDTILECFG takes them
	in       *uint8
	inStep   int64      // from a step's map to the next one's
	inStride int64      // from a pixel's window to the next one's
	pairs    *blockPair // at least one
	pairsEnd int64      // their length in bytes

	chunks      *int64 // where the parts of a window start
	chunksEnd   int64  // length of chunks in bytes
	weights     *int8
	weightsStep int64 // from the weights of a chunk to those of the next
	quadStep    int64 // from a quad's weights to the next one's
	lanesEnd    int64 // 4 times the panel's lanes
	ahead       int64 // from the panel's weights to those of the next panel
	bias        *int32
	later       *int32 // biases of steps after the first

	sums       *int32
	sumsStride int64 // from a pixel to the next
	sumsStep   int64 // from a step to the next
	steps      int64 // at least 1

	// Working memory.
	lane     int64 // 4 times the lanes done; starts at 0
	left     int64 //nolint:unused // assembly counts steps with it
	inAt     int64 //nolint:unused // offset of the step's map
	sumsAt   int64 //nolint:unused // offset of the step's sums
	biasNow  int64 //nolint:unused // address of the step's biases
	pairsNow int64 //nolint:unused // offset of the next pair
	aheadNow int64 //nolint:unused // from the weights in use to those after them
	turn     int64 //nolint:unused // assembly's choice of what to fetch
}

// blockPair is where the first windows of two blocks start, and where their sums are stored,
// in bytes.
type blockPair struct{ in, sums [2]int64 }

// fireTile asks for the levels of a few rows of currents, in some steps.
type fireTile struct {
	sums       *int32
	sumsStride int64 // from a row to the next
	sumsStep   int64 // from a step to the next
	rows       int64 // at least 1; counted down
	steps      int64 // at least 1

	out     *uint8
	outStep int64
	outOff  *int64 // per row
	mask    uint64 // of the channels that exist
	res     *uint8 // residual levels, added with mult; may be nil
	resStep int64
	resOff  *int64 // per row
	mult    *int32

	v, n        *int32 // membrane potentials and running totals; nil: they start at 0 and are not stored
	stateStride int64  // 0 without them
	mul, add    *float32
	theta       *int32
	caps        *int32 // of the totals after the step
	capsStep    int64
	rho         int64
	shift       int64  // log2(rho), for kernels that take a power of two
	zero        int64  // stored form of level 0
	top         int64  // largest level that is stored
	drop        int64  // zero*(rho-1)
	cuts        *int32 // of a register's lanes, counts that grow where levels are cut; may be nil
	minus       int64  // -1

	// Working memory.
	left    int64 //nolint:unused // assembly counts steps with it
	sumsAt  int64 // of the row's sums; starts at 0
	offAt   int64 // 8 times the rows done; starts at 0
	stateAt int64 // of the row's state; starts at 0
}

// mixTile asks for the currents that a few rows of sums become.
type mixTile struct {
	rows       int64 // at least 1
	sums       *int32
	sumsStride int64
	mult       *int32 // of the sums; nil: 1
	offset     *int32 // added to every row; may be nil
	plus       *int32 // added to them; may be nil
	plusStride int64  // 0 without plus
	plusMult   *int32 // of plus; nil: 1
}

// sparseTile asks for the sums of some pixels in one panel of output channels, from a list
// of groups of levels.
type sparseTile struct {
	pixels     int64   // at least 1
	slots      *int64  // per pixel, where its window starts, in pixels of the input
	before     *int32  // per pixel of the input, how many groups come before it
	values     *uint32 // of the groups
	places     *uint32 // of the groups, times 64
	runs       *int64  // of the window, in pixels from its start
	runsEnd    int64   // length of runs in bytes
	taps       int64   // 4 times the pixels in a run
	weights    *int8
	runStep    int64 // from the weights of a run to those of the next
	slotStep   int64 // from the weights of a pixel to those of the next
	start      *int32
	sums       *int32
	sumsStride int64
	zero       int64 // stored form of level 0
}

// shiftedTile asks for the sums, or the differences, of bytes and of shifted bytes.
type shiftedTile struct {
	dst, x, y *uint8
	end       int64 // bytes: a multiple of a register's, at least one
	shift     int64
	keep      int64 // the bits of a byte that survive the shift
	offset    int64 // added to every byte
}

// maxPoolTile asks for the maxima of some windows in as many channels as a register has
// bytes.
type maxPoolTile struct {
	in, out       *uint8
	inOff, outOff *int64 // per pixel
	pixels        int64  // at least 1
	taps          *int64 // of the window, from its first pixel
	tapsEnd       int64  // length of taps in bytes
	channel       int64
	mask          uint64 // of the channels that exist
}

// winogradInTile asks for the transforms of a row of 4x4 windows, two pixels apart, in
// at most 64 channels.
type winogradInTile struct {
	in       *uint8
	row      int64 // from a row of the map to the next
	pixel    int64 // from a pixel to the next
	out      *uint8
	position int64 // from a position of the transform to the next
	tile     int64 // from a window's output to the next one's
	tiles    int64 // at least 1
	mask     uint64
	offset   int64 // added to all positions but (1, 1)
}

// winogradOutTile asks for the currents that the products of a row of windows give, 16n
// channels.
type winogradOutTile struct {
	in       *int32
	position int64
	out      *int32 // of the upper left pixel; channels are contiguous, then pixels
	row      int64  // from a row of currents to the next
	tiles    int64  // at least 1
	bias     *int32
}

// quantiseTile asks for the levels of some real numbers, eight at a time.
type quantiseTile struct {
	src     *float32
	dst     *uint8
	eights  int64 // at least 1
	inverse float64
	shift   float64
	end     float64 // from which on all is above the largest level
	low     float64 // the least and the
	high    float64 // largest fraction of a level with which a product rounds as the quotient
	left    int64   // how many eights were not done: one of the first eight has to be divided
}

// peakTile asks for rounds of a loop that measures the peak throughput of an instruction.
type peakTile struct {
	loops int64 // at least 1
}
