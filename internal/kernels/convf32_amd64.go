//go:build !purego

package kernels

import "math"

// convF32Args are the arguments of the micro-kernels: kept, so that calls allocate
// nothing.
type convF32Args struct {
	tile   convf32Tile
	each   eachf32Tile
	ragged [raggedPixels * 16]float32
}

// raggedPixels is how many pixels a panel that ends within a vector computes at a time
// where kernels store whole vectors: a multiple of what tiles hold.
const raggedPixels = 60

func (t *convf32Tile) prepare(c *convPartF32) {
	*t = convf32Tile{
		in: &c.src[c.panel.group], weights: &c.packed[c.panel.weights],
		run: int64(4 * c.run), gaps: &c.gaps[0], runs: int64(len(c.gaps)), bias: &c.bias[c.panel.lane],
		ahead: int64(4 * len(c.gaps) * c.run * c.set.vector * c.panel.vecs),
		out:   &c.dst.Data[c.panel.channel], outStride: int64(4 * c.dst.Stride),
		mask: lowBits(c.panel.channels), low: c.limits.Low, high: c.limits.High,
	}
}

// runF32 spreads pixels [from, to) evenly over tiles, so that none is left over: first
// tiles of some size, then tiles of one pixel less.
func (t *convf32Tile) runF32(kernels []func(*convf32Tile), p *placesF32, from, to int) {
	n := to - from
	tiles := pieces(n, len(kernels))
	m := pieces(n, tiles)
	t.inOff, t.pixelAt = &p.inOff[from], 0
	t.tiles = int64(n - tiles*(m-1))
	smaller := int64(tiles) - t.tiles
	kernels[m-1](t)
	if smaller > 0 {
		t.tiles = smaller
		kernels[m-2](t)
	}
}

func convF32AVX512(w *WorkerF32, c *convPartF32) {
	w.args.tile.prepare(c)
	w.args.tile.sumF32(convf32AVX512[c.panel.vecs], c)
}

// sumF32 computes a panel's pixels. Where its weights would have to be fetched from afar
// for every tile, it computes all tiles for one piece of the window after the other; what
// was summed lies in the output meanwhile, so bits do not change.
func (t *convf32Tile) sumF32(kernels []func(*convf32Tile), c *convPartF32) {
	width := c.set.vector * c.panel.vecs
	bytes := 4 * c.run * width
	if c.panel.channels < width || c.to-c.from <= len(kernels) || len(c.gaps)*bytes < farWeights {
		t.outAt = int64(c.from) * t.outStride
		t.runF32(kernels, &c.places, c.from, c.to)
		return
	}
	cuts := min(c.run, pieces(bytes, nearWeights))
	weights, at := c.packed[c.panel.weights:], c.panel.group
	t.runs, t.low, t.high = 1, float32(math.Inf(-1)), float32(math.Inf(1))
	for i, gap := range c.gaps {
		for cut := range cuts {
			from, to := c.run*cut/cuts, c.run*(cut+1)/cuts
			if i == len(c.gaps)-1 && cut == cuts-1 {
				t.low, t.high = c.limits.Low, c.limits.High
			}
			t.in, t.weights, t.run = &c.src[at+from], &weights[from*width], int64(4*(to-from))
			t.outAt = int64(c.from) * t.outStride
			t.runF32(kernels, &c.places, c.from, c.to)
			t.resume = 1
		}
		at, weights = at+c.run+int(gap/4), weights[c.run*width:]
	}
}

// convF32AVX2 stores whole vectors; a panel that ends within one, aside first.
func convF32AVX2(w *WorkerF32, c *convPartF32) {
	t, kernels := &w.args.tile, convf32AVX2[c.panel.vecs]
	t.prepare(c)
	width := 8 * c.panel.vecs
	if c.panel.channels == width {
		t.sumF32(kernels, c)
		return
	}
	t.outStride = int64(4 * width)
	for from := c.from; from < c.to; from += raggedPixels {
		to := min(c.to, from+raggedPixels)
		t.out, t.outAt = &w.args.ragged[0], 0
		t.runF32(kernels, &c.places, from, to)
		for i := range to - from {
			copy(c.dst.Data[(from+i)*c.dst.Stride+c.panel.channel:][:c.panel.channels], w.args.ragged[i*width:])
		}
	}
}

