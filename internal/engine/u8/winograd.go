package u8

import (
	"ann2snn/internal/kernels/u8"
	"ann2snn/snn"
)

// wholeTiles widens a halo so that tiles of 2x2 output pixels need no borders.
func wholeTiles(halo [4]int, in, out snn.Shape, w *snn.Window) [4]int {
	halo[2] = max(halo[2], (out.H+1)/2*2+2-w.Pad[0]-in.H)
	halo[3] = max(halo[3], (out.W+1)/2*2+2-w.Pad[1]-in.W)
	return halo
}

// winogradOf returns the transform of a convolution where it is the faster way, or nil.
func (p *planner) winogradOf(layer int, c *conv) *u8.Winograd {
	if c.sparse != nil || int64(c.macs) > mostTried || !p.mayUseWinograd(layer) {
		return nil
	}
	op, _ := p.Layers[layer].Op.(snn.Conv)
	w := u8.NewWinograd(c.Conv, op.Window, p.weightsOf(layer).Q)
	if w == nil || p.options.Winograd != Always && !p.winogradPays(w, p.weightsOf(layer).Q) {
		return nil
	}
	return w
}

// winogradPays tries a convolution either way, with weights packed for the trial.
func (p *planner) winogradPays(w *u8.Winograd, weights []int8) bool {
	direct, either := *w.Conv, *w
	direct.Pack(weights)
	either.Conv = &direct
	return p.trials().WinogradPays(&either)
}

// winogradJob is a convolution by Winograd's method.
type winogradJob struct {
	conv *u8.Winograd
	call *u8.Call
	cuts int
	halo halo
}

func newWinogradJob(e *session, c *u8.Winograd, call *u8.Call, macs int, h halo) *winogradJob {
	j := &winogradJob{conv: c, call: call, cuts: max(1, min(macs/pieceMACs, c.Rows())), halo: h}
	if e.threads > 1 {
		j.cuts = min(c.Rows(), max(j.cuts, 2*e.threads))
	}
	return j
}

func (j *winogradJob) begin() {
	j.halo.clear()
	resetCut(j.call)
}

func (j *winogradJob) saturated() int64 { return cutBy(j.call) }

func (j *winogradJob) parts() int { return j.cuts }

func (j *winogradJob) run(w *u8.Worker, part int) {
	n := j.conv.Rows()
	w.Winograd(j.conv, j.call, n*part/j.cuts, n*(part+1)/j.cuts)
}
