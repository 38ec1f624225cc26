package u8

import "ann2snn/snn"

// The limits within which the method is exact: transformed weights are at most 9*14 in
// magnitude and fit int8, transformed levels are at most 4*63 after an offset and fit
// uint8.
const (
	winogradMaxWeight = 14
	winogradMaxLevel  = 63
)

// Winograd computes a Conv of 3x3 windows by Winograd's F(2x2, 3x3), with 2.25 times
// fewer multiplications, and gives the same bits. Weights are transformed with matrices
// doubled on either side: so all numbers are integers, and results are four times the sums.
type Winograd struct {
	*Conv
	high, wide int     // in tiles of 2x2 pixels
	depth      int     // input channels, filled up to quads
	weights    []int8  // by panel and position, packed as Conv packs
	correction []int32 // by position and lane: undoes the offset of the levels
	tileOff    []int64 // of a block's tiles
}

// NewWinograd transforms a convolution for the given weights, those of NewConv. It
// returns nil where the method is not exact or does not apply: the window has to be 3x3
// with stride 1, weights have to be within -14..14 and bytes within 0..63, and the input's
// halo has to round the map up to whole tiles.
func NewWinograd(c *Conv, window snn.Window, weights []int8) *Winograd {
	w := &Winograd{Conv: c, high: (c.out.H + 1) / 2, wide: (c.out.W + 1) / 2, depth: (c.in.C + 3) &^ 3}
	if !w.applies(&window, weights) {
		return nil
	}
	w.correction, w.weights = make([]int32, 16*len(c.lanes)), make([]int8, 16*len(c.lanes)*w.depth)
	fan := 9 * c.in.C
	for i := range c.panels {
		p := &c.panels[i]
		for j := range p.channels {
			w.packChannel(p, j, w.weights[16*p.lane*w.depth:], weights[(p.channel+j)*fan:][:fan])
		}
	}
	for i := range w.blockRows() * w.wide {
		w.tileOff = append(w.tileOff, int64(i*w.depth))
	}
	return w
}

func (w *Winograd) applies(window *snn.Window, weights []int8) bool {
	if len(weights) != 9*w.in.C*w.out.C || !WinogradServes(*window, weights) {
		return false
	}
	bottom := 2*w.high + 2 - window.Pad[0] - w.in.H
	right := 2*w.wide + 2 - window.Pad[1] - w.in.W
	return w.in.Halo[2] >= bottom && w.in.Halo[3] >= right && w.in.most() <= winogradMaxLevel
}

// WinogradServes reports whether Winograd's method is exact for a window and weights.
func WinogradServes(window snn.Window, weights []int8) bool {
	unit := [2]int{1, 1}
	if window.Kernel != [2]int{3, 3} || window.Stride != unit || window.Dilation != unit {
		return false
	}
	for _, x := range weights {
		if x < -winogradMaxWeight || x > winogradMaxWeight {
			return false
		}
	}
	return true
}

// panelLen is the length of a panel's weights at one position.
func (w *Winograd) panelLen(p *panel) int { return 16 * p.vecs * w.depth }

// blockRows is how many rows of tiles are computed together: enough to use every weight
// many times, few enough for the second-level cache.
func (w *Winograd) blockRows() int { return min(w.high, max(1, 48/w.wide)) }

func (w *Winograd) packChannel(p *panel, j int, to, weights []int8) {
	for c := range w.in.C {
		var window [9]int32
		for tap := range window {
			window[tap] = int32(weights[tap*w.in.C+c])
		}
		for position, x := range transformWeights(window) {
			to[position*w.panelLen(p)+c/4*64*p.vecs+4*j+c%4] = int8(x)
			if position != 5 {
				w.correction[position*len(w.lanes)+p.lane+j] -= w.offset() * x
			}
		}
	}
}

// offset makes transformed levels of -2Top..2Top unsigned. Position (1, 1) needs none.
func (w *Winograd) offset() int32 { return 2 * w.in.most() }

// transformWeights returns G g G' for twice the usual G, row by row.
func transformWeights(g [9]int32) [16]int32 {
	var rows [12]int32
	for x := range 3 {
		a, b, c := g[x], g[3+x], g[6+x]
		rows[x], rows[3+x], rows[6+x], rows[9+x] = 2*a, a+b+c, a-b+c, 2*c
	}
	var u [16]int32
	for y := range 4 {
		a, b, c := rows[3*y], rows[3*y+1], rows[3*y+2]
		u[4*y], u[4*y+1], u[4*y+2], u[4*y+3] = 2*a, a+b+c, a-b+c, 2*c
	}
	return u
}

// WeightLen returns the length of the transformed weights.
func (w *Winograd) WeightLen() int { return len(w.weights) }

// Rows returns the number of rows of tiles. They can be computed separately.
func (w *Winograd) Rows() int { return w.high }

// Winograd computes rows [from, to) of tiles of a call of c.Conv. Several time steps
// need Time.State. Sets without a kernel, and steps without an input of their own,
// compute the convolution directly, for which its weights have to be packed.
func (w *Worker) Winograd(c *Winograd, call *Call, from, to int) {
	if call.Time.steps() > 1 && call.Time.State == nil && call.Sums == nil {
		panic("u8: time steps by Winograd's method need a state")
	}
	if w.set.winograd != nil && call.steps() == call.Time.Inputs() {
		call.check()
		w.set.winograd(w, c, call, from, to)
		return
	}
	for panel := range c.panels {
		w.Conv(call, Part{panel, 2 * from * c.out.W, min(2*to, c.out.H) * c.out.W})
	}
}