// windowF32AVX512 leaves eight channels that do not fill a vector to the narrower kernels,
// as they round otherwise than plain Go.
func windowF32AVX512(w *WorkerF32, f *windowPartF32) int {
	done := w.args.tile.fold(f, [...][][]func(*convf32Tile){depthwisef32AVX512[:], maxf32AVX512[:], sumf32AVX512[:]}[f.kind], 0, 16)
	return w.args.tile.fold(f, narrowFolds[f.kind], done, 8)
}

func windowF32AVX2(w *WorkerF32, f *windowPartF32) int {
	return w.args.tile.fold(f, narrowFolds[f.kind], 0, 8)
}

var narrowFolds = [...][][]func(*convf32Tile){depthwisef32AVX2[:], maxf32AVX2[:], sumf32AVX2[:]}

// foldPixels is how many elements of a map the channels of a block of pixels have, about:
// as many as stay in a first-level cache while vector after vector is folded.
const foldPixels = 4 << 10

// fold folds the channels from the given one on that fill a vector, and returns the first
// one that is left.
func (t *convf32Tile) fold(f *windowPartF32, kernels [][]func(*convf32Tile), first, vector int) int {
	*t = convf32Tile{
		step: int64(4 * f.places.in.C), gaps: &f.taps[0], runs: int64(len(f.taps)),
		outStride: int64(4 * f.dst.Stride), mask: math.MaxUint64, low: f.limits.Low, high: f.limits.High,
	}
	pixels, whole := len(f.places.inOff), first+(f.places.in.C-first)/vector*vector
	blocks := pieces(pixels, max(16, foldPixels/f.places.in.C))
	for i := range blocks {
		for c := first; c < whole; c += 2 * vector {
			n := min(2, (whole-c)/vector)
			t.in, t.out = &f.src[c], &f.dst.Data[c]
			if f.kind == foldDepthwise {
				t.weights, t.bias = &f.weights[c], &f.bias[c]
			}
			from, to := pixels*i/blocks, pixels*(i+1)/blocks
			t.outAt = int64(from) * t.outStride
			t.runF32(kernels[n], &f.places, from, to)
		}
	}
	return whole
}

// transposeAVX2 serves sets with wider registers, too: memory bounds it.
func transposeAVX2(dst, src []float32, rows, cols, toStep, fromStep int) {
	const block = 8
	down, across := rows/block, cols/block
	if down == 0 || across == 0 {
		transposePlain(dst, src, rows, cols, toStep, fromStep)
		return
	}
	t := transposeTile{dst: &dst[0], src: &src[0], toStep: int64(4 * toStep), fromStep: int64(4 * fromStep), down: int64(down), across: int64(across)}
	_, _ = dst[(across*block-1)*toStep+down*block-1], src[(down*block-1)*fromStep+across*block-1]
	transposef32AVX2(&t)
	if done := down * block; done < rows {
		transposePlain(dst[done:], src[done*fromStep:], rows-done, across*block, toStep, fromStep)
	}
	if done := across * block; done < cols {
		transposePlain(dst[done*toStep:], src[done:], rows, cols-done, toStep, fromStep)
	}
}

// prepare points t at the vectors of n elements and returns how many elements they hold.
func (t *eachf32Tile) prepare(dst, a, b []float32, limits LimitsF32, vector int) int {
	vectors := len(dst) / vector
	if vectors > 0 {
		*t = eachf32Tile{dst: &dst[0], a: &a[0], b: &b[0], vectors: int64(vectors), low: limits.Low, high: limits.High}
	}
	return vectors * vector
}

func (w *WorkerF32) each(kernel func(*eachf32Tile), dst, a, b []float32, limits LimitsF32, vector int) int {
	done := w.args.each.prepare(dst, a, b, limits, vector)
	if done > 0 {
		kernel(&w.args.each)
	}
	return done
}

func addAVX512(w *WorkerF32, dst, a, b []float32, limits LimitsF32) int {
	return w.each(addf32AVX512, dst, a, b, limits, 16)
}

func addAVX2(w *WorkerF32, dst, a, b []float32, limits LimitsF32) int {
	return w.each(addf32AVX2, dst, a, b, limits, 8)
}

func clampAVX512(w *WorkerF32, dst, src []float32, limits LimitsF32) int {
	return w.each(clampf32AVX512, dst, src, src, limits, 16)
}

func clampAVX2(w *WorkerF32, dst, src []float32, limits LimitsF32) int {
	return w.each(clampf32AVX2, dst, src, src, limits, 8)
}
