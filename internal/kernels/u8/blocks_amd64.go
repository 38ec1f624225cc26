//go:build !purego

package u8

import "encoding/binary"

// blocksArgs are the arguments of convTileBlocksAMX. A Worker keeps them, so that calls
// allocate nothing.
type blocksArgs struct {
	tile  convBlocksTile
	pairs []blockPair
	rows  int  // of the blocks
	half  bool // the last pair lacks its second block
}

// convAMX computes sums in tile registers where that is faster.
func convAMX(w *Worker, call *Call, part Part) {
	vectors := call.Conv.panels[part.Panel].vecs * (part.To - part.From) * call.steps()
	if !call.Conv.even.pays(vectors, !call.firesInTile()) {
		convAVX512(w, call, part)
		return
	}
	w.convPanel(call, part, &blocksAMX, call.Sums == nil)
}

var blocksAMX = summing{blocks: sumBlocksAMX}

// sumBlocksAMX computes the sums of pixels from..to-1 of a panel in some steps.
func sumBlocksAMX(w *Worker, call *Call, p *panel, step, steps, from, to int) {
	a, e := &w.conv.blocks, &call.Conv.even
	a.prepare(w, call, p, step, from)
	a.tile.steps = int64(steps)
	for at := from; at < to; {
		end := min(to, e.rowEnd(at))
		rows := min(blockRows, end-at)
		if rows != a.rows || len(a.pairs) == cap(a.pairs) && !a.half {
			a.run(e.chunk)
			a.rows = rows
		}
		for ; at < end; at += rows {
			pixel := min(at, end-rows) // the last block overlaps the one before
			a.add(call.Conv.inOff[pixel], int64(pixel-from)*a.tile.sumsStride)
		}
		at = end
	}
	a.run(e.chunk)
}

// prepare fills in what all blocks share.
func (a *blocksArgs) prepare(w *Worker, call *Call, p *panel, step, from int) {
	c := call.Conv
	e := &c.even
	if a.pairs == nil {
		a.pairs = make([]blockPair, 0, 64)
	}
	sums, stride := w.place(call, p, from, step)
	sumsStep := w.rows.sumsStep
	if call.Sums != nil {
		sumsStep = c.Pixels() * c.Lanes()
	}
	a.tile = convBlocksTile{
		in: &call.Src[step*c.in.Len()+p.group], inStep: int64(c.in.Len()), inStride: e.stride,
		chunks: &e.chunks[0], chunksEnd: int64(8 * len(e.chunks)),
		weights: &c.packed[p.weights], weightsStep: int64(16 * p.vecs * e.chunk), quadStep: int64(64 * p.vecs),
		lanesEnd: int64(64 * p.vecs), ahead: int64(len(c.gaps) * c.run * 16 * p.vecs), bias: &call.bias(step)[p.lane], later: &call.bias(step + 1)[p.lane],
		sums: &sums[0], sumsStride: int64(4 * stride), sumsStep: int64(4 * sumsStep),
	}
}

// add adds a block.
func (a *blocksArgs) add(in, sums int64) {
	if a.half {
		last := &a.pairs[len(a.pairs)-1]
		last.in[1], last.sums[1] = in, sums
	} else {
		a.pairs = append(a.pairs, blockPair{in: [2]int64{in, in}, sums: [2]int64{sums, sums}})
	}
	a.half = !a.half
}

// run computes the blocks that were added.
func (a *blocksArgs) run(chunk int) {
	if len(a.pairs) == 0 {
		return
	}
	a.shape(chunk)
	t := &a.tile
	t.pairs, t.pairsEnd, t.lane = &a.pairs[0], int64(32*len(a.pairs)), 0
	convTileBlocksAMX(t)
	a.pairs, a.half = a.pairs[:0], false
}

// shape sets the shapes of the tile registers, see LDTILECFG in Intel's Software
// Developer's Manual: sums, then windows, then weights.
func (a *blocksArgs) shape(chunk int) {
	shapes := &a.tile.shapes
	shapes[0] = 1 // the palette
	for i := range 8 {
		rows, bytes := a.rows, 64
		switch {
		case i >= 6:
			rows = chunk / 4
		case i >= 4:
			bytes = chunk
		}
		binary.LittleEndian.PutUint16(shapes[16+2*i:], uint16(bytes))
		shapes[48+i] = uint8(rows)
	}
}
