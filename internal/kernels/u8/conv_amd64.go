//go:build !purego

package u8

// convArgs are the arguments of the micro-kernels. A Worker keeps them, so that calls
// allocate nothing.
type convArgs struct {
	tiles   [4]convTile // by 16 lanes
	fire    fireTile
	cuts    [16]int32
	mix     mixTile
	pool    maxPoolTile
	shifted shiftedTile

	sparse   sparseTile
	winograd winogradArgs
	blocks   blocksArgs

	ragged    [blockSums]uint8
	raggedOff [blockSums / 16]int64 // of its rows
}

// open prepares for firing the rows of a panel.
func (a *convArgs) open(call *Call, p *panel) { a.fire.prepare(call, p) }

// convAVX512 computes a whole panel at a time.
func convAVX512(w *Worker, call *Call, part Part) {
	c := call.Conv
	p := &c.panels[part.Panel]
	by := summing{kernels: convTileAVX512[p.vecs], width: 16 * p.vecs, row: c.Pixels()}
	switch {
	case c.rolls:
		by.kernels, by.row = rowsAVX512, c.out.W
	case c.taps != nil:
		by.kernels = depthwiseTileAVX512[4]
	}
	w.convPanel(call, part, &by, call.firesBy(false, p))
}

var rowsAVX512 = []func(*convTile){depthwiseTileRowAVX512}

// convAVX2 computes 16 channels at a time, as many as its registers hold, or 32 channels
// of a depthwise convolution.
func convAVX2(w *Worker, call *Call, part Part) {
	narrow, wide, width := convTileAVX2[1], convTileAVX2Wide[1], 16
	if call.Conv.taps != nil {
		narrow, wide, width = depthwiseTileAVX2[2], depthwiseTileAVX2Wide[2], 32
	}
	if call.Conv.in.most() > 127 {
		narrow = wide
	}
	w.convPanel(call, part, &summing{kernels: narrow, width: width, row: call.Conv.Pixels()}, call.firesBy(true, &call.Conv.panels[part.Panel]))
}
