//go:build !purego

package f32

import (
	"math"

	"ann2snn/internal/kernels/geom"
)

// convArgs are the arguments of the micro-kernels. A Worker keeps them, so that calls
// allocate nothing.
type convArgs struct {
	tile   convTile
	each   eachTile
	ragged [raggedPixels * 16]float32
}

// raggedPixels is how many pixels a panel that ends within a vector computes at a time
// where kernels store whole vectors: a multiple of the pixels of every tile.
const raggedPixels = 60

func (t *convTile) prepare(c *convPart) {
	*t = convTile{
		in: &c.src[c.panel.group], weights: &c.packed[c.panel.weights],
		run: int64(4 * c.run), gaps: &c.gaps[0], runs: int64(len(c.gaps)), bias: &c.bias[c.panel.lane],
		ahead: int64(4 * len(c.gaps) * c.run * c.set.vector * c.panel.vecs),
		out:   &c.dst.Data[c.panel.channel], outStride: int64(4 * c.dst.Stride),
		mask: 1<<c.panel.channels - 1, low: c.limits.Low, high: c.limits.High,
	}
}

// runTiles computes pixels [from, to) by kernels for tiles of 1, 2, ... pixels.
func (t *convTile) runTiles(kernels []func(*convTile), p *places, from, to int) {
	size, large, small := geom.Tiles(to-from, len(kernels))
	t.inOff, t.pixelAt = &p.inOff[from], 0
	t.tiles = int64(large)
	kernels[size-1](t)
	if small > 0 {
		t.tiles = int64(small)
		kernels[size-2](t)
	}
}

func convAVX512(w *Worker, c *convPart) {
	w.args.tile.prepare(c)
	w.args.tile.sumTiles(convTileAVX512[c.panel.vecs], c)
}

// sumTiles computes a panel's pixels. Where the weights do not stay in the second-level
// cache from one tile to the next, it computes all tiles for one piece of the window after
// the other. Partial sums are kept in the output, in full, so bits do not change.
func (t *convTile) sumTiles(kernels []func(*convTile), c *convPart) {
	width := c.set.vector * c.panel.vecs
	bytes := 4 * c.run * width
	if c.panel.channels < width || c.to-c.from <= len(kernels) || len(c.gaps)*bytes < farWeights {
		t.outAt = int64(c.from) * t.outStride
		t.runTiles(kernels, &c.places, c.from, c.to)
		return
	}
	cuts := min(c.run, geom.Pieces(bytes, nearWeights))
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
			t.runTiles(kernels, &c.places, c.from, c.to)
			t.resume = 1
		}
		at, weights = at+c.run+int(gap/4), weights[c.run*width:]
	}
}

// convAVX2 stores whole vectors. A panel that ends within a vector is computed in working
// memory, from where its channels are copied.
func convAVX2(w *Worker, c *convPart) {
	t, kernels := &w.args.tile, convTileAVX2[c.panel.vecs]
	t.prepare(c)
	width := 8 * c.panel.vecs
	if c.panel.channels == width {
		t.sumTiles(kernels, c)
		return
	}
	t.outStride = int64(4 * width)
	for from := c.from; from < c.to; from += raggedPixels {
		to := min(c.to, from+raggedPixels)
		t.out, t.outAt = &w.args.ragged[0], 0
		t.runTiles(kernels, &c.places, from, to)
		for i := range to - from {
			copy(c.dst.Data[(from+i)*c.dst.Stride+c.panel.channel:][:c.panel.channels], w.args.ragged[i*width:])
		}
	}
}

// foldAVX512 leaves eight channels that do not fill a vector to the kernels of AVX2: these
// round as its own do, which plain Go does not.
func foldAVX512(w *Worker, f *foldPart) int {
	done := w.args.tile.fold(f, [...][][]func(*convTile){depthwiseTileAVX512[:], maxTileAVX512[:], sumTileAVX512[:]}[f.kind], 0, 16)
	return w.args.tile.fold(f, narrowFolds[f.kind], done, 8)
}

