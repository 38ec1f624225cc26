//go:build !purego

package kernels

// conv8Args are the arguments of the micro-kernels: kept, so that calls allocate nothing.
type conv8Args struct {
	tiles   [4]conv8Tile // by 16 lanes
	fire    fire8Tile
	cuts    [16]int32
	mix     mix8Tile
	pool    maxPool8Tile
	shifted shifted8Tile

	sparse   sparse8Tile
	winograd winogradArgs
	blocks   blocks8Args

	ragged    [blockSums]uint8
	raggedOff [blockSums / 16]int64 // of its rows
}

// open prepares for firing the rows of a panel.
func (a *conv8Args) open(call *Call8, p *panel8) { a.fire.prepare(call, p) }

// convAVX512 computes a whole panel at a time.
func convAVX512(w *Worker8, call *Call8, part Part8) {
	c := call.Conv
	p := &c.panels[part.Panel]
	by := summing{kernels: conv8AVX512[p.vecs], width: 16 * p.vecs, row: c.Pixels()}
	switch {
	case c.rolls:
		by.kernels, by.row = rowsAVX512, c.out.W
	case c.taps != nil:
		by.kernels = depthwise8AVX512[4]
	}
	w.convPanel(call, part, &by, call.firesBy(false, p))
}

var rowsAVX512 = []func(*conv8Tile){depthwise8RowAVX512}

// convAVX2 computes 16 channels at a time, as many as its registers hold, or 32 channels
// of a depthwise convolution.
func convAVX2(w *Worker8, call *Call8, part Part8) {
	narrow, wide, width := conv8AVX2[1], conv8AVX2Wide[1], 16
	if call.Conv.taps != nil {
		narrow, wide, width = depthwise8AVX2[2], depthwise8AVX2Wide[2], 32
	}
	if call.Conv.in.most() > 127 {
		narrow = wide
	}
	w.convPanel(call, part, &summing{kernels: narrow, width: width, row: call.Conv.Pixels()}, call.firesBy(true, &call.Conv.panels[part.Panel]))
}

// convAVXVNNI is convAVX2 with an instruction that serves all levels.
func convAVXVNNI(w *Worker8, call *Call8, part Part8) {
	kernels, width := conv8AVXVNNI[1], 16
	if call.Conv.taps != nil {
		kernels, width = depthwise8AVXVNNI[2], 32
	}
	w.convPanel(call, part, &summing{kernels: kernels, width: width, row: call.Conv.Pixels()}, call.firesBy(true, &call.Conv.panels[part.Panel]))
}
