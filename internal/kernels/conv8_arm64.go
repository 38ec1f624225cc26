//go:build !purego

package kernels

// conv8Args are the arguments of the micro-kernels: kept, so that calls allocate nothing.
type conv8Args struct {
	tiles [4]conv8Tile // by 16 lanes
}

type (
	gemmArgs    struct{}
	convF32Args struct{}
	packArgs    struct{}
)

// open has nothing to do: neurons fire in Go.
func (a *conv8Args) open(*Call8, *panel8) {}

// conv8SDOT lists the micro-kernels for 1, 2, ... pixels and 16 output channels. They
// only store sums.
var conv8SDOT = []func(*conv8Tile){conv8SDOT1, conv8SDOT2, conv8SDOT3, conv8SDOT4}

//go:noescape
func conv8SDOT1(t *conv8Tile)

//go:noescape
func conv8SDOT2(t *conv8Tile)

//go:noescape
func conv8SDOT3(t *conv8Tile)

//go:noescape
func conv8SDOT4(t *conv8Tile)

// convSDOT takes levels as signed bytes, which serves 7 bits.
func convSDOT(w *Worker8, call *Call8, part Part8) {
	if call.Conv.in.most() > 127 || call.Conv.taps != nil {
		convPlain(w, call, part)
		return
	}
	w.convPanel(call, part, &summing{kernels: conv8SDOT, width: 16, row: call.Conv.Pixels()}, call.Sums == nil)
}