func foldAVX2(w *Worker, f *foldPart) int {
	return w.args.tile.fold(f, narrowFolds[f.kind], 0, 8)
}

var narrowFolds = [...][][]func(*convTile){depthwiseTileAVX2[:], maxTileAVX2[:], sumTileAVX2[:]}

// foldPixels is about how many elements a block of pixels has: as many as stay in a
// first-level cache while vector after vector of channels is folded.
const foldPixels = 4 << 10

// fold folds the channels from the given one on that fill a vector, and returns the first
// one that is left.
func (t *convTile) fold(f *foldPart, kernels [][]func(*convTile), first, vector int) int {
	*t = convTile{
		step: int64(4 * f.places.in.C), gaps: &f.taps[0], runs: int64(len(f.taps)),
		outStride: int64(4 * f.dst.Stride), mask: math.MaxUint64, low: f.limits.Low, high: f.limits.High,
	}
	pixels, whole := len(f.places.inOff), first+(f.places.in.C-first)/vector*vector
	for from, to := range geom.Split(pixels, max(16, foldPixels/f.places.in.C)) {
		for c := first; c < whole; c += 2 * vector {
			n := min(2, (whole-c)/vector)
			t.in, t.out = &f.src[c], &f.dst.Data[c]
			if f.kind == foldDepthwise {
				t.weights, t.bias = &f.weights[c], &f.bias[c]
			}
			t.outAt = int64(from) * t.outStride
			t.runTiles(kernels[n], &f.places, from, to)
		}
	}
	return whole
}

// transposeAVX2 serves sets with wider registers, too: memory is the limit.
func transposeAVX2(dst, src []float32, rows, cols, toStep, fromStep int) {
	const block = 8
	down, across := rows/block, cols/block
	if down == 0 || across == 0 {
		transposePlain(dst, src, rows, cols, toStep, fromStep)
		return
	}
	t := transposeTile{dst: &dst[0], src: &src[0], toStep: int64(4 * toStep), fromStep: int64(4 * fromStep), down: int64(down), across: int64(across)}
	_, _ = dst[(across*block-1)*toStep+down*block-1], src[(down*block-1)*fromStep+across*block-1]
	transposeTileAVX2(&t)
	if done := down * block; done < rows {
		transposePlain(dst[done:], src[done*fromStep:], rows-done, across*block, toStep, fromStep)
	}
	if done := across * block; done < cols {
		transposePlain(dst[done*toStep:], src[done:], rows, cols-done, toStep, fromStep)
	}
}

// prepare points t at the vectors of n elements and returns how many elements they hold.
func (t *eachTile) prepare(dst, a, b []float32, limits Limits, vector int) int {
	vectors := len(dst) / vector
	if vectors > 0 {
		*t = eachTile{dst: &dst[0], a: &a[0], b: &b[0], vectors: int64(vectors), low: limits.Low, high: limits.High}
	}
	return vectors * vector
}

func (w *Worker) each(kernel func(*eachTile), dst, a, b []float32, limits Limits, vector int) int {
	done := w.args.each.prepare(dst, a, b, limits, vector)
	if done > 0 {
		kernel(&w.args.each)
	}
	return done
}

func addAVX512(w *Worker, dst, a, b []float32, limits Limits) int {
	return w.each(addTileAVX512, dst, a, b, limits, 16)
}

func addAVX2(w *Worker, dst, a, b []float32, limits Limits) int {
	return w.each(addTileAVX2, dst, a, b, limits, 8)
}

func clampAVX512(w *Worker, dst, src []float32, limits Limits) int {
	return w.each(clampTileAVX512, dst, src, src, limits, 16)
}

func clampAVX2(w *Worker, dst, src []float32, limits Limits) int {
	return w.each(clampTileAVX2, dst, src, src, limits, 8)
}
