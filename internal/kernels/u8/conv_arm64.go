//go:build !purego

package u8

// convArgs are the arguments of the micro-kernels. A Worker keeps them, so that calls
// allocate nothing.
type convArgs struct {
	tiles [4]convTile // by 16 lanes
}

// open has nothing to do: neurons fire in Go.
func (a *convArgs) open(*Call, *panel) {}

// convTileSDOT lists the micro-kernels for 1, 2, ... pixels and 16 output channels. They
// only store sums.
var convTileSDOT = []func(*convTile){convTileSDOT1, convTileSDOT2, convTileSDOT3, convTileSDOT4}

//go:noescape
func convTileSDOT1(t *convTile)

//go:noescape
func convTileSDOT2(t *convTile)

//go:noescape
func convTileSDOT3(t *convTile)

//go:noescape
func convTileSDOT4(t *convTile)

// convSDOT reads levels as signed bytes, so it serves levels of 7 bits.
func convSDOT(w *Worker, call *Call, part Part) {
	if call.Conv.in.most() > 127 || call.Conv.taps != nil {
		convPlain(w, call, part)
		return
	}
	w.convPanel(call, part, &summing{kernels: convTileSDOT, width: 16, row: call.Conv.Pixels()}, call.Sums == nil)
}
